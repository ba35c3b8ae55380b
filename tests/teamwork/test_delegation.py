"""Acting in another's place (I15): who may pass on what, to whom, for how long, and who counts as
whom afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from accounts.models import DelegatedAct, Delegation, Organisation, RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from audit.verify import verify_chain
from notifications.models import Message
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tickets.models import Defect, SignOff
from tickets.services import execution, signoff
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LATER = timedelta(hours=6)  # the hour at which ``journey`` lets the clock stand


def pass_on(giver: User, receiver: User, now: datetime, **changes: Any) -> Delegation:
    """A delegation from now for a day, by the giver."""
    from teamwork.services.delegation import delegate

    values: dict[str, Any] = {
        "actor": giver, "giver": giver, "receiver": receiver, "role": "", "starts_at": now,
        "ends_at": now + timedelta(days=1), "reason": "年休假三天", **changes,
    }  # fmt: skip
    return delegate(now=now, **values)


def signature(defect: Defect, **changes: Any) -> dict[str, Any]:
    """The signing form as a browser posts it."""
    latest = defect.solutions.latest("version")
    return {
        "version": defect.row_version, "solution_hash": latest.content_hash,
        "password": PASSWORD, "opinion": "", **changes,
    }  # fmt: skip


def grant(person: User, role: str) -> User:
    """The same person with one role more, freshly read."""
    RoleGrant.objects.get_or_create(user=person, role=role)
    fresh: User = User.objects.get(pk=person.pk)
    return fresh


# --- making one ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("role", {"role": Role.TECH}),
        ("role", {"role": Role.SYSADMIN}),
        ("starts_at", {"starts_at": -timedelta(hours=1)}),
        ("ends_at", {"ends_at": timedelta(0)}),
        ("ends_at", {"ends_at": timedelta(days=91)}),
        ("reason", {"reason": "同上"}),
    ],
)
def test_what_is_not_a_delegation(
    supervisor: User, deputy: User, now: datetime, field: str, changes: dict[str, Any]
) -> None:
    """A role not held, an administrator's role, a past or empty or endless window, no reason."""
    moved = {k: now + v if isinstance(v, timedelta) else v for k, v in changes.items()}
    with pytest.raises(InvalidInput) as refusal:
        pass_on(supervisor, deputy, now, **moved)
    assert list(refusal.value.fields) == [field]
    assert not Delegation.objects.exists()
    assert not Message.objects.exists()


def test_nobody_acts_for_himself_nor_with_a_second_account(
    supervisor: User, make_person: Callable[..., User], company: Organisation, now: datetime
) -> None:
    second = make_person("chenming2", "陈明", company, Role.AGENT, staff_no=supervisor.staff_no)
    for receiver in (supervisor, second):
        with pytest.raises(InvalidInput) as refusal:
            pass_on(supervisor, receiver, now)
        assert "receiver" in refusal.value.fields


def test_who_may_receive(
    supervisor: User, reporter: User, outsider: User, teammate: User, sysadmin: User, deputy: User,
    now: datetime,
) -> None:  # fmt: skip
    """The desk within the desk, the bank within its unit, never an administrator."""
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    for receiver in (reporter, sysadmin, deputy):
        with pytest.raises(InvalidInput) as refusal:
            pass_on(supervisor, receiver, now)
        assert "receiver" in refusal.value.fields
    with pytest.raises(InvalidInput):
        pass_on(reporter, outsider, now)
    assert pass_on(reporter, teammate, now).roles() == {Role.REPORTER}


def test_administrators_pass_nothing_on_and_only_the_security_one_acts_for_the_absent(
    supervisor: User, deputy: User, sysadmin: User, secadmin: User, agent: User, now: datetime
) -> None:
    for actor in (sysadmin, agent):
        with pytest.raises(NotAllowed):
            pass_on(supervisor, deputy, now, actor=actor)
    with pytest.raises(NotAllowed):
        pass_on(sysadmin, deputy, now)
    with pytest.raises(InvalidInput):
        pass_on(sysadmin, deputy, now, actor=secadmin)
    row = pass_on(supervisor, deputy, now, actor=secadmin)
    assert (row.giver, row.made_by) == (supervisor, secadmin)


def test_one_stand_in_at_a_time_and_no_two_for_each_other(
    supervisor: User, deputy: User, support: User, now: datetime
) -> None:
    pass_on(supervisor, deputy, now, role=Role.SUPERVISOR)
    for role in ("", Role.SUPERVISOR):
        with pytest.raises(InvalidInput):
            pass_on(supervisor, support, now, role=role)
    with pytest.raises(InvalidInput) as refusal:
        pass_on(deputy, supervisor, now)
    assert "receiver" in refusal.value.fields
    tomorrow = now + timedelta(days=1)
    pass_on(supervisor, support, now, starts_at=tomorrow, ends_at=tomorrow + timedelta(days=1))
    assert Delegation.objects.count() == 2


def test_both_are_told_and_the_trail_says_it(supervisor: User, deputy: User, now: datetime) -> None:
    User.objects.filter(pk=deputy.pk).update(language="en")
    row = pass_on(supervisor, deputy, now, role=Role.SUPERVISOR)
    mine = Message.objects.get(recipient=deputy, channel="in_app")
    assert "You act for 陈明" in mine.subject
    assert "孙悦" in Message.objects.get(recipient=supervisor, channel="in_app").subject
    event = Event.objects.get(action="accounts.delegated")
    assert event.data["role"] == Role.SUPERVISOR
    assert event.target_id == str(row.pk)


def test_the_database_knows_no_window_backwards(
    supervisor: User, deputy: User, now: datetime
) -> None:
    with pytest.raises(IntegrityError):
        Delegation.objects.create(
            giver=supervisor, receiver=deputy, starts_at=now, ends_at=now, reason="倒着的时间段",
            made_by=supervisor, made_at=now,
        )  # fmt: skip


# --- acting -------------------------------------------------------------------------------------
def test_the_delegate_signs_and_both_names_are_kept(
    journey: Journey, deputy: User, signed_in: SignIn, now: datetime
) -> None:
    """代签: page, password of the one who signs, signature, timeline, trail, list for the giver."""
    defect = journey.pending_signoff()
    giver = journey.cast.supervisor
    client = signed_in(deputy)
    assert client.get("/sign-off/").status_code == 403
    row = pass_on(giver, deputy, now + LATER, role=Role.SUPERVISOR)
    inbox = client.get("/sign-off/").content.decode()
    assert f"/defects/{defect.key}/do/approve/" in inbox
    assert giver.audit_name in inbox
    url = f"/defects/{defect.key}/do/approve/"
    assert giver.audit_name in client.get(url).content.decode()
    assert client.post(url, signature(defect, password="wrong")).status_code == 422
    assert client.post(url, signature(defect)).status_code == 302
    signed = SignOff.objects.get()
    assert (signed.supervisor, signed.on_behalf_of) == (deputy, giver)
    event = Event.objects.get(action="defect.approve", outcome="done")
    assert (event.actor_name, event.on_behalf_of) == (deputy.audit_name, giver.audit_name)
    act = DelegatedAct.objects.get()
    assert (act.delegation, act.target_label) == (row, defect.number)
    User.objects.update(language="zh-hans")
    page = signed_in(journey.cast.tech).get(f"/defects/{defect.key}/").content.decode()
    assert "代签:孙悦 代 陈明" in page
    assert str(defect.number) in signed_in(giver).get("/delegations/").content.decode()
    assert verify_chain().intact


def test_the_window_begins_with_its_first_minute_and_ends_before_its_last(
    journey: Journey, deputy: User, signed_in: SignIn, now: datetime
) -> None:
    defect = journey.pending_signoff()
    start = now + LATER + timedelta(hours=1)
    end = start + timedelta(hours=1)
    pass_on(journey.cast.supervisor, deputy, now + LATER, starts_at=start, ends_at=end)
    url = f"/defects/{defect.key}/do/approve/"
    second = timedelta(seconds=1)
    found = []
    for moment in (start - second, start, end - second, end):
        with time_machine.travel(moment, tick=False):
            found.append(signed_in(deputy).get(url).status_code)
    assert found == [403, 200, 200, 403]
    with pytest.raises(NotAllowed):
        signoff.approve(
            defect, actor=deputy, now=end, solution_hash=defect.solutions.get().content_hash
        )


def test_only_the_role_that_was_passed_on(
    journey: Journey, deputy: User, tech2: User, now: datetime
) -> None:
    defect = journey.pending_signoff()
    grant(journey.cast.supervisor, Role.TECH)
    pass_on(journey.cast.supervisor, deputy, now + LATER, role=Role.TECH)
    with pytest.raises(NotAllowed) as refusal:
        _approve(journey, defect, deputy)
    assert refusal.value.code == "role"


def test_a_role_that_the_giver_lost_in_between_counts_no_more(
    journey: Journey, deputy: User, signed_in: SignIn, now: datetime
) -> None:
    defect = journey.pending_signoff()
    pass_on(journey.cast.supervisor, deputy, now + LATER)
    client, url = signed_in(deputy), f"/defects/{defect.key}/do/approve/"
    assert client.get(url).status_code == 200
    RoleGrant.objects.filter(user=journey.cast.supervisor).delete()
    assert client.post(url, signature(defect)).status_code == 403
    assert not SignOff.objects.exists()


def test_a_giver_whose_account_is_off_passes_nothing_on(
    journey: Journey, deputy: User, now: datetime
) -> None:
    defect = journey.pending_signoff()
    pass_on(journey.cast.supervisor, deputy, now + LATER)
    User.objects.filter(pk=journey.cast.supervisor.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        _approve(journey, defect, deputy)


def test_ended_between_the_page_and_the_signature(
    journey: Journey, deputy: User, signed_in: SignIn, now: datetime
) -> None:
    defect = journey.pending_signoff()
    row = pass_on(journey.cast.supervisor, deputy, now + LATER)
    client, url = signed_in(deputy), f"/defects/{defect.key}/do/approve/"
    assert client.get(url).status_code == 200
    giver = signed_in(journey.cast.supervisor)
    ending = f"/delegations/{row.pk}/end/"
    assert giver.get(ending).status_code == 200
    assert giver.post(ending, {"reason": "无"}).status_code == 422
    assert giver.post(ending, {"reason": "提前回来上班"}).status_code == 302
    assert client.post(url, signature(defect)).status_code == 403
    assert not SignOff.objects.exists()
    assert giver.post(ending, {"reason": "再结束一次"}).status_code == 409
    assert Message.objects.filter(recipient=deputy, dedupe_key__endswith=":ended").exists()
    assert Event.objects.filter(action="accounts.delegation_ended").count() == 1


def test_it_ends_under_the_lock_too(journey: Journey, deputy: User, now: datetime) -> None:
    """What the person's request remembered does not count: the step reads afresh."""
    from accounts.acting import stand_ins

    defect = journey.pending_signoff()
    row = pass_on(journey.cast.supervisor, deputy, now + LATER)
    person = User.objects.get(pk=deputy.pk)
    assert len(stand_ins(person)) == 1
    Delegation.objects.filter(pk=row.pk).update(ended_at=now + LATER)
    with pytest.raises(NotAllowed):
        _approve(journey, defect, person)


def test_it_is_never_chained(journey: Journey, deputy: User, support: User, now: datetime) -> None:
    """A → B → C: C gets what B holds himself, and B cannot pass on what he received."""
    defect = journey.pending_signoff()
    pass_on(journey.cast.supervisor, deputy, now + LATER)
    with pytest.raises(InvalidInput) as refusal:
        pass_on(deputy, support, now + LATER, role=Role.SUPERVISOR)
    assert "role" in refusal.value.fields
    pass_on(deputy, support, now + LATER)
    with pytest.raises(NotAllowed):
        _approve(journey, defect, support)
    _approve(journey, defect, deputy)


# --- four eyes ----------------------------------------------------------------------------------
def test_the_delegate_of_the_author_cannot_sign_even_as_a_supervisor(
    journey: Journey, deputy: User, now: datetime
) -> None:
    defect = journey.pending_signoff()
    own = grant(deputy, Role.SUPERVISOR)
    pass_on(journey.cast.tech, own, now + LATER)
    with pytest.raises(NotAllowed) as refusal:
        _approve(journey, defect, own)
    assert refusal.value.code == "four_eyes_author"


def test_the_author_cannot_sign_for_an_absent_supervisor(
    journey: Journey, signed_in: SignIn, now: datetime
) -> None:
    """Loop: A passes on to B, and B wrote the plan. B is refused for A, and so is A."""
    defect = journey.pending_signoff()
    pass_on(journey.cast.supervisor, journey.cast.tech, now + LATER)
    for person in (journey.cast.tech, journey.cast.supervisor):
        with pytest.raises(NotAllowed) as refusal:
            _approve(journey, defect, User.objects.get(pk=person.pk))
        assert refusal.value.code == "four_eyes_author"
    User.objects.update(language="en")
    page = signed_in(journey.cast.tech).get("/sign-off/").content.decode()
    assert "Acting for 陈明, you two count as one person." in page
    refused = Event.objects.filter(action="defect.approve", outcome="refused")
    assert refused.count() == 2


def test_the_giver_may_not_check_what_was_done_in_his_name(
    journey: Journey, deputy: User, now: datetime
) -> None:
    """The delegate signed for A; A, back at work, may not implement it: A and B are one pair."""
    giver = grant(journey.cast.supervisor, Role.IMPLEMENTER)
    defect = journey.pending_signoff(planned_implementer=journey.cast.implementer)
    row = pass_on(giver, deputy, now + LATER)
    defect = _approve(journey, defect, deputy)
    Delegation.objects.filter(pk=row.pk).update(ended_at=now + LATER)
    Defect.objects.filter(pk=defect.pk).update(implementer=giver)
    with pytest.raises(NotAllowed) as refusal:
        execution.start(
            defect,
            actor=User.objects.get(pk=giver.pk),
            now=journey.later(),
            backup="已备份到运维机",
        )
    assert refusal.value.code == "four_eyes_signer"


def test_a_second_account_of_the_author_is_no_better_as_giver(
    journey: Journey, deputy: User, make_person: Callable[..., User], company: Organisation,
    now: datetime,
) -> None:  # fmt: skip
    second = make_person(
        "zhangwei2", "张伟", company, Role.SUPERVISOR, staff_no=journey.cast.tech.staff_no
    )
    pass_on(second, deputy, now + LATER)
    with pytest.raises(NotAllowed) as refusal:
        _approve(journey, journey.pending_signoff(), deputy)
    assert refusal.value.code == "four_eyes_author"


def test_own_authority_comes_first(journey: Journey, deputy: User, now: datetime) -> None:
    own = grant(deputy, Role.SUPERVISOR)
    pass_on(journey.cast.supervisor, own, now + LATER)
    _approve(journey, journey.pending_signoff(), own)
    assert SignOff.objects.get().on_behalf_of is None


# --- what people see ----------------------------------------------------------------------------
def test_the_work_of_the_absent_stands_on_the_home_page(
    journey: Journey, deputy: User, signed_in: SignIn, now: datetime
) -> None:
    """代办: counted, and marked with the name."""
    User.objects.update(language="en")
    defect = journey.tech_processing()
    client = signed_in(deputy)
    assert client.get("/").context["items"] == []
    pass_on(journey.cast.tech, deputy, now + LATER)
    answer = client.get("/")
    assert [(item.number, item.on_behalf_of) for item in answer.context["items"]] == [
        (defect.number, "张伟")
    ]
    assert answer.context["held_for_others"] == 1
    assert answer.context["tabs"][0]["count"] == 1
    offers = client.get(f"/defects/{defect.key}/").context["offers"]
    assert "张伟" in {each.on_behalf_of.name for each in offers if each.on_behalf_of}


def test_messages_to_the_absent_reach_the_one_who_acts(
    journey: Journey, deputy: User, now: datetime
) -> None:
    defect = journey.tech_processing()
    pass_on(journey.cast.supervisor, deputy, now + LATER, role=Role.SUPERVISOR)
    journey.now = now + LATER
    journey.pending_signoff(defect)
    subject = Message.objects.get(
        recipient=deputy, channel="in_app", dedupe_key__contains=":sign:"
    ).subject
    assert "陈明" in subject
    assert str(defect.number) in subject


def test_a_bank_user_stands_in_within_the_unit(
    journey: Journey, teammate: User, signed_in: SignIn, now: datetime
) -> None:
    """The reporter is on leave: a teammate accepts the reply for her."""
    defect = journey.acknowledge(journey.replied())
    client, url = signed_in(teammate), f"/defects/{defect.key}/do/close/"
    assert client.post(url, {"version": defect.row_version}).status_code == 403
    pass_on(journey.cast.reporter, teammate, now + LATER)
    assert client.post(url, {"version": defect.row_version}).status_code == 302
    event = Event.objects.get(action="defect.close", outcome="done")
    assert event.on_behalf_of == journey.cast.reporter.audit_name


def test_who_reads_which(
    supervisor: User, deputy: User, agent: User, auditor: User, signed_in: SignIn, now: datetime
) -> None:
    row = pass_on(supervisor, deputy, now)
    seen = {}
    for person in (supervisor, deputy, agent, auditor):
        answer = signed_in(person).get("/delegations/")
        seen[person.username] = [each["row"].pk for each in answer.context["rows"]]
    assert seen == {"chenming": [row.pk], "sunyue": [row.pk], "zhoujing": [], "shenzheng": [row.pk]}
    with time_machine.travel(now):
        panel = f"/delegations/of/{supervisor.pk}/"
        assert "陈明" in signed_in(supervisor).get(panel).content.decode()
        assert signed_in(auditor).get(panel).status_code == 200
        assert signed_in(agent).get(panel).status_code == 404
        assert signed_in(agent).get(f"/delegations/{row.pk}/end/").status_code == 404
        assert signed_in(auditor).post(
            f"/delegations/{row.pk}/end/", {"reason": "审计员不能结束"}
        ).status_code == 403  # fmt: skip


def test_the_form_takes_it_and_says_what_is_wrong(
    supervisor: User, deputy: User, sysadmin: User, signed_in: SignIn, now: datetime
) -> None:
    form = {
        "receiver": deputy.pk, "role": "supervisor", "starts_at": "2026-11-23T09:05",
        "ends_at": "2026-11-25T18:00", "reason": "年休假三天",
    }  # fmt: skip
    with time_machine.travel(now):
        client = signed_in(supervisor)
        assert client.get("/delegations/").status_code == 200
        wrong = client.post("/delegations/", {**form, "ends_at": "2026-11-22T18:00"})
        assert wrong.status_code == 422
        assert "ends_at" in wrong.context["form"].errors
        assert signed_in(sysadmin).post("/delegations/", form).status_code == 403
        assert client.post("/delegations/", form).status_code == 302
    row = Delegation.objects.get()
    assert (row.role, row.ends_at.isoformat()) == ("supervisor", "2026-11-25T10:00:00+00:00")


def test_over_the_api(supervisor: User, deputy: User, signed_in: SignIn, now: datetime) -> None:
    body = {
        "receiver": deputy.pk, "starts_at": "2026-11-23T01:05:00Z", "reason": "年休假三天",
        "ends_at": "2026-11-24T01:05:00Z",
    }  # fmt: skip
    with time_machine.travel(now):
        client = signed_in(supervisor)
        bad = client.post("/api/v1/delegations/", {**body, "role": "auditor"}, "application/json")
        assert bad.status_code == 400
        made = client.post("/api/v1/delegations/", body, "application/json")
        assert (made.status_code, made.json()["state"]) == (201, "effective")
        listed = signed_in(deputy).get("/api/v1/delegations/").json()["results"]
        assert [each["giver"] for each in listed] == ["chenming"]
        url = f"/api/v1/delegations/{made.json()['id']}/end/"
        assert client.post(url, {"reason": "提前回来上班"}, "application/json").status_code == 200
        again = client.post(url, {"reason": "提前回来上班"}, "application/json")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "over")


def _approve(journey: Journey, defect: Defect, actor: User) -> Defect:
    return signoff.approve(
        defect, actor=actor, now=journey.now + LATER,
        solution_hash=defect.solutions.latest("version").content_hash,
    )  # fmt: skip


def test_a_delegation_that_is_over_cannot_be_ended(
    supervisor: User, deputy: User, now: datetime
) -> None:
    from teamwork.services.delegation import end

    row = pass_on(supervisor, deputy, now)
    with pytest.raises(WrongState):
        end(row, actor=supervisor, now=row.ends_at, reason="已经过期了")
