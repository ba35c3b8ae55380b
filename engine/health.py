"""Are the engines alive? (I17)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import registry
from engine.models import Heartbeat

STALE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class EngineHealth:
    """One engine's last run; ``stale`` when it has been silent for a minute or never ran.

    ``lag``: how late the most delayed row of its last work was.
    """

    name: str
    last_run_at: datetime | None
    last_work_at: datetime | None
    last_error: str
    stale: bool
    lag: timedelta | None = None


def engine_health(now: datetime) -> list[EngineHealth]:
    """State of every registered engine at ``now``."""
    beats = {beat.engine: beat for beat in Heartbeat.objects.all()}
    report = []
    for name in registry.names():
        beat = beats.get(name)
        report.append(
            EngineHealth(
                name=name,
                last_run_at=beat.last_run_at if beat else None,
                last_work_at=beat.last_work_at if beat else None,
                last_error=beat.last_error if beat else "",
                stale=beat is None or beat.last_run_at < now - STALE_AFTER,
                lag=_lag(beat),
            )
        )
    return report


def heard_of(name: str) -> datetime | None:
    """When ``name``, which need not be a registered engine, last gave a sign of life (UTC)."""
    beat = Heartbeat.objects.filter(engine=name).first()
    return beat.last_run_at if beat else None


def _lag(beat: Heartbeat | None) -> timedelta | None:
    if beat is None or beat.last_lag_ms is None:
        return None
    return timedelta(milliseconds=beat.last_lag_ms)
