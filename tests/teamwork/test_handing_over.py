"""Open work of somebody who leaves, or is away for long (I16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.errors import WorkLeft
from accounts.models import Delegation, Organisation, RoleGrant, User
from accounts.open_work import open_work
from accounts.roles import Role
from accounts.services import switch
from audit.models import Event
from audit.verify import verify_chain
from incidents.models import Incident
from notifications.models import Message
from oncall.models import Shift
from teamwork.services.delegation import delegate
from teamwork.services.handing_over import QUEUE, hand_over
from tests.tickets.journey import Journey
from tickets.models import Consultation
from tickets.services.consultations import Question, record_consultation
from workflow.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "员工离职交接"


def keys(person: User, now: datetime) -> list[str]:
    """What is in the person's hands."""
    return [work.key for work in open_work(User.objects.get(pk=person.pk), now)]


def shift(primary: User, backup: User, now: datetime) -> Shift:
    """Tomorrow."""
    start = now + timedelta(days=1)
    made: Shift = Shift.objects.create(
        primary=primary, backup=backup, starts_at=start, ends_at=start + timedelta(hours=8)
    )
    return made


def test_an_account_with_open_work_is_not_turned_off(
    journey: Journey, sysadmin: User, signed_in: SignIn
) -> None:
    journey.tech_processing()
    tech = journey.cast.tech
    answer = signed_in(sysadmin).post(f"/people/{tech.pk}/switch/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/people/{tech.pk}/work/"
    with pytest.raises(WorkLeft):
        switch(actor=sysadmin, user=tech, active=False, now=journey.now)
    assert User.objects.get(pk=tech.pk).is_active


def test_everything_goes_in_one_act_and_every_record_says_so(
    journey: Journey, tech2: User, sysadmin: User, signed_in: SignIn
) -> None:
    """The administrator sees numbers, not what they are about; the names stay in the records."""
    defect = journey.tech_processing()
    tech = journey.cast.tech
    duty = shift(tech, journey.cast.agent, journey.now + timedelta(hours=6))
    client, url = signed_in(sysadmin), f"/people/{tech.pk}/work/"
    page = client.get(url).content.decode()
    assert str(defect.number) in page
    assert defect.title not in page
    form = {
        f"defect-{defect.pk}-assignee": tech2.pk, f"shift-{duty.pk}-primary": tech2.pk,
        "reason": WHY, "turn_off": "1",
    }  # fmt: skip
    assert client.post(url, form).status_code == 302
    defect.refresh_from_db()
    duty.refresh_from_db()
    assert (defect.assignee, defect.holder, duty.primary) == (tech2, tech2, tech2)
    assert not User.objects.get(pk=tech.pk).is_active
    moved = Event.objects.get(action="defect.hand_over")
    assert moved.data["handed_from"] == tech.audit_name
    assert moved.opinion == WHY
    acts = {"oncall.shift_handed_over", "accounts.work_handed_over", "accounts.turned_off"}
    assert Event.objects.filter(action__in=acts).count() == 3
    assert Message.objects.filter(recipient=tech2, dedupe_key__contains="handed_over").exists()
    assert verify_chain().intact
    page = signed_in(journey.cast.support).get(f"/defects/{defect.key}/").content.decode()
    assert WHY in page


def test_nothing_goes_when_one_thing_cannot(journey: Journey, tech2: User, sysadmin: User) -> None:
    """The second place of the shift is the other place's own person: all is rolled back."""
    defect = journey.tech_processing()
    tech = journey.cast.tech
    duty = shift(tech, tech2, journey.now)
    choices: dict[str, User | str] = {
        f"defect-{defect.pk}-assignee": tech2, f"shift-{duty.pk}-primary": tech2,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        hand_over(tech, actor=sysadmin, now=journey.now, choices=choices, reason=WHY, turn_off=True)
    assert list(refusal.value.fields) == [f"shift-{duty.pk}-primary"]
    defect.refresh_from_db()
    assert defect.assignee == tech
    assert User.objects.get(pk=tech.pk).is_active


def test_who_was_on_call_until_now_stays_on_record(
    tech: User, tech2: User, agent: User, sysadmin: User, now: datetime
) -> None:
    duty: Shift = Shift.objects.create(
        primary=tech, backup=agent, starts_at=now - timedelta(hours=3),
        ends_at=now + timedelta(hours=5),
    )  # fmt: skip
    choices: dict[str, User | str] = {f"shift-{duty.pk}-primary": tech2}
    hand_over(tech, actor=sysadmin, now=now, choices=choices, reason=WHY, turn_off=True)

    rows = Shift.objects.order_by("starts_at").values_list("starts_at", "ends_at", "primary")
    assert list(rows) == [
        (duty.starts_at, now, tech.pk), (now, duty.ends_at, tech2.pk),
    ]  # fmt: skip
    assert not User.objects.get(pk=tech.pk).is_active


def test_a_shift_does_not_go_to_somebody_who_stands_elsewhere_then(
    tech: User, tech2: User, agent: User, biz: User, sysadmin: User, now: datetime
) -> None:
    duty = shift(tech, agent, now)
    Shift.objects.create(
        roster="hotline", primary=tech2, starts_at=duty.starts_at, ends_at=duty.ends_at
    )
    choices: dict[str, User | str] = {f"shift-{duty.pk}-primary": tech2}
    with pytest.raises(InvalidInput) as refusal:
        hand_over(tech, actor=sysadmin, now=now, choices=choices, reason=WHY)
    assert list(refusal.value.fields) == [f"shift-{duty.pk}-primary"]
    hand_over(tech, actor=sysadmin, now=now, choices={f"shift-{duty.pk}-primary": biz}, reason=WHY)
    duty.refresh_from_db()
    assert duty.primary == biz


@pytest.mark.parametrize("who", ["biz", "nobody", "queue", "second", "off"])
def test_who_cannot_take_it_over(
    journey: Journey, sysadmin: User, biz: User, tech2: User, make_person: Callable[..., User],
    company: Organisation, who: str,
) -> None:  # fmt: skip
    """Without the role, left out, without a name, the same human again, an account turned off."""
    defect = journey.tech_processing()
    tech = journey.cast.tech
    second = make_person("zhangwei2", "张伟", company, Role.TECH, staff_no=tech.staff_no)
    User.objects.filter(pk=tech2.pk).update(is_active=False)
    given: dict[str, Any] = {
        "biz": biz, "queue": QUEUE, "second": second, "off": User.objects.get(pk=tech2.pk)
    }  # fmt: skip
    key = f"defect-{defect.pk}-assignee"
    choices = {} if who == "nobody" else {key: given[who]}
    with pytest.raises(InvalidInput) as refusal:
        hand_over(tech, actor=sysadmin, now=journey.now, choices=choices, reason=WHY, turn_off=True)
    assert key in refusal.value.fields
    assert keys(tech, journey.now) == [key]


def test_who_signed_the_plan_does_not_take_the_implementation_over(
    journey: Journey, sysadmin: User
) -> None:
    defect = journey.approved()
    RoleGrant.objects.create(user=journey.cast.supervisor, role=Role.IMPLEMENTER)
    boss = User.objects.get(pk=journey.cast.supervisor.pk)
    key = f"defect-{defect.pk}-implementer"
    with pytest.raises(InvalidInput) as refusal:
        hand_over(
            journey.cast.implementer, actor=sysadmin, now=journey.later(), choices={key: boss},
            reason=WHY, turn_off=True,
        )  # fmt: skip
    assert key in refusal.value.fields


def test_what_may_be_left_to_the_role(
    journey: Journey, sysadmin: User, agent: User, reporter: User
) -> None:
    defect = journey.triaging()
    consultation = record_consultation(
        actor=agent, now=journey.later(), close=False,
        question=Question(
            caller=reporter, caller_name=reporter.name, caller_phone="024-22851234",
            unit=reporter.organisation, channel="hotline",
            managed_object=journey.cast.system, question="商户号查询在哪个菜单里?",
            started_at=journey.now,
        ),
    )  # fmt: skip
    support = journey.cast.support
    for person, choices in (
        (support, {f"defect-{defect.pk}-owner": QUEUE}),
        (agent, {f"consultation-{consultation.pk}": QUEUE}),
    ):
        hand_over(
            person, actor=sysadmin, now=journey.later(), choices=choices, reason=WHY, turn_off=True
        )
    defect.refresh_from_db()
    assert (defect.owner, defect.holder, defect.holder_role) == (None, None, "support")
    assert Consultation.objects.get(pk=consultation.pk).holder is None


def test_a_supervisor_hands_over_for_long_illness_without_turning_off(
    journey: Journey, tech2: User, signed_in: SignIn
) -> None:
    first, second = journey.tech_processing(), journey.tech_processing()
    tech, client = journey.cast.tech, signed_in(journey.cast.supervisor)
    url = f"/people/{tech.pk}/work/"
    assert f">{tech.name}<" in client.get("/colleagues/?q=zw").content.decode()
    page = client.get(url).content.decode()
    assert first.title in page
    assert 'name="turn_off"' not in page
    form = {f"defect-{first.pk}-assignee": tech2.pk, "reason": "长期病假交接"}
    assert client.post(url, {**form, "reason": "略"}).status_code == 422
    assert client.post(url, {"reason": "长期病假交接"}).status_code == 422
    assert client.post(url, {**form, "turn_off": "1"}).status_code == 422
    assert client.post(url, form).status_code == 302
    assert User.objects.get(pk=tech.pk).is_active
    assert keys(tech, journey.now) == [f"defect-{second.pk}-assignee"]


def test_only_supervisors_and_the_system_administrator(
    journey: Journey, support: User, secadmin: User, tech2: User, signed_in: SignIn
) -> None:
    defect = journey.tech_processing()
    for person in (support, secadmin):
        url = f"/people/{journey.cast.tech.pk}/work/"
        assert signed_in(person).get(url).status_code == 403
        assert signed_in(person).post(url, {}).status_code == 403
        with pytest.raises(NotAllowed):
            hand_over(
                journey.cast.tech, actor=person, now=journey.now,
                choices={f"defect-{defect.pk}-assignee": tech2}, reason=WHY,
            )  # fmt: skip


def test_a_supervisor_turns_nobody_off(journey: Journey, tech2: User, signed_in: SignIn) -> None:
    """A forged button: the work stays too."""
    defect = journey.tech_processing()
    url = f"/people/{journey.cast.tech.pk}/work/"
    form = {f"defect-{defect.pk}-assignee": tech2.pk, "reason": WHY, "turn_off": "1"}
    assert signed_in(journey.cast.supervisor).post(url, form).status_code == 403
    assert keys(journey.cast.tech, journey.now) == [f"defect-{defect.pk}-assignee"]


def test_delegations_of_a_leaver_end(
    sysadmin: User, supervisor: User, agent: User, now: datetime
) -> None:
    row = delegate(
        actor=supervisor, giver=supervisor, receiver=agent, role="", now=now, starts_at=now,
        ends_at=now + timedelta(days=3), reason="年休假三天",
    )  # fmt: skip
    hand_over(supervisor, actor=sysadmin, now=now, choices={}, reason=WHY, turn_off=True)
    ended = Delegation.objects.get(pk=row.pk)
    assert (ended.state(now), ended.ended_by) == ("ended", sysadmin)
    assert Message.objects.filter(recipient=agent, dedupe_key__endswith=":ended").exists()


def test_an_incident_goes_to_another_responder(
    open_incident: Incident, support: User, tech2: User, supervisor: User, now: datetime
) -> None:
    Incident.objects.filter(pk=open_incident.pk).update(holder=support, holder_role="oncall")
    hand_over(
        support, actor=supervisor, now=now, reason="长期病假交接",
        choices={f"incident-{open_incident.pk}": tech2},
    )  # fmt: skip
    open_incident.refresh_from_db()
    assert open_incident.holder == tech2
    assert Event.objects.about(open_incident).filter(action="incident.hand_over").exists()
