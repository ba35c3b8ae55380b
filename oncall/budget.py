"""How often a carrier lets one telephone be called. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_SPANS = (
    ("per_minute", timedelta(minutes=1)),
    ("per_hour", timedelta(hours=1)),
    ("per_day", timedelta(days=1)),
)
LONGEST_SPAN = timedelta(days=1)


@dataclass(frozen=True)
class Budget:
    """Calls to one number in any minute, hour and day; 0 is without limit."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0

    @classmethod
    def parse(cls, text: str) -> Budget:
        """``"1/5/20"``: a minute, an hour, a day; ``""`` is without limit. ``ValueError`` else."""
        if not text.strip():
            return cls()
        minute, hour, day = (int(part) for part in text.split("/"))
        if min(minute, hour, day) < 0:
            raise ValueError("a budget is not negative")
        return cls(minute, hour, day)

    @property
    def is_limited(self) -> bool:
        """False when every number of calls is allowed."""
        return bool(self.per_minute or self.per_hour or self.per_day)

    def allows(self, calls: Sequence[datetime], now: datetime) -> bool:
        """May the number be called at ``now`` (UTC) after the ``calls`` made so far?"""
        return all(
            not limit or sum(now - span < call <= now for call in calls) < limit
            for limit, span in ((getattr(self, name), span) for name, span in _SPANS)
        )
