"""When an internal target is used up: pure arithmetic on legs of working time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.arithmetic import WorkingCalendar, add_working_time, working_time_between
from calendars.errors import CalendarMissing

# From one instant to another; the last leg may still be running.
Leg = tuple[datetime, datetime | None]
WARN_SHARE = 0.75
# Whoever stops at the last instant is in time; the first instant beyond is one second later.
JUST_AFTER = timedelta(seconds=1)


@dataclass(frozen=True)
class Deadlines:
    """Deadline and reminder (UTC) as the legs stand; None while paused, or without calendar."""

    due_at: datetime | None
    warn_at: datetime | None
    calendar_missing: bool


def used_up_at(
    calendar: WorkingCalendar, legs: Iterable[Leg], allowance: timedelta
) -> datetime | None:
    """The UTC instant at which the legs have used ``allowance`` of working time.

    None when all legs are over and something is left: the clock is paused. Raises
    ``CalendarMissing`` when a year is needed whose calendar is not loaded.
    """
    left = allowance
    for start, end in legs:
        if end is None:
            return add_working_time(calendar, start, left)
        spent = working_time_between(calendar, start, end)
        if spent >= left:
            return add_working_time(calendar, start, left)
        left -= spent
    return None


def warning_of(minutes: int) -> timedelta:
    """Working time after which the holder is reminded: three quarters of it."""
    return timedelta(minutes=minutes) * WARN_SHARE


def legs(
    origin: datetime,
    pauses: Iterable[tuple[datetime, datetime | None]],
    stopped_at: datetime | None,
) -> list[Leg]:
    """The stretches of time that count, in order; the last one is open while the clock runs."""
    found: list[Leg] = []
    start: datetime | None = origin
    for paused_at, resumed_at in pauses:
        if start is not None:
            found.append((start, paused_at))
        start = resumed_at
    if start is not None:
        found.append((start, stopped_at))
    return found


def deadlines(calendar: WorkingCalendar, counted: Sequence[Leg], minutes: int) -> Deadlines:
    """When ``minutes`` of working time are used up on these legs, and three quarters of them."""
    try:
        return Deadlines(
            used_up_at(calendar, counted, timedelta(minutes=minutes)),
            used_up_at(calendar, counted, warning_of(minutes)),
            calendar_missing=False,
        )
    except CalendarMissing:
        return Deadlines(None, None, calendar_missing=True)
