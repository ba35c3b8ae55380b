"""A defect on its way: each step of the usual path, done by the person whose step it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from operations.models import ManagedObject
from tickets.models import Defect
from tickets.services import (
    defects,
    execution,
    processing,
    replies,
    signoff,
    superior,
    triage,
    verification,
)
from tickets.services.inputs import ChangeInput, DefectInput, SolutionInput

TEXT = "收单前置机连接池配置过小，高峰时段交易排队超时"


@dataclass
class Cast:
    """Who plays which part."""

    reporter: User
    support: User
    tech: User
    supervisor: User
    implementer: User
    agent: User
    superior: User
    system: ManagedObject


class Journey:
    """Brings a defect into any state by doing the steps before it."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast = cast
        self.now = now
        self.changes = ["parameter"]

    def later(self) -> datetime:
        """One minute on."""
        self.now += timedelta(minutes=1)
        return self.now

    def form(self, **changes: Any) -> DefectInput:
        """A complete submission form."""
        values: dict[str, Any] = {
            "title": "商户交易查询超时",
            "phenomenon": "查询三个月以上的交易时页面提示超时，无法导出。",
            "managed_object": self.cast.system,
            "contact_phone": "024-22851234",
            **changes,
        }
        return DefectInput(**values)

    def plan(self, **changes: Any) -> SolutionInput:
        """A complete solution version."""
        values: dict[str, Any] = {
            "cause_class": "parameter", "module": "交易查询",
            "cause": TEXT, "measures": "将连接池由 20 调整为 60 并重启前置应用",
            "impact": "重启期间约一分钟无法查询", "risk": "重启失败导致查询中断",
            "rollback_plan": "恢复原参数文件并重启应用", "testing": "测试环境压测两小时无超时",
            "planned_at": self.now + timedelta(days=1),
            "planned_implementer": self.cast.implementer, "change_kinds": self.changes, **changes,
        }  # fmt: skip
        return SolutionInput(**values)

    def draft(self) -> Defect:
        """D1."""
        reporter = self.cast.reporter
        return defects.save_draft(
            actor=reporter, now=self.later(), reporter=reporter, form=self.form()
        )

    def submitted(self, **form: Any) -> Defect:
        """D2."""
        reporter = self.cast.reporter
        return defects.submit_new(
            actor=reporter, now=self.later(), reporter=reporter, form=self.form(**form)
        )

    def returned(self) -> Defect:
        """D4."""
        return triage.return_for_information(
            self.submitted(), actor=self.cast.support, now=self.later(), opinion="请补充报错截图"
        )

    def triaging(self, defect: Defect | None = None) -> Defect:
        """D3."""
        return triage.accept(defect or self.submitted(), actor=self.cast.support, now=self.later())

    def tech_processing(self, defect: Defect | None = None) -> Defect:
        """D5."""
        return triage.classify_technical(
            defect or self.triaging(), actor=self.cast.support, now=self.later(),
            participants=[self.cast.support], basis="日志显示连接池耗尽", module="交易查询",
            assignee=self.cast.tech,
        )  # fmt: skip

    def pending_signoff(self, defect: Defect | None = None, **plan: Any) -> Defect:
        """D11."""
        return processing.send_for_sign_off(
            defect or self.tech_processing(), actor=self.cast.tech, now=self.later(),
            plan=self.plan(**plan),
        )  # fmt: skip

    def approved(self, defect: Defect | None = None) -> Defect:
        """D14."""
        defect = defect or self.pending_signoff()
        latest = defect.solutions.latest("version")
        return signoff.approve(
            defect, actor=self.cast.supervisor, now=self.later(), solution_hash=latest.content_hash
        )

    def implementing(self, defect: Defect | None = None) -> Defect:
        """D17."""
        return execution.start(
            defect or self.approved(), actor=self.cast.implementer, now=self.later(),
            backup="参数文件已备份到运维机并校验",
        )  # fmt: skip

    def verifying(self, defect: Defect | None = None) -> Defect:
        """D19."""
        return execution.finish(
            defect or self.implementing(), actor=self.cast.implementer, now=self.later(),
            steps="修改参数并重启应用", result="应用启动正常，连接数上升",
            change=ChangeInput("parameter", "连接池过小", "maxPool=20", "maxPool=60"),
        )  # fmt: skip

    def resolved(self, defect: Defect | None = None) -> Defect:
        """D21a."""
        return verification.verify_solved(
            defect or self.verifying(), actor=self.cast.agent, now=self.later(),
            evidence="连续查询十次均在三秒内", method="已扩大查询连接池，可正常查询",
        )  # fmt: skip

    def report_upward(self, defect: Defect) -> Defect:
        """R47, sent."""
        return superior.send_superior_report(
            defect, actor=self.cast.support, now=self.later(), content="交易查询超时，已确认属实"
        )

    def acknowledge(self, defect: Defect) -> Defect:
        """R47, acknowledged."""
        return superior.acknowledge_superior_report(
            defect, actor=self.cast.superior, now=self.later()
        )

    def replied(self, defect: Defect | None = None) -> Defect:
        """D22."""
        return replies.reply(
            self.report_upward(defect or self.resolved()), actor=self.cast.support,
            now=self.later(), recipient_kind="submitting_unit", solution="扩大连接池",
            analysis="高峰时段连接排队", cause="连接池配置过小",
        )  # fmt: skip

    def closed(self) -> Defect:
        """D23."""
        defect = self.acknowledge(self.replied())
        return replies.accept_reply(defect, actor=self.cast.reporter, now=self.later(), rating=5)

    def at(self, state: str) -> Defect:
        """A new defect in ``state``."""
        steps: dict[str, Callable[[], Defect]] = {
            "draft": self.draft, "submitted": self.submitted, "returned": self.returned,
            "triaging": self.triaging, "tech_processing": self.tech_processing,
            "pending_signoff": self.pending_signoff, "approved": self.approved,
            "implementing": self.implementing, "verifying": self.verifying,
            "resolved": self.resolved, "replied": self.replied, "closed": self.closed,
        }  # fmt: skip
        return steps[state]()
