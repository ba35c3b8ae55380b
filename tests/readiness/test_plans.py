"""The library of emergency plans (R51): written, approved by another person, one in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from readiness import reminders, starter
from readiness.models import EmergencyPlan, PlanVersion
from readiness.phases import Phase
from readiness.sections import OPTIONAL, SECTIONS
from readiness.services import plans
from readiness.services.plans import PlanText
from workflow.errors import InvalidInput, NotAllowed, StaleVersion, WrongState

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def _data(plan: EmergencyPlan, **changes: Any) -> dict[str, Any]:
    """What the page of the plan would post."""
    version = plan.versions.latest("version")
    posted: dict[str, Any] = {
        "version": plan.row_version, "title": plan.title, "scenario": plan.scenario,
        "changes": "补充切换命令",
    }  # fmt: skip
    posted |= {f"section_{code}": version.sections[code] for code in SECTIONS}
    for phase in Phase:
        lines = version.steps.filter(phase=phase).values_list("text", flat=True)
        posted[f"steps_{phase.value}"] = "\n".join(lines)
    return posted | changes


def test_the_starter_set_is_thirteen_complete_plans_in_both_languages(
    tech: User, now: datetime
) -> None:
    made = starter.load(author=tech, now=now)
    assert len(made) == 13
    for plan in made:
        version = plan.versions.get()
        assert plans.missing_parts(version) == []
        assert all(version.sections_en[code] for code in SECTIONS if code not in OPTIONAL)
        assert all(step.text_en for step in version.steps.all())
        assert plan.title_en
    assert starter.load(author=tech, now=now) == []


def test_the_starter_set_is_loaded_by_a_command(
    tech: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_starter_plans", tech.username)
    assert "13 drafts" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("load_starter_plans", "nobody")


def test_who_may_not_write_plans_loads_none(agent: User) -> None:
    with pytest.raises(CommandError):
        call_command("load_starter_plans", agent.username)
    assert not EmergencyPlan.objects.exists()


def test_a_plan_is_written_submitted_and_approved_on_pages(
    signed_in: SignedIn, tech: User, supervisor: User, now: datetime
) -> None:
    (draft,) = starter.load(author=tech, now=now, only=["YA-POWER"])
    data = _data(draft)
    data.update(number="YA-POWER-2")
    response = signed_in(tech).post("/plans/new/", data)
    assert response.status_code == 302, response.context["form"].errors
    plan = EmergencyPlan.objects.get(number="YA-POWER-2")
    response = signed_in(tech).post(f"/plans/{plan.number}/do/submit/", {"version": 1})
    assert response.status_code == 302
    response = signed_in(supervisor).post(
        f"/plans/{plan.number}/do/approve/", {"version": 2, "next_review_on": "2027-11-01"}
    )
    assert response.status_code == 302
    plan = EmergencyPlan.objects.get(pk=plan.pk)
    version = plan.versions.get()
    assert (plan.state, version.state) == ("effective", "effective")
    assert version.approved_by == supervisor
    page = signed_in(tech).get(f"/plans/{plan.number}/").content.decode()
    assert "查看 UPS 面板" in page


def test_a_draft_with_an_empty_section_or_phase_is_not_submitted(tech: User, now: datetime) -> None:
    plan = plans.create(
        actor=tech, now=now, number="YA-X",
        text=PlanText(title="半份预案", scenario="other", sections={"general": "暂无"}),
    )  # fmt: skip
    with translation.override("zh-hans"), pytest.raises(WrongState) as refusal:
        plans.submit(plan, actor=tech, now=now)
    assert refusal.value.code == "incomplete"
    assert "总则" in str(refusal.value)
    plan.refresh_from_db()
    assert plan.state == "drafting"


def test_the_author_does_not_approve_even_as_a_supervisor_or_with_a_second_account(
    plan: EmergencyPlan, tech: User, supervisor: User, make_person: Any, company: Any,
    now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    RoleGrant.objects.create(user=tech, role=Role.SUPERVISOR)
    double = make_person("tech-two", "张伟", company, Role.SUPERVISOR, staff_no=tech.staff_no)
    signed_in(tech).post(f"/plans/{plan.number}/do/write/", _data(plan))
    plan.refresh_from_db()
    plans.submit(plan, actor=User.objects.get(pk=tech.pk), now=now)
    for person in (User.objects.get(pk=tech.pk), double):
        with pytest.raises(NotAllowed) as refusal:
            plans.approve(plan, actor=person, now=now, next_review_on=date(2027, 6, 1))
        assert refusal.value.code == "author"
    plans.approve(plan, actor=supervisor, now=now, next_review_on=date(2027, 6, 1))


def test_a_new_version_leaves_the_old_one_in_force_until_it_is_approved(
    plan: EmergencyPlan, tech: User, supervisor: User, signed_in: SignedIn, now: datetime
) -> None:
    response = signed_in(tech).post(f"/plans/{plan.number}/do/write/", _data(plan))
    assert response.status_code == 302, response.context["form"].errors
    states = dict(plan.versions.values_list("version", "state"))
    assert states == {1: "effective", 2: "draft"}
    plan.refresh_from_db()
    plan = plans.submit(plan, actor=tech, now=now)
    plan = plans.send_back(plan, actor=supervisor, now=now, opinion="切换命令需要双人复核")
    assert dict(plan.versions.values_list("version", "state")) == {1: "effective", 2: "draft"}
    plan = plans.submit(plan, actor=tech, now=now)
    plans.approve(plan, actor=supervisor, now=now, next_review_on=date(2027, 6, 1))
    assert dict(plan.versions.values_list("version", "state")) == {1: "superseded", 2: "effective"}


def test_the_database_knows_one_effective_version(
    plan: EmergencyPlan, supervisor: User, now: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(
            plan=plan, version=9, state="effective", written_at=now, approved_by=supervisor
        )


def test_a_code_is_taken_once(plan: EmergencyPlan, signed_in: SignedIn, tech: User) -> None:
    response = signed_in(tech).post("/plans/new/", _data(plan, number=plan.number))
    assert response.status_code == 422
    assert "已被使用" in response.content.decode()
    response = signed_in(tech).post("/plans/new/", _data(plan, number="应急 一"))
    assert response.status_code == 422


def test_english_steps_stand_line_by_line(
    plan: EmergencyPlan, signed_in: SignedIn, tech: User
) -> None:
    url = f"/plans/{plan.number}/do/write/"
    response = signed_in(tech).post(url, _data(plan, steps_en_handle="only one line"))
    assert response.status_code == 422
    assert "steps_en_handle" in response.context["form"].errors


@pytest.mark.parametrize("day", ["2026-11-23", "2020-01-01", "2031-01-01"])
def test_the_next_review_lies_within_two_years(
    day: str, plan: EmergencyPlan, supervisor: User, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        plans.confirm_review(
            plan, actor=supervisor, now=now, next_review_on=date.fromisoformat(day),
            opinion="与技术组逐条核对",
        )  # fmt: skip


def test_an_overdue_review_is_flagged_and_told_once(
    plan: EmergencyPlan, supervisor: User, tech: User, signed_in: SignedIn, now: datetime
) -> None:
    later = now + timedelta(days=301)
    assert reminders.remind_due(now) == 0
    assert reminders.remind_due(later) == 1
    assert reminders.remind_due(later + timedelta(days=1)) == 0
    told = Message.objects.filter(channel="in_app", subject__contains=plan.number)
    people = set(told.filter(dedupe_key__contains=":due:").values_list("recipient", flat=True))
    assert people == {supervisor.pk, tech.pk}
    EmergencyPlan.objects.filter(pk=plan.pk).update(next_review_on=date(2026, 11, 1))
    assert "已逾期" in signed_in(tech).get("/plans/").content.decode()
    assert "应复核" in signed_in(tech).get(f"/plans/{plan.number}/").content.decode()


def test_a_reviewed_plan_gets_a_new_day_and_its_reminder(
    plan: EmergencyPlan, supervisor: User, now: datetime
) -> None:
    plan = plans.confirm_review(
        plan, actor=supervisor, now=now, next_review_on=date(2027, 11, 1),
        opinion="与技术组逐条核对",
    )  # fmt: skip
    assert plan.next_review_on == date(2027, 11, 1)
    event = Event.objects.filter(action="emergency_plan.confirm_review").get()
    assert event.data["after"] == "2027-11-01"


def test_a_retired_plan_is_kept_but_not_offered(
    plan: EmergencyPlan, supervisor: User, tech: User, now: datetime
) -> None:
    plan = plans.retire(plan, actor=supervisor, now=now, opinion="系统已下线,不再适用")
    assert plan.state == "retired"
    with pytest.raises(WrongState):
        plans.write(plan, actor=tech, now=now, text=PlanText(title="再写", scenario="other"))


@pytest.mark.parametrize("act", ["approve", "send_back", "retire", "confirm_review"])
def test_only_supervisors_decide(
    act: str, plan: EmergencyPlan, signed_in: SignedIn, tech: User
) -> None:
    answer = signed_in(tech).post(f"/plans/{plan.number}/do/{act}/", {"version": 3})
    assert answer.status_code in (403, 409)
    refused = Event.objects.filter(outcome="refused", action=f"emergency_plan.{act}")
    assert refused.count() == 1


def test_a_stale_page_is_refused(plan: EmergencyPlan, supervisor: User, now: datetime) -> None:
    with pytest.raises(StaleVersion):
        plans.retire(plan, actor=supervisor, now=now, opinion="系统已下线", version=1)


def test_bank_users_have_no_business_here(
    plan: EmergencyPlan, signed_in: SignedIn, reporter: User, monitor: User
) -> None:
    assert signed_in(reporter).get(f"/plans/{plan.number}/").status_code == 403
    assert signed_in(reporter).get(f"/api/v1/plans/{plan.number}/").status_code == 404
    assert signed_in(monitor).get(f"/plans/{plan.number}/").status_code == 200


def test_monitors_see_no_drafts(
    plan: EmergencyPlan, signed_in: SignedIn, monitor: User, tech: User
) -> None:
    signed_in(tech).post(f"/plans/{plan.number}/do/write/", _data(plan, changes="只给自己人看"))
    assert "只给自己人看" in signed_in(tech).get(f"/plans/{plan.number}/").content.decode()
    assert "只给自己人看" not in signed_in(monitor).get(f"/plans/{plan.number}/").content.decode()
    assert signed_in(monitor).get(f"/plans/{plan.number}/?version=2").status_code == 200


def test_the_plan_is_read_in_the_readers_language(plan: EmergencyPlan) -> None:
    version = plan.versions.get()
    with translation.override("en"):
        assert version.text("risks").startswith("A host, controller")
        assert plan.name == "Emergency plan: host or storage hardware failure"
    with translation.override("zh-hans"):
        assert version.text("risks").startswith("主机、阵列控制器")


def test_the_list_asks_a_fixed_number_of_questions(
    tech: User, supervisor: User, signed_in: SignedIn, now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    starter.load(author=tech, now=now)
    client = signed_in(tech)
    client.get("/plans/")
    with django_assert_max_num_queries(14):
        page = client.get("/plans/").content.decode()
    assert page.count("/plans/YA-") >= 13


def test_the_flow_has_nine_phases(signed_in: SignedIn, tech: User) -> None:
    """R55."""
    page = signed_in(tech).get("/plans/flow/").content.decode()
    for phase in Phase:
        assert str(phase.label) in page
