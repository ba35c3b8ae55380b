"""Where ``now`` is moved: midnights, month ends and leap days of Beijing, ever forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
KINDS = ("midnight", "midnight", "month end", "leap day")
FEBRUARY = 2


def next_edge(after: datetime, chance: Random) -> tuple[str, datetime]:
    """A kind drawn by lot, and the first such instant (UTC) at least a day and a half ahead."""
    kind = chance.choice(KINDS)
    day = (after + timedelta(days=1, hours=12)).astimezone(BEIJING)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while not _is(kind, midnight):
        midnight += timedelta(days=1)
    return kind, midnight.astimezone(UTC)


def _is(kind: str, midnight: datetime) -> bool:
    before = midnight - timedelta(days=1)
    if kind == "month end":
        return midnight.day == 1
    if kind == "leap day":
        return (before.month, before.day) == (FEBRUARY, 29)
    return True
