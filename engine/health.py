"""Are the engines alive? (I17)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import registry
from engine.models import Heartbeat

STALE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class EngineHealth:
    """One engine's last run; ``stale`` when it has been silent for a minute or never ran."""

    name: str
    last_run_at: datetime | None
    last_work_at: datetime | None
    last_error: str
    stale: bool


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
            )
        )
    return report
