"""A library to look at: the starter plans in force, a drill in the calendar, three risks."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from audit import services as audit
from notifications.models import Message
from readiness import starter
from readiness.models import Drill, EmergencyPlan
from readiness.services import drills, plans, risks
from readiness.services.drills import DrillEntry
from readiness.services.risks import Assessment

# title, scenario, cause, consequence, grades before, grades after, plan
_RISKS = [
    (
        "存储双控制器同时故障", "hardware", "控制器固件存在缺陷,未纳入巡检", "收单交易全部中断",
        (3, 5), (2, 4), "YA-HARDWARE",
    ),
    (
        "运营商专线割接失败", "line", "割接窗口未预留回退时间", "部分分行无法交易",
        (3, 3), (2, 2), "YA-LINE",
    ),
    (
        "批处理窗口不足", "software", "交易量增长快于批处理优化", "次日对账文件延迟",
        (2, 2), (1, 2), None,
    ),
]  # fmt: skip


def fill_library(now: datetime) -> None:
    """Write, approve, plan and assess through the services; once (R51, R53)."""
    if EmergencyPlan.objects.exists():
        return
    author = User.objects.get(username="zhangwei")
    supervisor = User.objects.get(username="chenming")
    day = (now + timedelta(days=330)).date()
    with audit.unit_of_work():
        made = {plan.number: plan for plan in starter.load(author=author, now=now)}
        for number, plan in made.items():
            sent = plans.submit(plan, actor=author, now=now)
            made[number] = plans.approve(sent, actor=supervisor, now=now, next_review_on=day)
        _plan_drill(made["YA-POWER"], supervisor, now)
        for row in _RISKS:
            _enter(row, made, author, supervisor, now)
        # What was told while the library was set up is no news to anybody.
        Message.objects.filter(created_at=now, read_at=None).update(read_at=now)


def _plan_drill(plan: EmergencyPlan, supervisor: User, now: datetime) -> None:
    entry = DrillEntry(
        plan=plan, title="机房供电中断综合演练", purpose="检验停机顺序、油机切换与上电恢复",
        mode=Drill.Mode.FULL, planned_at=now + timedelta(days=14),
        departments="技术组、机房监控室、服务台、信息科技部",
        process="停一路市电,观察 UPS 与油机,按顺序停机并恢复",
    )  # fmt: skip
    drills.plan_drill(actor=supervisor, now=now, entry=entry)


def _enter(
    row: tuple[str, str, str, str, tuple[int, int], tuple[int, int], str | None],
    made: dict[str, EmergencyPlan],
    author: User,
    supervisor: User,
    now: datetime,
) -> None:
    title, scenario, cause, consequence, before, after, plan = row
    risk = risks.create(
        actor=author, now=now,
        assessment=Assessment(
            title=title, scenario=scenario, cause=cause, consequence=consequence,
            likelihood=before[0], impact=before[1], residual_likelihood=after[0],
            residual_impact=after[1], owner=author, plan=made[plan] if plan else None,
            review_on=(now + timedelta(days=90)).date(),
        ),
    )  # fmt: skip
    for kind, text in (("preventive", "纳入每月巡检并留存记录"), ("corrective", "按预案切换")):
        risk = risks.add_measure(
            risk, actor=author, now=now, kind=kind, text=text, owner=author,
            due_on=(now + timedelta(days=30)).date(),
        )  # fmt: skip
    risks.accept(risk, actor=supervisor, now=now)
