"""A plan in use on an incident: opened in one click, ticked step by step (R51, R55)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents.models import Incident
from incidents.services import report_incident
from operations.models import ManagedObject
from readiness.models import EmergencyPlan, PlanUse, StepTick
from readiness.services import checklists
from workflow.errors import InvalidInput, NotAllowed, NotFound, WrongState

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def incident(agent: User, reporter: User, system: ManagedObject, now: datetime) -> Incident:
    """Reported ten minutes ago by the bank."""
    then = now - timedelta(minutes=10)
    return report_incident(
        actor=agent, now=then, title="收单业务全部中断", phenomenon="全省 POS 交易失败",
        managed_object=system, unit=reporter.organisation, reporter=reporter,
        reporter_name="张丽", reporter_phone="13800138000",
    )  # fmt: skip


def test_the_plan_that_fits_is_one_click_away(
    plan: EmergencyPlan, incident: Incident, signed_in: SignedIn, tech: User, system: ManagedObject
) -> None:
    plan.objects_covered.set([system])
    client = signed_in(tech)
    page = client.get(f"/incidents/{incident.number}/checklist/").content.decode()
    assert f'name="plan" value="{plan.number}"' in page
    assert client.get(f"/incidents/{incident.number}/").status_code == 200
    for _twice in range(2):
        answer = client.post(f"/incidents/{incident.number}/checklist/open/", {"plan": plan.number})
        assert answer.status_code == 302
    use = PlanUse.objects.get()
    assert use.version == plan.versions.get(state="effective")
    assert Event.objects.filter(action="incident.open_plan").count() == 1


def test_steps_are_ticked_left_out_and_taken_back_in_the_timeline(
    plan: EmergencyPlan, incident: Incident, signed_in: SignedIn, tech: User, support: User,
    now: datetime,
) -> None:  # fmt: skip
    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    base = f"/incidents/{incident.number}/checklist/"
    first, second = use.version.steps.all()[:2]
    client = signed_in(tech)
    client.post(f"{base}{use.pk}/tick/", {"step": first.position})
    client.post(
        f"{base}{use.pk}/tick/", {"step": second.position, "skip": "1", "note": "夜间无人值守"}
    )
    ticks = {tick.step_id: tick for tick in StepTick.objects.all()}
    assert ticks[first.pk].done
    assert ticks[first.pk].person == tech
    assert not ticks[second.pk].done
    signed_in(support).post(f"{base}undo/{ticks[first.pk].pk}/")
    undone = StepTick.objects.get(step=first)
    assert undone.undone_by == support
    client.post(f"{base}{use.pk}/tick/", {"step": first.position})
    assert StepTick.objects.filter(step=first).count() == 2
    room = client.get(f"/incidents/{incident.number}/").content.decode()
    for words in ("步骤已完成", "夜间无人值守", "已撤销勾选"):
        assert words in room


def test_a_step_is_not_ticked_in_the_future_nor_before_the_report_nor_twice(
    plan: EmergencyPlan, incident: Incident, tech: User, now: datetime
) -> None:
    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    step = use.version.steps.first()
    assert step is not None
    for wrong in (now + timedelta(seconds=1), incident.first_contact_at - timedelta(seconds=1)):
        with pytest.raises(InvalidInput):
            checklists.tick(use, actor=tech, now=now, step=step, at=wrong)
    checklists.tick(use, actor=tech, now=now, step=step)
    with pytest.raises(WrongState) as refusal:
        checklists.tick(use, actor=tech, now=now, step=step)
    assert refusal.value.code == "ticked"
    assert StepTick.objects.count() == 1


def test_a_step_is_left_out_with_a_reason_only(
    plan: EmergencyPlan, incident: Incident, tech: User, now: datetime, signed_in: SignedIn
) -> None:
    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    step = use.version.steps.first()
    assert step is not None
    with pytest.raises(InvalidInput):
        checklists.tick(use, actor=tech, now=now, step=step, done=False, note="  ")
    page = signed_in(tech).post(
        f"/incidents/{incident.number}/checklist/{use.pk}/tick/",
        {"step": step.position, "skip": "1"}, follow=True,
    )  # fmt: skip
    assert "请说明该步骤为何不执行" in page.content.decode()
    assert not StepTick.objects.exists()


def test_who_may_not_tick(
    plan: EmergencyPlan, incident: Incident, tech: User, reporter: User, outsider: User,
    manager: User, now: datetime,
) -> None:  # fmt: skip
    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    step = use.version.steps.first()
    assert step is not None
    for person in (reporter, manager):
        with pytest.raises(NotAllowed):
            checklists.tick(use, actor=person, now=now, step=step)
    with pytest.raises(NotFound):
        checklists.tick(use, actor=outsider, now=now, step=step)


def test_a_step_of_another_plan_is_not_ticked_here(
    plan: EmergencyPlan, incident: Incident, tech: User, supervisor: User, now: datetime
) -> None:
    from tests.readiness.library import effective_plan

    other = effective_plan(tech, supervisor, now, "YA-OS").versions.get().steps.first()
    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    assert other is not None
    with pytest.raises(NotFound):
        checklists.tick(use, actor=tech, now=now, step=other)


def test_the_version_in_use_stays_when_the_plan_moves_on(
    plan: EmergencyPlan, incident: Incident, tech: User, supervisor: User, now: datetime
) -> None:
    from datetime import date

    from readiness.services import plans
    from tests.readiness.test_plans import _data

    use = checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    client = Client()
    client.force_login(tech, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/plans/{plan.number}/do/write/", _data(plan))
    plan.refresh_from_db()
    plan = plans.submit(plan, actor=tech, now=now)
    plans.approve(plan, actor=supervisor, now=now, next_review_on=date(2027, 6, 1))
    use.refresh_from_db()
    assert use.version.version == 1
    assert use.version.steps.exists()


def test_the_panel_is_quiet_while_nothing_changes(
    plan: EmergencyPlan, incident: Incident, signed_in: SignedIn, tech: User, now: datetime
) -> None:
    client = signed_in(tech)
    url = f"/incidents/{incident.number}/checklist/"
    panel = client.get(url, headers={"HX-Request": "true"})
    seen = panel.context["seen"]
    again = client.get(url, {"seen": seen}, headers={"HX-Request": "true"})
    assert again.status_code == 204
    checklists.open_plan(incident, actor=tech, now=now, plan=plan)
    assert client.get(url, {"seen": seen}, headers={"HX-Request": "true"}).status_code == 200
