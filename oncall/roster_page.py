"""The roster as people read it: one line per day, two lanes of 24 hours, gaps between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calendars.arithmetic import WorkingCalendar
from oncall.coverage import DAY, coverage, midnight
from oncall.gaps import Gap
from oncall.models import Roster, Shift

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch of a day: ``x`` and ``width`` in minutes from midnight; a gap has no shift."""

    x: int
    width: int
    starts_at: datetime
    ends_at: datetime
    shift: Shift | None = None


@dataclass(frozen=True)
class RosterDay:
    """A Beijing day with its bars in order."""

    day: date
    bars: list[Bar]
    is_today: bool
    is_past: bool = False

    @property
    def start(self) -> datetime:
        """The instant at which it begins."""
        return midnight(self.day)

    @property
    def end(self) -> datetime:
        """The midnight after it."""
        return midnight(self.day + DAY)

    @property
    def minutes_uncovered(self) -> int:
        """Minutes of this day without anybody."""
        return sum(bar.width for bar in self.bars if bar.shift is None)


@dataclass(frozen=True)
class RosterPage:
    """Some days of the roster; ``unknown`` are Beijing days of which no calendar says anything."""

    days: list[RosterDay]
    gaps: list[Gap]
    start: datetime
    end: datetime
    unknown: int = 0

    @property
    def last_day(self) -> date:
        """The last day shown."""
        return self.days[-1].day

    @property
    def minutes_uncovered(self) -> int:
        """Minutes without anybody in all days shown."""
        return sum(gap.minutes for gap in self.gaps)


def roster_page(
    shifts: Sequence[Shift],
    first: date,
    count: int,
    today: date,
    roster: str = Roster.ON_CALL,
    calendar: WorkingCalendar | None = None,
) -> RosterPage:
    """``count`` days from ``first``, built from the shifts that touch them."""
    start, end = midnight(first), midnight(first + timedelta(days=count))
    wanted = coverage(roster, start, end, calendar)
    open_times = wanted.gaps([(shift.starts_at, shift.ends_at) for shift in shifts])
    days = [first + timedelta(days=offset) for offset in range(count)]
    return RosterPage(
        days=[
            RosterDay(day, _bars(day, shifts, open_times), day == today, day < today)
            for day in days
        ],
        gaps=open_times,
        start=start,
        end=end,
        unknown=sum((finishes - begins) // DAY for begins, finishes in wanted.unknown),
    )


def _bars(day: date, shifts: Sequence[Shift], open_times: Sequence[Gap]) -> list[Bar]:
    bars = [_bar(day, shift.starts_at, shift.ends_at, shift) for shift in shifts]
    bars += [_bar(day, gap.starts_at, gap.ends_at) for gap in open_times]
    return sorted((bar for bar in bars if bar is not None), key=lambda bar: bar.x)


def _bar(day: date, begins: datetime, finishes: datetime, shift: Shift | None = None) -> Bar | None:
    start, end = midnight(day), midnight(day + timedelta(days=1))
    begins, finishes = max(begins, start), min(finishes, end)
    if begins >= finishes:
        return None
    x = int((begins - start).total_seconds() // 60)
    width = max(1, int((finishes - begins).total_seconds() // 60))
    return Bar(x, width, begins, finishes, shift)
