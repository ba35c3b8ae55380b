"""Plans, drills and risks ask about card numbers before they keep a word (I12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from operations.models import ManagedObject
from readiness.models import Drill, EmergencyPlan, PlanVersion, Risk
from readiness.services import risks
from tests.readiness.library import WORDS, assessment

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
CARD = "6222 0212 3456 7890 128"
CHECKBOX = 'type="checkbox" name="not_a_card"'


def _asks_then_takes(client: Client, address: str, posted: dict[str, Any]) -> None:
    """Asked first, with a box to tick on the page; ticked, it is taken."""
    asked = client.post(address, posted)
    assert asked.status_code == 422
    assert asked.context["form"].has_error("__all__", "card_number")
    assert asked.content.decode().count(CHECKBOX) == 1
    taken = client.post(address, {**posted, "not_a_card": "on"})
    assert taken.status_code == 302, taken.context["form"].errors


def test_a_risk(signed_in: SignedIn, tech: User) -> None:
    posted = {
        "title": "存储单控故障", "scenario": "hardware", "consequence": WORDS,
        "cause": f"卡 {CARD}",
        "likelihood": 3, "impact": 3, "residual_likelihood": 2, "residual_impact": 3,
        "owner": tech.pk, "review_on": "2027-03-01",
    }  # fmt: skip
    _asks_then_takes(signed_in(tech), "/risks/new/", posted)
    assert Risk.objects.count() == 1


def test_a_measure_of_a_risk(signed_in: SignedIn, tech: User, now: datetime) -> None:
    risk = risks.create(actor=tech, now=now, assessment=assessment(tech, date(2027, 3, 1)))
    posted = {
        "version": risk.row_version, "kind": "preventive", "text": f"按卡 {CARD} 复核",
        "owner": tech.pk, "due_on": "2026-12-01",
    }  # fmt: skip
    _asks_then_takes(signed_in(tech), f"/risks/{risk.number}/do/add_measure/", posted)
    assert risk.measures.count() == 1


def test_a_new_plan_and_its_draft(signed_in: SignedIn, tech: User) -> None:
    client = signed_in(tech)
    posted: dict[str, Any] = {
        "number": "YA-CARD", "title": "卡号测试", "scenario": "power",
        "steps_handle": f"核对卡 {CARD}",
    }  # fmt: skip
    _asks_then_takes(client, "/plans/new/", posted)
    plan = EmergencyPlan.objects.get(number="YA-CARD")
    posted |= {"version": plan.row_version}
    _asks_then_takes(client, f"/plans/{plan.number}/do/write/", posted)
    assert PlanVersion.objects.filter(plan=plan).count() == 1


def test_a_drill_from_a_plan_and_one_in_the_calendar(
    plan: EmergencyPlan, supervisor: User, system: ManagedObject, signed_in: SignedIn
) -> None:
    client = signed_in(supervisor)
    now_posted = {
        "managed_object": system.pk, "scenario": f"卡 {CARD} 交易失败", "hour_seconds": 5,
    }  # fmt: skip
    _asks_then_takes(client, f"/plans/{plan.number}/drill/", now_posted)
    planned = {
        "plan": plan.pk, "title": "机房断电演练", "purpose": WORDS, "mode": "tabletop",
        "planned_at": "2026-12-01T09:00", "departments": f"科技部 {CARD}",
    }  # fmt: skip
    _asks_then_takes(client, "/drills/plan/", planned)
    assert Drill.objects.count() == 2
