"""What a roster has to cover between two instants. Pure: reads only the calendar it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from calendars.arithmetic import SHANGHAI, WorkingCalendar, working_segments
from calendars.errors import CalendarMissing
from oncall.gaps import Gap, Span, gaps
from oncall.models import Roster
from oncall.spans import joined, within

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Coverage:
    """What must be covered, in order and apart; ``unknown`` is time whose calendar is missing.

    All UTC. Nobody may guess in ``unknown`` time: it is reported, never taken as covered (R11).
    """

    wanted: tuple[Span, ...]
    unknown: tuple[Span, ...] = field(default=())

    def gaps(self, spans: Sequence[Span]) -> list[Gap]:
        """Wanted time that ``spans`` leave uncovered, in order (R11, R14)."""
        return [gap for start, end in self.wanted for gap in gaps(spans, start, end)]

    def outside(self, span: Span) -> list[Span]:
        """The parts of ``span`` where nobody is wanted; unknown time is not among them."""
        known = sorted([*self.wanted, *self.unknown])
        return [(gap.starts_at, gap.ends_at) for gap in gaps(known, *span)]


def midnight(day: date) -> datetime:
    """The instant at which a Beijing day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def coverage(
    roster: str, start: datetime, end: datetime, calendar: WorkingCalendar | None
) -> Coverage:
    """What ``roster`` has to cover from ``start`` to ``end`` (UTC) (R11, R14).

    The on-call mobile every minute; the hotline every working minute. ``calendar`` may be None for
    the mobile, which does not follow it; ``ValueError`` for a hotline without one.
    """
    if start >= end:
        return Coverage(())
    if roster == Roster.ON_CALL:
        return Coverage(((start, end),))
    if calendar is None:
        raise ValueError("the hotline follows the working calendar")
    wanted: list[Span] = []
    unknown: list[Span] = []
    day, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    while day <= last:
        try:
            wanted += within(working_segments(calendar, day), start, end)
        except CalendarMissing:
            unknown += within([(midnight(day), midnight(day + DAY))], start, end)
        day += DAY
    return Coverage(tuple(wanted), tuple(joined(unknown)))
