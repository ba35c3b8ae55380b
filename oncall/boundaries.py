"""When duty passes from one person to another, and between whom. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from calendars.arithmetic import SHANGHAI, WorkingCalendar, working_segments
from calendars.errors import CalendarMissing
from oncall.models import HandoverSheet, Roster, Shift
from workflow.decisions import same_person

Kind = HandoverSheet.Kind


@dataclass(frozen=True)
class Boundary:
    """Duty passes at ``at`` (UTC) from ``leaver`` to ``taker``; None when nobody is rostered."""

    at: datetime
    kind: str
    leaver: User | None
    taker: User | None


def boundaries(
    shifts: Sequence[Shift], calendar: WorkingCalendar, start: datetime, end: datetime
) -> list[Boundary]:
    """Every handover with ``start`` ≤ at < ``end`` (UTC), in order (R11, R14).

    In the morning the mobile hands to the hotline, in the evening the hotline to the mobile, and
    the mobile's shifts to each other. Where one human stays, or nobody is on either side, there
    is nothing to hand over. In a year without a calendar only the mobile's shifts count.
    """
    found = [*_working_time(shifts, calendar, start, end), *_shift_changes(shifts, start, end)]
    return sorted(
        (each for each in found if _passes_on(each)), key=lambda each: (each.at, each.kind)
    )


def _passes_on(each: Boundary) -> bool:
    if each.leaver is None and each.taker is None:
        return False
    return not same_person(each.leaver, each.taker)


def _working_time(
    shifts: Sequence[Shift], calendar: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[Boundary]:
    for opens, closes in _segments(calendar, start, end):
        hotline = _stands(shifts, Roster.HOTLINE, opens)
        if start <= opens < end and hotline is not None:
            yield Boundary(opens, Kind.WORK_STARTS, _before(shifts, opens), hotline)
        hotline = _stands(shifts, Roster.HOTLINE, closes - timedelta(seconds=1))
        if start <= closes < end and hotline is not None:
            mobile = _stands(shifts, Roster.ON_CALL, closes)
            yield Boundary(closes, Kind.WORK_ENDS, hotline, mobile)


def _segments(
    calendar: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(SHANGHAI).date() - timedelta(days=1)
    while day <= end.astimezone(SHANGHAI).date():
        with suppress(CalendarMissing):
            yield from working_segments(calendar, day)
        day += timedelta(days=1)


def _shift_changes(shifts: Sequence[Shift], start: datetime, end: datetime) -> Iterator[Boundary]:
    mobile = [shift for shift in shifts if shift.roster == Roster.ON_CALL]
    edges = {shift.starts_at for shift in mobile} | {shift.ends_at for shift in mobile}
    for at in sorted(edges):
        if start <= at < end:
            taker = _stands(mobile, Roster.ON_CALL, at)
            yield Boundary(at, Kind.SHIFT, _before(mobile, at), taker)


def _before(shifts: Sequence[Shift], at: datetime) -> User | None:
    """Who has the mobile just before an instant."""
    return _stands(shifts, Roster.ON_CALL, at - timedelta(seconds=1))


def _stands(shifts: Sequence[Shift], roster: str, at: datetime) -> User | None:
    return next(
        (
            shift.primary
            for shift in shifts
            if shift.roster == roster and shift.starts_at <= at < shift.ends_at
        ),
        None,
    )
