"""Working time, computed on a value: no database, no clock, no guessing.

For internal targets, the after-hours flag and automatic closing only. Contract clocks are plain
elapsed hours and never come here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.errors import CalendarMissing

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """Working hours of one part of the day, local time, ``start`` included and ``end`` not.

    ``valid_from`` and ``valid_to`` (both included) make them seasonal; None is without limit.
    """

    start: time
    end: time
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"working hours end at {self.end}, before they start: {self.start}")

    def valid_on(self, day: date) -> bool:
        """True when these hours apply on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


# 5*8: eight hours without a lunch gap, because a hotline must be answered.
DEFAULT_HOURS = Hours(time(9), time(17))


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days and hours are working time (R11).

    ``years`` are the years whose arrangement is known; every question about another one raises
    ``CalendarMissing``. On a day for which none of ``hours`` is valid, 09:00-17:00 apply.
    """

    years: frozenset[int]
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    hours: tuple[Hours, ...] = ()
    zone: ZoneInfo = SHANGHAI


def is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    """True on make-up workdays and on Monday to Friday outside holidays (R11).

    ``day`` is a local date. Raises ``CalendarMissing``.
    """
    if day.year not in calendar.years:
        raise CalendarMissing(day.year)
    if day in calendar.makeup_days:
        return True
    return day.weekday() < 5 and day not in calendar.holidays


def working_segments(calendar: WorkingCalendar, day: date) -> list[tuple[datetime, datetime]]:
    """Working time of a local date as UTC instants (start, end), in order, without overlaps (R11).

    Empty on a day off. Raises ``CalendarMissing``.
    """
    if not is_working_day(calendar, day):
        return []
    valid = sorted((hours.start, hours.end) for hours in calendar.hours if hours.valid_on(day)) or [
        (DEFAULT_HOURS.start, DEFAULT_HOURS.end)
    ]
    merged = [valid[0]]
    for start, end in valid[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return [(_instant(calendar, day, start), _instant(calendar, day, end)) for start, end in merged]


def is_working_time(calendar: WorkingCalendar, instant: datetime) -> bool:
    """True from the first moment of a working segment until just before its end (R11, R15).

    Raises ``CalendarMissing``, and ``ValueError`` for a naive datetime.
    """
    return any(
        start <= instant < end
        for start, end in working_segments(calendar, _local_date(calendar, instant))
    )


def add_working_time(calendar: WorkingCalendar, instant: datetime, duration: timedelta) -> datetime:
    """The UTC instant at which ``duration`` of working time has passed since ``instant``.

    Time that ends together with a working segment ends there (17:00), not the next morning.
    Raises ``CalendarMissing``, and ``ValueError`` for a negative duration or a naive datetime.
    """
    if duration < timedelta(0):
        raise ValueError("working time can only be added")
    remaining = duration
    for start, end in _segments_since(calendar, instant):
        begin = max(start, instant)
        if begin + remaining <= end:
            return begin + remaining
        if end > begin:
            remaining -= end - begin
    raise AssertionError("segments go on until a year is missing")


def working_time_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> timedelta:
    """Working time from ``a`` to ``b`` (both UTC); negative when ``b`` is the earlier one.

    Raises ``CalendarMissing``, and ``ValueError`` for a naive datetime.
    """
    if b < a:
        return -working_time_between(calendar, b, a)
    total = timedelta(0)
    last = _local_date(calendar, b)
    day = _local_date(calendar, a)
    while day <= last:
        for start, end in working_segments(calendar, day):
            total += max(min(end, b) - max(start, a), timedelta(0))
        day += _ONE_DAY
    return total


def add_working_days(calendar: WorkingCalendar, instant: datetime, days: int) -> datetime:
    """Close of work (UTC) on the ``days``-th working day after the local date of ``instant``.

    The day itself does not count, whatever the hour: something replied to on a Monday, with five
    working days to answer, is open until the next Monday's close. Raises ``CalendarMissing``, and
    ``ValueError`` for less than one day or a naive datetime.
    """
    if days < 1:
        raise ValueError("at least one working day must be added")
    day = _local_date(calendar, instant)
    while days:
        day += _ONE_DAY
        days -= is_working_day(calendar, day)
    return working_segments(calendar, day)[-1][1]


def _segments_since(
    calendar: WorkingCalendar, instant: datetime
) -> Iterator[tuple[datetime, datetime]]:
    day = _local_date(calendar, instant)
    while True:
        for start, end in working_segments(calendar, day):
            if end >= instant:
                yield start, end
        day += _ONE_DAY


def _local_date(calendar: WorkingCalendar, instant: datetime) -> date:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(calendar.zone).date()


def _instant(calendar: WorkingCalendar, day: date, at: time) -> datetime:
    return datetime.combine(day, at, calendar.zone).astimezone(UTC)
