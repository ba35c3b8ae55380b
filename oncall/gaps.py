"""Minutes that no shift covers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Gap:
    """A time without anybody on call (UTC)."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes uncovered; a part of a minute counts as one."""
        return -int(-(self.ends_at - self.starts_at).total_seconds() // 60)


def gaps(spans: Iterable[Span], start: datetime, end: datetime) -> list[Gap]:
    """What ``spans`` (from, to) leave uncovered between ``start`` and ``end`` (R14), in order."""
    found = []
    covered = start
    for begins, finishes in sorted(spans):
        if covered >= end:
            break
        if begins > covered:
            found.append(Gap(covered, min(begins, end)))
        covered = max(covered, finishes)
    if covered < end:
        found.append(Gap(covered, end))
    return found


def minutes_uncovered(spans: Iterable[Span], start: datetime, end: datetime) -> int:
    """All uncovered minutes between ``start`` and ``end``."""
    return sum(gap.minutes for gap in gaps(spans, start, end))
