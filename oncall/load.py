"""How much duty each person has had, and whose turn it would be. Pure.

A night, a weekend day and a holiday count when somebody stood at least one hour of them. A day
is a holiday or a weekend day, never both; a make-up Saturday is neither. The night from one month
into the next belongs to the month in which it begins, and to no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from calendars.arithmetic import SHANGHAI, WorkingCalendar
from oncall.models import LANES, Shift

NIGHT = (time(22), time(6))
# How far the last night of a month reaches into the next.
REACH = timedelta(hours=NIGHT[1].hour)
LEAST = timedelta(hours=1)
# What an hour, a night, a weekend day and a holiday weigh in the hint; a backup's hour is half.
WEIGHTS = {"hours": 1.0, "backup_hours": 0.5, "nights": 4.0, "weekends": 8.0, "holidays": 16.0}


@dataclass
class Load:
    """One person's duty in a month; days by the Beijing date on which they began."""

    primary: timedelta = timedelta()
    backup: timedelta = timedelta()
    nights: set[date] = field(default_factory=set)
    weekends: set[date] = field(default_factory=set)
    holidays: set[date] = field(default_factory=set)

    @property
    def hours(self) -> int:
        """Whole hours in both places."""
        return round((self.primary + self.backup).total_seconds() / 3600)

    @property
    def points(self) -> float:
        """What the hint compares: see ``WEIGHTS``."""
        hours = self.primary.total_seconds() / 3600
        backup = self.backup.total_seconds() / 3600
        return round(
            hours * WEIGHTS["hours"] + backup * WEIGHTS["backup_hours"]
            + len(self.nights) * WEIGHTS["nights"] + len(self.weekends) * WEIGHTS["weekends"]
            + len(self.holidays) * WEIGHTS["holidays"], 1,
        )  # fmt: skip


def loads(
    shifts: Sequence[Shift], calendar: WorkingCalendar, start: datetime, end: datetime
) -> dict[int, Load]:
    """The load of everybody from ``start`` to ``end`` (UTC, Beijing midnights), by their keys.

    ``shifts`` reach to ``end`` and ``REACH`` further, for the last night.
    """
    found: dict[int, Load] = {}
    spans: dict[int, list[tuple[datetime, datetime]]] = {}
    for shift in shifts:
        length = min(shift.ends_at, end) - max(shift.starts_at, start)
        for lane in LANES:
            person = getattr(shift, f"{lane}_id")
            if person is not None:
                load = found.setdefault(person, Load())
                setattr(load, lane, getattr(load, lane) + max(length, timedelta()))
                spans.setdefault(person, []).append((shift.starts_at, shift.ends_at))
    first, after = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    for person, own in spans.items():
        days = [day for day in _days(own) if first <= day < after]
        _count_days(found[person], own, days, calendar)
    return {person: load for person, load in found.items() if load.points}


def _count_days(
    load: Load,
    spans: Sequence[tuple[datetime, datetime]],
    days: Iterable[date],
    calendar: WorkingCalendar,
) -> None:
    for day in days:
        if _stood(spans, _at(day, NIGHT[0]), _at(day + timedelta(days=1), NIGHT[1])) >= LEAST:
            load.nights.add(day)
        if _stood(spans, _at(day, time()), _at(day + timedelta(days=1), time())) < LEAST:
            continue
        if day in calendar.holidays:
            load.holidays.add(day)
        elif day.weekday() >= 5 and day not in calendar.makeup_days:
            load.weekends.add(day)


def _days(spans: Sequence[tuple[datetime, datetime]]) -> Iterator[date]:
    """Every Beijing day touched, and the one before: its night reaches into the morning."""
    seen: set[date] = set()
    for begins, finishes in spans:
        day = begins.astimezone(SHANGHAI).date() - timedelta(days=1)
        while _at(day, time()) < finishes:
            if day not in seen:
                seen.add(day)
                yield day
            day += timedelta(days=1)


def _stood(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> timedelta:
    parts = ((max(begins, start), min(finishes, end)) for begins, finishes in spans)
    return sum((b - a for a, b in parts if a < b), timedelta())


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)


def whose_turn(found: Mapping[int, Load], candidates: Iterable[int]) -> list[int]:
    """``candidates``, whoever has had least first; equal loads in the order they were given."""
    return sorted(candidates, key=lambda person: found.get(person, Load()).points)
