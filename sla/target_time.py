"""When an internal target is used up: pure arithmetic on legs of working time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from calendars.arithmetic import WorkingCalendar, add_working_time, working_time_between

# From one instant to another; the last leg may still be running.
Leg = tuple[datetime, datetime | None]
WARN_SHARE = 0.75
# Whoever stops at the last instant is in time; the first instant beyond is one second later.
JUST_AFTER = timedelta(seconds=1)


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
