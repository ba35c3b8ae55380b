"""The month as a grid: weeks of days, and under each week two lanes of bars. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calendars.arithmetic import WorkingCalendar, is_working_day
from calendars.errors import CalendarMissing
from oncall.coverage import BEIJING, DAY, midnight
from oncall.gaps import Gap
from oncall.models import Roster, Shift
from oncall.roster_page import RosterDay

HUES = 6
WEEK = 7
# The part of a day that a column shows, in minutes: the hotline only works by day.
SHOWN = {Roster.ON_CALL: (0, 1440), Roster.HOTLINE: (8 * 60, 18 * 60)}


@dataclass(frozen=True)
class LaneBar:
    """One person, or nobody, in a lane of a week: ``x`` and ``width`` as text in per cent.

    ``lane`` is 0 for primary and 1 for backup; a gap goes over both. ``begins`` is False when the
    bar goes on from the week before.
    """

    x: str
    width: str
    lane: int
    name: str
    hue: int
    begins: bool
    by_hand: bool
    minutes: int = 0


@dataclass(frozen=True)
class Cell:
    """A day of the grid; ``working`` is None when its year's calendar is missing."""

    day: RosterDay
    in_month: bool
    mark: str
    mark_kind: str
    working: bool | None


@dataclass(frozen=True)
class Week:
    """Seven days and what stands in them."""

    cells: list[Cell]
    bars: list[LaneBar]


def whole_weeks(first: date, count: int) -> tuple[date, int]:
    """The Monday on or before ``first``, and the days to the Sunday that ends the month."""
    begin = first - timedelta(days=first.weekday())
    last = first + timedelta(days=count - 1)
    return begin, (last - begin).days + 7 - last.weekday()


def month_grid(
    days: Sequence[RosterDay],
    shifts: Sequence[Shift],
    gaps: Sequence[Gap],
    *,
    month: int,
    roster: str,
    calendar: WorkingCalendar,
    marks: dict[date, tuple[str, str]],
) -> list[Week]:
    """Weeks from ``days``, which begin on a Monday; ``marks`` are (name, kind) of holidays."""
    hues: dict[int, int] = {}
    for shift in shifts:
        for person in shift.people:
            hues.setdefault(person.pk, len(hues) % HUES)
    weeks = []
    for index in range(0, len(days), WEEK):
        part = days[index : index + WEEK]
        cells = [_cell(day, month, calendar, marks) for day in part]
        start, end = midnight(part[0].day), midnight(part[-1].day + DAY)
        bars = [bar for shift in shifts for bar in _shift_bars(shift, start, end, roster, hues)]
        bars += [bar for gap in gaps if (bar := _gap_bar(gap, start, end, roster)) is not None]
        weeks.append(Week(cells, bars))
    return weeks


def _cell(
    day: RosterDay, month: int, calendar: WorkingCalendar, marks: dict[date, tuple[str, str]]
) -> Cell:
    try:
        working: bool | None = is_working_day(calendar, day.day)
    except CalendarMissing:
        working = None
    name, kind = marks.get(day.day, ("", ""))
    return Cell(day, day.day.month == month, name, kind, working)


def _shift_bars(
    shift: Shift, start: datetime, end: datetime, roster: str, hues: dict[int, int]
) -> list[LaneBar]:
    placed = _place(shift.starts_at, shift.ends_at, start, end, roster)
    if placed is None:
        return []
    return [
        LaneBar(*placed, lane, person.name, hues[person.pk], shift.starts_at >= start,
                shift.planned_version is None)
        for lane, person in enumerate(shift.people)
    ]  # fmt: skip


def _gap_bar(gap: Gap, start: datetime, end: datetime, roster: str) -> LaneBar | None:
    placed = _place(gap.starts_at, gap.ends_at, start, end, roster)
    if placed is None:
        return None
    seen = Gap(max(gap.starts_at, start), min(gap.ends_at, end))
    return LaneBar(*placed, 0, "", 0, gap.starts_at >= start, False, seen.minutes)


def _place(
    begins: datetime, finishes: datetime, start: datetime, end: datetime, roster: str
) -> tuple[str, str] | None:
    begins, finishes = max(begins, start), min(finishes, end)
    if begins >= finishes:
        return None
    x, until = _share(begins, start, roster), _share(finishes, start, roster)
    return f"{x:.3f}%", f"{max(until - x, 0.4):.3f}%"


def _share(instant: datetime, start: datetime, roster: str) -> float:
    """How far across its week an instant lies, in per cent."""
    low, high = SHOWN[Roster(roster)]
    local = instant.astimezone(BEIJING)
    days = (local.date() - start.astimezone(BEIJING).date()).days
    minute = local.hour * 60 + local.minute
    within = min(max(minute - low, 0), high - low) / (high - low)
    return (days + within) * 100 / WEEK
