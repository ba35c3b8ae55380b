"""A commitment to count by, and the engine that tells its milestones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit import services as audit
from sla import handlers, services
from sla.handlers import Fired
from sla.models import Agreement, Clock, Commitment

# Monday 2026-11-23 00:00 in Beijing: hours of a clock are hours of the day.
T0 = datetime(2026, 11, 22, 16, tzinfo=UTC)
KIND = "sample"


def after(hours: float, seconds: float = 0) -> datetime:
    """``T0`` plus hours and seconds."""
    return T0 + timedelta(hours=hours, seconds=seconds)


def agreement(version: int, effective_from: datetime, **terms: Any) -> Agreement:
    """A confirmed version of the service plan."""
    made = Agreement(version=version, effective_from=effective_from, **terms)
    made.propose()
    made.confirm()
    made.save()
    return made


class Promise:
    """One record's clocks, driven as a service would drive them."""

    def __init__(self, commitment: Commitment) -> None:
        self.commitment = commitment

    def get(self, kind: str) -> Clock:
        """The latest run of a kind."""
        found = Clock.objects.filter(commitment=self.commitment, kind=kind).order_by("run").last()
        assert found is not None
        return found

    def tick(self, at: datetime) -> int:
        """The engine runs at ``at`` until nothing is due."""
        total = 0
        while fired := services.fire_due(at):
            total += fired
        return total

    def resolve(self, at: datetime, *, now: datetime | None = None) -> None:
        with audit.unit_of_work():
            services.stop_fix(self.commitment, resolved_at=at, now=now or at)
            services.start_report(self.commitment, resolved_at=at, now=now or at)

    def reject(self, at: datetime) -> None:
        with audit.unit_of_work():
            services.reject_recovery(self.commitment, now=at)

    def plan(self, at: datetime) -> None:
        with audit.unit_of_work():
            services.deliver_plan(self.commitment, delivered_at=at, now=at)

    def report(self, at: datetime) -> None:
        with audit.unit_of_work():
            services.deliver_report(self.commitment, delivered_at=at, now=at)

    def move(self, t0: datetime, at: datetime, reason: str = "另有更早的报告") -> None:
        """T0 is moved at ``at``."""
        with audit.unit_of_work():
            services.move_t0(self.commitment, t0=t0, now=at, reason=reason)

    def void(self, at: datetime) -> None:
        with audit.unit_of_work():
            services.void_clocks(self.commitment, now=at)

    def states(self) -> dict[str, str]:
        """State of the latest run of each kind."""
        rows = Clock.objects.filter(commitment=self.commitment).order_by("run")
        return {clock.kind: clock.state for clock in rows}

    def told(self, kind: str) -> list[str]:
        """Codes of the milestones told by the latest run of a kind, in order."""
        return [row.code for row in self.get(kind).milestones.order_by("due_at")]


@pytest.fixture
def promise(db: None) -> Callable[..., Promise]:
    """Open clocks: ``promise(t0=…, now=…, is_drill=…, hour_seconds=…)``."""
    numbers = iter(range(1, 10_000))

    def open_clocks(**given: Any) -> Promise:
        t0 = given.pop("t0", T0)
        with audit.unit_of_work():
            commitment = services.open_commitment(
                subject=given.pop("subject", f"GZ-{next(numbers):04d}"),
                kind=KIND,
                url="/",
                title="测试",
                t0=t0,
                now=given.pop("now", t0),
                **given,
            )
        return Promise(commitment)

    return open_clocks


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Fired]:
    """What a handler of the sample kind has been told."""
    fired: list[Fired] = []
    monkeypatch.setitem(handlers._handlers, KIND, [fired.append])
    return fired
