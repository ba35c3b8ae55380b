"""Units: entered, moved and closed by the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import Organisation, User
from audit.models import Event
from operations.models import ManagedObject
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_entered_and_moved_with_all_below_it(
    sysadmin: User, card_unit: Organisation, branch: Organisation, other_branch: Organisation,
    signed_in: SignIn,
) -> None:  # fmt: skip
    """The path of everything below follows: people's scope is read from it."""
    client = signed_in(sysadmin)
    new = {"name": "沈阳铁西支行", "name_en": "", "kind": "bank_unit", "parent": card_unit.pk}
    assert client.post("/units/new/", new).status_code == 302
    made = Organisation.objects.get(name="沈阳铁西支行")
    assert made.path == f"{card_unit.path}{made.pk}/"
    moved = {"name": card_unit.name, "name_en": "", "kind": "bank_unit", "parent": other_branch.pk}
    assert client.post(f"/units/{card_unit.pk}/", moved).status_code == 302
    made.refresh_from_db()
    assert made.path == f"{other_branch.path}{card_unit.pk}/{made.pk}/"
    assert Event.objects.filter(action="accounts.unit_saved").count() == 2
    assert "沈阳铁西支行" in client.get("/units/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("name", "总行"), ("name", ""), ("kind", "spaceship"), ("parent", "0")]
)
def test_what_is_no_unit(
    sysadmin: User, bank: Organisation, signed_in: SignIn, field: str, value: str
) -> None:
    """A name given out already, an unknown kind, a parent that is not there."""
    form = {"name": "新部门", "name_en": "", "kind": "bank_unit", "parent": "", field: value}
    answer = signed_in(sysadmin).post("/units/new/", form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_unit_never_stands_below_itself(
    sysadmin: User, branch: Organisation, card_unit: Organisation, signed_in: SignIn
) -> None:
    form = {"name": branch.name, "name_en": "", "kind": "bank_unit", "parent": card_unit.pk}
    answer = signed_in(sysadmin).post(f"/units/{branch.pk}/", form)
    assert answer.status_code == 422
    branch.refresh_from_db()
    assert branch.parent_id != card_unit.pk


def test_closed_only_when_nothing_needs_it(
    sysadmin: User, reporter: User, branch: Organisation, card_unit: Organisation,
    system: ManagedObject, signed_in: SignIn, now: datetime,
) -> None:  # fmt: skip
    client, url = signed_in(sysadmin), f"/units/{card_unit.pk}/switch/"
    assert client.post(f"/units/{branch.pk}/switch/").status_code == 409  # a unit below it
    assert client.post(url).status_code == 409  # a person
    defect = submit_new(
        actor=reporter, now=now, reporter=reporter,
        form=DefectInput(
            title="查询超时", phenomenon="查询三个月以上的交易时页面超时", managed_object=system,
            contact_phone="024-22851234",
        ),
    )  # fmt: skip
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    refused = client.post(url)
    assert refused.status_code == 409
    assert str(defect.number) in refused.content.decode()
    type(defect).objects.filter(pk=defect.pk).delete()
    assert client.post(url).status_code == 302
    assert not Organisation.objects.get(pk=card_unit.pk).is_active
    assert client.post(url).status_code == 302
    assert Organisation.objects.get(pk=card_unit.pk).is_active


def test_nobody_else(
    secadmin: User, supervisor: User, bank: Organisation, signed_in: SignIn
) -> None:
    for person in (secadmin, supervisor):
        for url in ("/units/", "/units/new/", f"/units/{bank.pk}/"):
            assert signed_in(person).get(url).status_code == 403
        assert signed_in(person).post(f"/units/{bank.pk}/switch/").status_code == 403
