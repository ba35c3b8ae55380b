"""Plans, drills and risks for tests, made by the services themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from readiness import starter
from readiness.models import Drill, EmergencyPlan, Risk
from readiness.services import drills, plans, risks
from readiness.services.drills import DrillEntry
from readiness.services.risks import Assessment

WORDS = "已逐项核对并留有书面记录"


def effective_plan(
    author: User, supervisor: User, now: datetime, code: str = "YA-HARDWARE"
) -> EmergencyPlan:
    """A plan of the starter set, in force."""
    (plan,) = starter.load(author=author, now=now, only=[code])
    plan = plans.submit(plan, actor=author, now=now)
    day = (now + timedelta(days=300)).date()
    return plans.approve(plan, actor=supervisor, now=now, next_review_on=day)


def entry(plan: EmergencyPlan, now: datetime, **more: Any) -> DrillEntry:
    """A line of the drill calendar, a week ahead."""
    values: dict[str, Any] = {
        "plan": plan, "title": "存储双控故障演练", "purpose": "检验双控切换与数据保护步骤",
        "mode": Drill.Mode.LIVE, "planned_at": now + timedelta(days=7),
        "departments": "技术组、服务台", **more,
    }  # fmt: skip
    return DrillEntry(**values)


def assessment(owner: User, review_on: date, **more: Any) -> Assessment:
    """A medium risk."""
    values: dict[str, Any] = {
        "title": "存储单控故障", "scenario": "hardware", "cause": "控制器固件缺陷未及时修复",
        "consequence": "读写性能下降直至业务中断", "likelihood": 3, "impact": 3,
        "residual_likelihood": 2, "residual_impact": 3, "owner": owner, "review_on": review_on,
        **more,
    }  # fmt: skip
    return Assessment(**values)


def standing(people: dict[str, User], now: datetime) -> tuple[EmergencyPlan, Drill, Risk]:
    """One of each."""
    plan = effective_plan(people["tech"], people["supervisor"], now)
    drill = drills.plan_drill(actor=people["support"], now=now, entry=entry(plan, now))
    day = (now + timedelta(days=90)).date()
    risk = risks.create(actor=people["tech"], now=now, assessment=assessment(people["tech"], day))
    return plan, drill, risk
