"""The risk register (R53, R54)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from readiness import reminders
from readiness.models import EmergencyPlan, Level, Risk, level_of
from readiness.services import risks
from tests.readiness.library import WORDS, assessment
from workflow.errors import InvalidInput, NotAllowed, WrongState

SignedIn = Callable[[User], Client]
DAY = date(2027, 3, 1)


@pytest.fixture
def risk(tech: User, supervisor: User, now: datetime) -> Risk:
    """A medium risk without measures."""
    return risks.create(actor=tech, now=now, assessment=assessment(tech, DAY))


def _measure(risk: Risk, kind: str, owner: User, now: datetime) -> Risk:
    return risks.add_measure(
        risk, actor=owner, now=now, kind=kind, text=WORDS, owner=owner, due_on=date(2026, 12, 1)
    )


@given(st.integers(1, 5), st.integers(1, 5))
def test_the_level_never_falls_when_a_grade_rises(likelihood: int, impact: int) -> None:
    order = [Level.LOW, Level.MEDIUM, Level.HIGH, Level.EXTREME]
    here = order.index(level_of(likelihood, impact))
    assert order.index(level_of(min(5, likelihood + 1), impact)) >= here
    assert order.index(level_of(likelihood, min(5, impact + 1))) >= here


@pytest.mark.django_db
def test_the_level_is_computed_not_typed(signed_in: SignedIn, tech: User, now: datetime) -> None:
    posted = {
        "title": "存储单控故障", "scenario": "hardware", "cause": WORDS, "consequence": WORDS,
        "likelihood": 4, "impact": 5, "residual_likelihood": 2, "residual_impact": 4,
        "owner": tech.pk, "review_on": "2027-03-01", "level": "low",
    }  # fmt: skip
    assert signed_in(tech).post("/risks/new/", posted).status_code == 302
    risk = Risk.objects.get()
    assert (risk.level, risk.residual_level) == ("extreme", "medium")


@pytest.mark.parametrize(
    ("field", "value"),
    [("likelihood", "6"), ("impact", "0"), ("residual_impact", "5"), ("owner", ""),
     ("cause", "无"), ("review_on", "2020-01-01")],
)  # fmt: skip
@pytest.mark.django_db
def test_bad_input_comes_back_beside_its_field(
    field: str, value: str, signed_in: SignedIn, tech: User
) -> None:
    posted = {
        "title": "存储单控故障", "scenario": "hardware", "cause": WORDS, "consequence": WORDS,
        "likelihood": 3, "impact": 3, "residual_likelihood": 2, "residual_impact": 3,
        "owner": tech.pk, "review_on": "2027-03-01", field: value,
    }  # fmt: skip
    answer = signed_in(tech).post("/risks/new/", posted)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Risk.objects.exists()


@pytest.mark.django_db
def test_the_database_holds_the_range(risk: Risk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(likelihood=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(residual_impact=5)


@pytest.mark.django_db
def test_it_needs_both_kinds_of_measures(
    risk: Risk, tech: User, supervisor: User, now: datetime
) -> None:
    for kind in ("preventive", "corrective"):
        with pytest.raises(WrongState) as refusal:
            risks.accept(risk, actor=supervisor, now=now)
        assert refusal.value.code == "measures"
        risk = _measure(risk, kind, tech, now)
    risk = risks.accept(risk, actor=supervisor, now=now)
    assert (risk.state, risk.accepted_by) == ("accepted", supervisor)


@pytest.mark.django_db
def test_a_high_risk_needs_a_plan_in_force(
    plan: EmergencyPlan, tech: User, supervisor: User, now: datetime
) -> None:
    high = assessment(tech, DAY, likelihood=4, impact=4)
    risk = risks.create(actor=tech, now=now, assessment=high)
    for kind in ("preventive", "corrective"):
        risk = _measure(risk, kind, tech, now)
    with pytest.raises(WrongState) as refusal:
        risks.accept(risk, actor=supervisor, now=now)
    assert refusal.value.code == "plan"
    linked = assessment(tech, DAY, likelihood=4, impact=4, plan=plan)
    risk = risks.assess(risk, actor=tech, now=now, assessment=linked)
    assert risks.accept(risk, actor=supervisor, now=now).state == "accepted"


@pytest.mark.django_db
def test_nobody_accepts_their_own_assessment(risk: Risk, tech: User, now: datetime) -> None:
    RoleGrant.objects.create(user=tech, role=Role.SUPERVISOR)
    with pytest.raises(NotAllowed) as refusal:
        risks.accept(risk, actor=User.objects.get(pk=tech.pk), now=now)
    assert refusal.value.code == "author"


@pytest.mark.django_db
def test_a_new_assessment_is_accepted_again_and_the_trail_keeps_the_old_grades(
    risk: Risk, tech: User, supervisor: User, now: datetime
) -> None:
    for kind in ("preventive", "corrective"):
        risk = _measure(risk, kind, tech, now)
    risk = risks.accept(risk, actor=supervisor, now=now)
    changed = assessment(tech, DAY, likelihood=2)
    risk = risks.assess(risk, actor=tech, now=now, assessment=changed)
    assert (risk.state, risk.accepted_by) == ("draft", None)
    event = Event.objects.get(action="risk.assess")
    assert (event.data["before"]["likelihood"], event.data["after"]["likelihood"]) == (3, 2)


@pytest.mark.django_db
def test_measures_are_finished_by_their_owners_and_told_when_due(
    risk: Risk, tech: User, tech2: User, agent: User, now: datetime
) -> None:
    risk = risks.add_measure(
        risk, actor=tech, now=now, kind="preventive", text=WORDS, owner=tech2,
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    assert Message.objects.filter(recipient=tech2, dedupe_key__contains=":measure:").exists()
    assert reminders.remind_due(now + timedelta(days=30)) == 1
    measure = risk.measures.get()
    with pytest.raises(NotAllowed):
        risks.finish_measure(risk, actor=agent, now=now, measure=measure, result=WORDS)
    risk = risks.finish_measure(risk, actor=tech2, now=now, measure=measure, result=WORDS)
    assert risk.measures.get().done_by == tech2
    with pytest.raises(WrongState):
        risks.finish_measure(risk, actor=tech2, now=now, measure=measure, result=WORDS)


@pytest.mark.django_db
def test_a_measure_is_not_due_in_the_past(risk: Risk, tech: User, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        risks.add_measure(
            risk, actor=tech, now=now, kind="preventive", text=WORDS, owner=tech,
            due_on=date(2026, 11, 22),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_closed_risk_leaves_the_matrix(
    risk: Risk, supervisor: User, signed_in: SignedIn, now: datetime
) -> None:
    client = signed_in(supervisor)

    def counted() -> int:
        rows = client.get("/risks/").context["matrix"]
        return sum(cell.count for row in rows for cell in row.cells)

    assert counted() == 1
    opened = client.get("/risks/?likelihood=3&impact=3").context["rows"]
    assert [row[0] for row in opened] == [risk]
    risks.close(risk, actor=supervisor, now=now, opinion="设备已更换,风险消除")
    assert counted() == 0
    assert client.get("/risks/?closed=1").context["rows"]


@pytest.mark.django_db
def test_the_page_says_what_is_missing(risk: Risk, signed_in: SignedIn, supervisor: User) -> None:
    page = signed_in(supervisor).get(f"/risks/{risk.number}/").content.decode()
    assert "预防措施和解决措施须各至少一项" in page


@pytest.mark.django_db
def test_over_the_api(risk: Risk, signed_in: SignedIn, tech: User, agent: User) -> None:
    body: dict[str, Any] = signed_in(tech).get(f"/api/v1/risks/{risk.number}/").json()
    assert (body["level"], body["measures"]) == ("medium", [])
    answer = signed_in(agent).post(f"/api/v1/risks/{risk.number}/actions/close/", {})
    assert answer.status_code == 403
