"""Accounts are kept by two administrators, none of whom does it for himself (三员分立)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.errors import NotForThisPerson, RoleClash
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import create_person, set_roles
from audit.models import Event
from tests.conftest import PASSWORD

SignedIn = Callable[[User], Client]
NEW = "Fresh-horse-9-battery"


def _roles(person: User) -> set[str]:
    return set(person.grants.values_list("role", flat=True))


def test_secadmin_gives_roles(signed_in: SignedIn, secadmin: User, reporter: User) -> None:
    """Replaced as a whole, and written into the trail."""
    url = f"/people/{reporter.pk}/roles/"
    assert signed_in(secadmin).post(url, {"roles": ["agent", "support"]}).status_code == 302
    assert _roles(reporter) == {"agent", "support"}
    event = Event.objects.get(action="accounts.roles_set")
    assert event.data == {"before": ["reporter"], "after": ["agent", "support"]}


@pytest.mark.parametrize("roles", [["auditor", "agent"], ["sysadmin", "secadmin"]])
def test_exclusive_roles_refused(
    signed_in: SignedIn, secadmin: User, reporter: User, roles: list[str]
) -> None:
    """With a message beside the field."""
    answer = signed_in(secadmin).post(f"/people/{reporter.pk}/roles/", {"roles": roles})
    assert answer.status_code == 422
    assert _roles(reporter) == {"reporter"}


def test_not_for_himself(signed_in: SignedIn, secadmin: User) -> None:
    """Nor for a second account of the same human."""
    browser = signed_in(secadmin)
    for path in ("roles", "password"):
        assert browser.post(f"/people/{secadmin.pk}/{path}/", {"roles": []}).status_code == 403
    twin = User.objects.create_user(
        "twin", name="冯安", staff_no=secadmin.staff_no, organisation=secadmin.organisation
    )
    assert browser.post(f"/people/{twin.pk}/roles/", {"roles": ["agent"]}).status_code == 403
    assert _roles(secadmin) == {"secadmin"}


def test_others_give_no_roles(
    signed_in: SignedIn, sysadmin: User, supervisor: User, auditor: User, reporter: User
) -> None:
    """Forged posts are refused, also below the page (I04)."""
    for person in (sysadmin, supervisor, auditor, reporter):
        url = f"/people/{reporter.pk}/roles/"
        assert signed_in(person).post(url, {"roles": ["agent"]}).status_code == 403
        with pytest.raises(NotForThisPerson):
            set_roles(actor=person, user=reporter, roles=["agent"])
    assert _roles(reporter) == {"reporter"}


def _form(unit: Organisation, **told: Any) -> dict[str, Any]:
    return {
        "username": "liming", "name": "李明", "staff_no": "N100", "organisation": unit.pk,
        "phone": "13800138001", "email": "", "password": NEW, "password_again": NEW, **told,
    }  # fmt: skip


def test_sysadmin_creates_accounts(
    signed_in: SignedIn, sysadmin: User, secadmin: User, card_unit: Organisation
) -> None:
    """Without roles; the new person can sign in and sees an empty desk."""
    assert signed_in(secadmin).get("/people/new/").status_code == 403
    assert signed_in(secadmin).post("/people/new/", _form(card_unit)).status_code == 403
    assert signed_in(sysadmin).post("/people/new/", _form(card_unit)).status_code == 302
    person = User.objects.get(username="liming")
    assert _roles(person) == set()
    browser = Client()
    browser.post("/login/", {"username": "liming", "password": NEW})
    assert browser.get("/").status_code == 200
    assert browser.get("/defects/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ZHANGLI"), ("username", "1x"), ("staff_no", "T001"),
        ("password_again", "other"),
        ("password", "short1A"), ("password", "liming12345"), ("phone", "abc"), ("name", ""),
    ],
)  # fmt: skip
def test_bad_accounts(
    signed_in: SignedIn, reporter: User, sysadmin: User, card_unit: Organisation,
    field: str, value: str,
) -> None:  # fmt: skip
    """Taken names and numbers, weak passwords, no phone."""
    reporter.staff_no = "T001"
    reporter.save()
    told = {field: value} | ({"password_again": value} if field == "password" else {})
    answer = signed_in(sysadmin).post("/people/new/", _form(card_unit, **told))
    assert answer.status_code == 422
    assert not User.objects.filter(staff_no="N100").exists()


def test_sysadmin_cannot_slip_in_roles(sysadmin: User, card_unit: Organisation) -> None:
    """Not even through the service."""
    with pytest.raises(NotForThisPerson):
        create_person(
            actor=sysadmin, username="x", name="李", staff_no="N1", organisation=card_unit,
            roles=["secadmin"], password=NEW,
        )  # fmt: skip


def test_turned_off(signed_in: SignedIn, sysadmin: User, secadmin: User, reporter: User) -> None:
    """The person is out at once; records keep the name (I16); nobody turns himself off."""
    browser = signed_in(reporter)
    url = f"/people/{reporter.pk}/switch/"
    assert signed_in(secadmin).post(url).status_code == 403
    assert signed_in(sysadmin).post(f"/people/{sysadmin.pk}/switch/").status_code == 403
    assert signed_in(sysadmin).post(url).status_code == 302
    assert browser.get("/").status_code == 302
    assert User.objects.filter(name="张丽", is_active=False).exists()
    signed_in(sysadmin).post(url)
    assert User.objects.get(pk=reporter.pk).is_active


def test_new_password_ends_log_ins(signed_in: SignedIn, secadmin: User, reporter: User) -> None:
    """And never appears in the trail."""
    browser = signed_in(reporter)
    url = f"/people/{reporter.pk}/password/"
    assert (
        signed_in(secadmin).post(url, {"password": NEW, "password_again": NEW}).status_code == 302
    )
    assert browser.get("/profile/").status_code == 302
    event = Event.objects.get(action="accounts.password_set")
    assert NEW not in f"{event.data}{event.opinion}{event.target_label}"


def test_own_password(signed_in: SignedIn, reporter: User) -> None:
    """With the present one; other browsers are signed out, this one stays."""
    here, there = signed_in(reporter), signed_in(reporter)
    url = "/profile/password/"
    wrong = here.post(url, {"present_password": "wrong", "password": NEW, "password_again": NEW})
    assert wrong.status_code == 422
    right = here.post(url, {"present_password": PASSWORD, "password": NEW, "password_again": NEW})
    assert right.status_code == 302
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


def test_people_by_pinyin(signed_in: SignedIn, secadmin: User, reporter: User, tech: User) -> None:
    """zl finds 张丽; phones are masked."""
    page = signed_in(secadmin).get("/people/?q=zl").content.decode()
    assert "张丽" in page
    assert "张伟" not in page
    assert "13800138000" not in page


def test_clash_in_the_service(secadmin: User, reporter: User) -> None:
    """The rule does not live in the form alone."""
    with pytest.raises(RoleClash):
        set_roles(actor=secadmin, user=reporter, roles=[Role.AUDITOR, Role.TECH])


COMMAND: dict[str, Any] = {
    "username": "boss", "name": "钱进", "staff_no": "A1", "organisation": "运维公司",
}  # fmt: skip


def test_first_admin(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each administrator role, the password from the environment."""
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", NEW)
    call_command("first_admin", **COMMAND)
    person = User.objects.get(username="boss")
    assert _roles(person) == {"sysadmin"}
    assert person.check_password(NEW)
    with pytest.raises(CommandError, match="already"):
        call_command("first_admin", **{**COMMAND, "username": "boss2", "staff_no": "A2"})
    call_command("first_admin", role="auditor", **{**COMMAND, "username": "eye", "staff_no": "A3"})
    assert User.objects.count() == 2


@pytest.mark.parametrize("password", ["short1A!", "12345678901", "boss-boss-boss"])
def test_first_admin_with_a_weak_password(
    db: None, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """There is no default one, and a weak one is refused."""
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("first_admin", **COMMAND)
    assert not User.objects.exists()


def test_first_admin_asks(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the prompt, when nothing is given."""
    monkeypatch.delenv("FIRST_ADMIN_PASSWORD", raising=False)
    answers = iter(["root1", "钱进", "A1"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("first_admin", organisation="运维公司", role="secadmin")
    assert _roles(User.objects.get(username="root1")) == {"secadmin"}
