"""Incidents brought to where a test begins, by the services themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Organisation, User
from incidents import services
from incidents.models import Incident, RecoveryEntry
from operations.models import ManagedObject

# Monday 2026-11-23 00:00 in Beijing: hours of a clock are hours of the day.
T0 = datetime(2026, 11, 22, 16, tzinfo=UTC)
WORDS = "已按预案逐项处置并复核"

PLAN_PARTS: dict[str, Any] = {
    "current_status": "主备控制器均离线,厂家已远程接入",
    "difficulty": "双控制器同时故障,备件在途",
    "business_impact": "全省收单交易全部中断",
    "interim_operation": "切换至备用阵列降级运行",
    "resources": "备用阵列与网络通道可用",
    "steps": "值班技术人员切换,失败时回退原路径",
    "data_consistency": "恢复后比对流水并补录",
    "risk": "降级期间容量只有一半",
    "notify": "总行运营管理部与各分行",
    "expected_recovery_at": T0 + timedelta(hours=15),
    "stop_condition": "主阵列恢复并核对无误",
}
REPORT_PARTS: dict[str, Any] = {
    "fault_type": "storage.hardware",
    "direct_cause": "控制器固件缺陷引发双控重启",
    "root_cause": "固件版本管理没有纳入巡检",
    "method": "切换备用阵列并更换固件",
    "loss": "中断七小时,失败交易一万二千笔,无资金损失",
    "phenomenon": "全省 POS 交易失败",
    "impact": "两省全部商户无法刷卡",
    "outage_minutes": 420,
    "failed_transactions": 12_000,
    "loss_amount": "0.00",
    "complaints": 37,
    "data_loss": "无损失",
    "recovery": "故障前快照已校验,恢复到故障点",
    "measures": "固件版本纳入月度巡检",
    "plan_evaluation": "预案步骤可用,联系表需要更新",
}


def after(hours: float, seconds: float = 0) -> datetime:
    """``T0`` plus hours and seconds."""
    return T0 + timedelta(hours=hours, seconds=seconds)


@pytest.fixture(autouse=True)
def _ten_in_the_morning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages take the time from the server: ten hours after T0, except where workers really run."""
    if "start_worker" in request.fixturenames:
        yield
        return
    with time_machine.travel(after(10), tick=True):
        yield


@dataclass
class Story:
    """One incident and the people around it, one step after the other."""

    incident: Incident
    people: dict[str, User]
    at: datetime = field(default=T0)

    def fresh(self) -> Incident:
        """The row as it is now."""
        self.incident = Incident.objects.get(pk=self.incident.pk)
        return self.incident

    def _do(self, service: Callable[..., Incident], who: str, at: datetime, **given: Any) -> Story:
        self.incident = service(self.incident, actor=self.people[who], now=at, **given)
        self.fresh()
        return self

    def acknowledge(self, at: datetime = T0, who: str = "tech") -> Story:
        return self._do(services.acknowledge, who, at)

    def declare(self, at: datetime = T0, who: str = "tech") -> Story:
        return self._do(
            services.declare_s1,
            who,
            at,
            business_impact="全省收单交易全部中断",
            system_down=True,
            managed_object=self.incident.managed_object,
        )

    def protect(self, at: datetime = T0, who: str = "tech") -> Story:
        return self._do(
            services.protect_data,
            who,
            at,
            scope="数据库全量与归档日志",
            method="快照",
            location="备用阵列",
            verified_by=self.people["tech2"],
        )

    def mitigate(self, at: datetime, who: str = "tech") -> Story:
        return self._do(
            services.mitigate,
            who,
            at,
            method=WORDS,
            limits="容量只有平时一半",
            confirmed_by=self.people["biz"],
        )

    def resolve(self, at: datetime, who: str = "tech", **given: Any) -> Story:
        given.setdefault("resolved_at", at)
        given.setdefault("method", WORDS)
        given.setdefault("fault_type", "storage.hardware")
        given.setdefault("recovery_result", "full")
        given.setdefault("fault_point_at", T0)
        given.setdefault("restored_to_at", T0)
        given.setdefault("data_gap_minutes", 0)
        return self._do(services.resolve, who, at, **given)

    def confirm(self, at: datetime, who: str = "biz") -> Story:
        return self._do(services.confirm, who, at, recovery_result="full")

    def reject(self, at: datetime, who: str = "biz") -> Story:
        return self._do(services.reject_recovery, who, at, what_fails="交易仍大量超时失败")

    def plan(self, at: datetime, *, released: bool = True, delivered: bool = True) -> Story:
        self._do(services.write_plan, "tech", at, **PLAN_PARTS)
        if released:
            self._do(services.release_plan, "supervisor", at)
        if released and delivered:
            self._do(services.deliver_plan, "tech", at, delivered_to="总行运营管理部")
        return self

    def note(self, at: datetime, text: str = "切换到备用阵列", who: str = "tech") -> Story:
        return self._do(services.add_entry, who, at, text=text, result="成功")

    def recovery(self, at: datetime) -> Story:
        """A row of the recovery document, and its first version."""
        if not self.fresh().recovery_entries.exists():
            self.note(at)
        return self._do(services.issue_recovery, "tech", at, summary=WORDS)

    def report(self, at: datetime, *, released: bool = True, delivered: bool = True) -> Story:
        if released and not self.fresh().recovery_documents.exists():
            # Rows may be written until the recovery is confirmed.
            if not self.incident.recovery_entries.exists():
                RecoveryEntry.objects.create(
                    incident=self.incident, happened_at=at, operator=self.people["tech"],
                    action="切换到备用阵列", entered_at=at,
                )  # fmt: skip
            self.recovery(at)
        self._do(services.write_report, "tech", at, **REPORT_PARTS)
        if released:
            self._do(services.release_report, "supervisor", at)
        if released and delivered:
            self._do(services.deliver_report, "tech", at, delivered_to="总行运营管理部")
        return self

    def upward(self, at: datetime) -> Story:
        self._do(services.report_upward, "support", at, content="全省收单业务中断已恢复")
        return self._do(services.acknowledge_upward, "superior", at)

    def review(self, at: datetime) -> Story:
        return self._do(
            services.begin_review,
            "supervisor",
            at,
            participants=[self.people["tech"], self.people["biz"]],
            root_cause="固件版本管理没有纳入巡检",
            plan_use="usable",
        )

    def improve(self, at: datetime, due_at: datetime, owner: str = "tech2") -> Story:
        return self._do(
            services.add_improvement,
            "supervisor",
            at,
            text="固件版本纳入月度巡检",
            owner=self.people[owner],
            due_at=due_at,
        )

    def clocks(self) -> dict[str, str]:
        """State of the latest run of each clock."""
        commitment = self.fresh().commitment
        assert commitment is not None
        return {clock.kind: clock.state for clock in commitment.clocks.order_by("run")}


@pytest.fixture
def people(
    reporter: User, agent: User, support: User, tech: User, tech2: User, biz: User,
    supervisor: User, implementer: User, monitor: User, superior: User, manager: User,
    sysadmin: User, secadmin: User, auditor: User, outsider: User,
) -> dict[str, User]:  # fmt: skip
    """Everybody by name."""
    return {person: user for person, user in locals().items()}  # noqa: C416


@pytest.fixture
def story(
    people: dict[str, User], system: ManagedObject, card_unit: Organisation
) -> Callable[..., Story]:
    """A reported incident: ``story()``, ``story(is_drill=True, hour_seconds=5)``."""

    def begin(**given: Any) -> Story:
        given.setdefault("now", T0)
        incident = services.report_incident(
            **{
                "actor": people["agent"],
                "title": "收单业务全部中断",
                "phenomenon": "全省 POS 交易失败",
                "managed_object": system,
                "unit": card_unit,
                "reporter": people["reporter"],
                "reporter_name": "张丽",
                "reporter_phone": "13800138000",
                **given,
            }
        )
        return Story(incident, people)

    return begin
