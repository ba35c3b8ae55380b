"""Drills: planned, started from a plan, scored from what was recorded, reported (R51)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.roles import Role
from incidents import services as incidents
from incidents.models import Incident
from notifications.models import Message
from oncall.models import Page
from operations.models import ManagedObject
from readiness import reminders
from readiness.models import Drill, EmergencyPlan, PlanUse
from readiness.moments import key_moments
from readiness.score import POINTS, sheet
from readiness.services import checklists, drills
from tests.readiness.library import WORDS, entry
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
REPORT: dict[str, Any] = dict.fromkeys(
    ("content", "overall_plan", "participants", "preparation", "course", "problems",
     "improvements", "conclusion"),
    WORDS,
)  # fmt: skip


def _start(
    plan: EmergencyPlan, actor: User, now: datetime, system: ManagedObject, **more: Any
) -> Drill:
    values: dict[str, Any] = {
        "managed_object": system, "scenario": "双控制器同时故障,请按预案处置", "hour_seconds": 60,
        **more,
    }  # fmt: skip
    return drills.start_from_plan(plan, actor=actor, now=now, **values)


def _incident(drill: Drill) -> Incident:
    assert drill.incident is not None
    return Incident.objects.get(pk=drill.incident.pk)


def test_a_drill_starts_from_a_plan_on_one_page(
    plan: EmergencyPlan, supervisor: User, system: ManagedObject, signed_in: SignedIn
) -> None:
    plan.objects_covered.set([system])
    client = signed_in(supervisor)
    form = client.get(f"/plans/{plan.number}/drill/").context["form"]
    posted = {
        "token": str(form["token"].value()), "managed_object": system.pk,
        "scenario": form["scenario"].value(), "hour_seconds": form["hour_seconds"].value(),
    }  # fmt: skip
    assert form["managed_object"].value() == system.pk
    for _double_click in range(2):
        answer = client.post(f"/plans/{plan.number}/drill/", posted)
        assert answer.status_code == 302
    drill = Drill.objects.get()
    incident = _incident(drill)
    assert (drill.state, incident.is_drill, incident.claimed_down) == ("held", True, True)
    assert PlanUse.objects.get().version == drill.version
    assert Page.objects.get(subject=incident.number).is_drill
    assert "演练" in client.get(drill.get_absolute_url()).content.decode()


def test_the_score_sheet_tells_the_truth(
    plan: EmergencyPlan, tech: User, support: User, biz: User, supervisor: User, tech2: User,
    system: ManagedObject, now: datetime,
) -> None:  # fmt: skip
    """Taken over after 2 minutes, declared after 20 (too late), fixed at contract hour 10."""
    drill = _start(plan, support, now, system)
    incident = _incident(drill)
    soon, late = now + timedelta(minutes=2), now + timedelta(minutes=20)
    incident = incidents.acknowledge(incident, actor=tech, now=soon)
    incident = incidents.declare_s1(
        incident, actor=tech, now=late, business_impact=WORDS, system_down=True,
        managed_object=system,
    )  # fmt: skip
    use = PlanUse.objects.get()
    steps = list(use.version.steps.all())
    for step in steps[:4]:
        checklists.tick(use, actor=tech, now=late, step=step)
    checklists.tick(use, actor=tech, now=late, step=steps[4], done=False, note="演练跳过")
    found = sheet(Drill.objects.get())
    assert found is not None
    lines = {line.code: line for line in found.lines}
    assert lines["acknowledge"].met
    assert lines["acknowledge"].took == timedelta(minutes=2)
    assert (lines["declare"].met, lines["declare"].points) == (False, 0)
    # An hour lasts a minute: twenty minutes after T0 the twelve hours are long over.
    assert (lines["fix"].met, lines["fix"].took) == (False, None)
    assert (found.done_steps, found.all_steps) == (4, len(steps))
    assert len(found.missed_steps) == len(steps) - 4
    assert lines["steps"].points == round(POINTS["steps"] * 4 / len(steps))
    assert found.points == POINTS["acknowledge"] + lines["steps"].points
    assert not found.final


def test_a_perfect_drill_reaches_everything_that_was_owed(
    plan: EmergencyPlan, tech: User, tech2: User, support: User, supervisor: User,
    system: ManagedObject, now: datetime,
) -> None:  # fmt: skip
    drill = _start(plan, support, now, system)
    incident = _incident(drill)
    at = now + timedelta(seconds=30)
    incident = incidents.acknowledge(incident, actor=tech, now=at)
    incident = incidents.declare_s1(
        incident, actor=tech, now=at, business_impact=WORDS, system_down=True,
        managed_object=system,
    )  # fmt: skip
    incident = incidents.protect_data(
        incident, actor=tech, now=at, scope=WORDS, method="快照", location="备用阵列",
        verified_by=tech2,
    )  # fmt: skip
    use = PlanUse.objects.get()
    for step in use.version.steps.all():
        checklists.tick(use, actor=tech, now=at, step=step)
    incident = incidents.add_entry(incident, actor=tech, now=at, text=WORDS)
    fixed = now + timedelta(minutes=10)
    incident = incidents.resolve(
        incident, actor=tech, now=fixed, resolved_at=fixed, method=WORDS,
        fault_type="storage.hardware", recovery_result="full", fault_point_at=now,
        restored_to_at=now, data_gap_minutes=0,
    )  # fmt: skip
    incident = incidents.issue_recovery(incident, actor=tech, now=fixed, summary=WORDS)
    report: dict[str, Any] = {
        "fault_type": "storage.hardware", "direct_cause": WORDS, "root_cause": WORDS,
        "method": WORDS, "loss": "无损失",
    }  # fmt: skip
    incident = incidents.write_report(incident, actor=tech, now=fixed, **report)
    incident = incidents.release_report(incident, actor=supervisor, now=fixed)
    incidents.deliver_report(incident, actor=tech, now=fixed, delivered_to="总行运营管理部")
    found = sheet(Drill.objects.get())
    assert found is not None
    lines = {line.code: line for line in found.lines}
    assert lines["fix"].took == timedelta(hours=10)
    assert lines["fix"].limit == timedelta(hours=12)
    assert not lines["plan"].owed
    assert (found.percent, found.missed_steps, found.final) == (100, [], True)
    moments = key_moments(_incident(drill))
    times = [line[:19] for line in moments]
    assert times == sorted(times)
    assert any("张伟" in line for line in moments)


def test_a_planned_drill_is_held_reported_and_filed_by_another(
    plan: EmergencyPlan, support: User, supervisor: User, tech: User, now: datetime,
    make_person: Any, company: Any,
) -> None:  # fmt: skip
    drill = drills.plan_drill(actor=support, now=now, entry=entry(plan, now, mode="tabletop"))
    held = now + timedelta(days=8)
    with pytest.raises(InvalidInput):
        drills.note_held(drill, actor=support, now=now, held_at=held)
    with pytest.raises(WrongState):
        drills.report(drill, actor=support, now=held, **REPORT)
    drill = drills.note_held(drill, actor=support, now=held, held_at=held)
    with pytest.raises(InvalidInput) as refusal:
        drills.report(drill, actor=support, now=held, **{**REPORT, "problems": "无"})
    assert set(refusal.value.fields) == {"problems"}
    RoleGrant.objects.create(user=support, role=Role.SUPERVISOR)
    author = User.objects.get(pk=support.pk)
    drill = drills.report(drill, actor=author, now=held, **REPORT)
    with pytest.raises(NotAllowed):
        drills.approve(drill, actor=author, now=held)
    drill = drills.send_back(drill, actor=supervisor, now=held, opinion="请补充改进措施期限")
    drill = drills.report(drill, actor=author, now=held, **REPORT)
    drill = drills.approve(drill, actor=supervisor, now=held)
    assert (drill.state, drill.reports.count()) == ("filed", 2)
    assert sheet(drill) is None


def test_a_running_drill_is_not_reported_yet(
    plan: EmergencyPlan, support: User, now: datetime, system: ManagedObject
) -> None:
    drill = _start(plan, support, now, system)
    with pytest.raises(WrongState) as refusal:
        drills.report(drill, actor=support, now=now, **REPORT)
    assert refusal.value.code == "running"


def test_a_planned_drill_starts_by_the_version_in_force(
    plan: EmergencyPlan, support: User, now: datetime, system: ManagedObject, signed_in: SignedIn
) -> None:
    drill = drills.plan_drill(actor=support, now=now, entry=entry(plan, now))
    answer = signed_in(support).post(
        f"/drills/{drill.number}/do/start/",
        {"version": 1, "managed_object": system.pk, "scenario": WORDS, "hour_seconds": 5},
    )  # fmt: skip
    drill.refresh_from_db()
    incident = _incident(drill)
    assert answer.headers["Location"] == f"/incidents/{incident.number}/"
    assert incident.hour_seconds == 5
    assert drill.version == plan.versions.get()


def test_a_drill_that_is_due_is_told_once(
    plan: EmergencyPlan, support: User, supervisor: User, now: datetime
) -> None:
    drill = drills.plan_drill(actor=support, now=now, entry=entry(plan, now))
    later = now + timedelta(days=7)
    assert reminders.remind_due(later - timedelta(seconds=1)) == 0
    assert [reminders.remind_due(later), reminders.remind_due(later)] == [1, 0]
    told = Message.objects.filter(channel="in_app", dedupe_key__contains="drill:")
    assert {message.recipient for message in told} == {support, supervisor}
    drill = drills.cancel(drill, actor=supervisor, now=later, opinion="与真实故障处置冲突")
    assert drill.state == "cancelled"


def test_bad_entries_come_back_beside_their_fields(
    plan: EmergencyPlan, support: User, agent: User, signed_in: SignedIn, now: datetime
) -> None:
    posted = {
        "plan": plan.pk, "title": "年度综合演练", "purpose": "检验全流程处置能力", "mode": "full",
        "planned_at": "2020-01-01T09:00", "departments": "技术组", "budget": "-1",
    }  # fmt: skip
    answer = signed_in(support).post("/drills/plan/", posted)
    assert answer.status_code == 422
    assert "budget" in answer.context["form"].errors
    posted["budget"] = "1200.50"
    answer = signed_in(support).post("/drills/plan/", posted)
    assert "planned_at" in answer.context["form"].errors
    assert signed_in(agent).get("/drills/plan/").status_code == 403
    posted["planned_at"] = "2026-12-20T14:00"
    assert signed_in(support).post("/drills/plan/", posted).status_code == 302
    page = signed_in(support).get("/drills/?year=2026").content.decode()
    assert "年度综合演练" in page
    assert "没有综合演练" not in page


def test_a_token_of_somebody_elses_drill_starts_nothing_twice(
    plan: EmergencyPlan, support: User, now: datetime, system: ManagedObject
) -> None:
    token = uuid.uuid4()
    first = _start(plan, support, now, system, token=token)
    again = _start(plan, support, now, system, token=token)
    assert first == again
    assert Incident.objects.count() == 1
