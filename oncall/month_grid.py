"""The rosters as grids: a month of weeks, and a list of days; days of both carry the same marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calendars.arithmetic import WorkingCalendar, is_working_day
from calendars.errors import CalendarMissing
from oncall.gaps import Gap
from oncall.lanes import LaneBar, Line, hours_shown, hues_of
from oncall.models import Shift
from oncall.roster_page import RosterDay

WEEK = 7
Marks = dict[date, tuple[str, str]]


@dataclass(frozen=True)
class Cell:
    """A day of the grid; ``working`` is None when its year's calendar is missing.

    ``squeezed``: a gap of this day is too narrow for its minutes, which stand in the cell instead.
    ``x`` is where its column begins.
    """

    day: RosterDay
    x: str
    in_month: bool
    mark: str
    mark_kind: str
    working: bool | None
    squeezed: bool


@dataclass(frozen=True)
class Week:
    """Seven days and what stands in them."""

    cells: list[Cell]
    bars: list[LaneBar]


@dataclass(frozen=True)
class Row:
    """One day and what stands in it, drawn alone; ``now`` is where the present lies, if in it."""

    cell: Cell
    bars: list[LaneBar]
    now: str


@dataclass(frozen=True)
class Days:
    """Days one below the other, each drawn from hour ``low`` to ``high``."""

    rows: list[Row]
    low: int
    high: int

    @property
    def ticks(self) -> list[tuple[str, str, str]]:
        """Place in per cent, hour and text anchor of the marks: every third hour, or every one."""
        length = self.high - self.low
        step = 3 if length > 12 else 1
        hours = range(self.low, self.high + 1, step)
        anchors = {self.low: "start", self.high: "end"}
        return [
            (f"{(hour - self.low) * 100 / length:.3f}%", f"{hour:02d}", anchors.get(hour, "middle"))
            for hour in hours
        ]


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
    marks: Marks,
) -> list[Week]:
    """Weeks from ``days``, which begin on a Monday; ``marks`` are (name, kind) of holidays."""
    hours, hues = _hours(shifts, gaps, roster), hues_of(shifts)
    weeks = []
    for index in range(0, len(days), WEEK):
        part = days[index : index + WEEK]
        line = Line(part[0].day, WEEK, *hours, on_top=not index)
        cells = [_cell(day, line, gaps, calendar, marks, month) for day in part]
        weeks.append(Week(cells, line.bars(shifts, gaps, hues)))
    return weeks


def day_rows(
    days: Sequence[RosterDay],
    shifts: Sequence[Shift],
    gaps: Sequence[Gap],
    *,
    roster: str,
    calendar: WorkingCalendar,
    marks: Marks,
    now: datetime,
) -> Days:
    """A line for every day, in the colours that the month has for the same ``shifts``. UTC."""
    hours, hues = _hours(shifts, gaps, roster), hues_of(shifts)
    rows: list[Row] = []
    for day in days:
        line = Line(day.day, 1, *hours, on_top=not rows)
        cell = _cell(day, line, gaps, calendar, marks, day.day.month)
        rows.append(Row(cell, line.bars(shifts, gaps, hues), line.point(now)))
    return Days(rows, *hours)


def _hours(shifts: Sequence[Shift], gaps: Sequence[Gap], roster: str) -> tuple[int, int]:
    spans = [(shift.starts_at, shift.ends_at) for shift in shifts]
    return hours_shown(spans + [(gap.starts_at, gap.ends_at) for gap in gaps], roster)


def _cell(
    day: RosterDay,
    line: Line,
    gaps: Sequence[Gap],
    calendar: WorkingCalendar,
    marks: Marks,
    month: int,
) -> Cell:
    try:
        working: bool | None = is_working_day(calendar, day.day)
    except CalendarMissing:
        working = None
    name, kind = marks.get(day.day, ("", ""))
    here = [gap for gap in gaps if gap.starts_at < day.end and gap.ends_at > day.start]
    squeezed = any(not bar.has_room for bar in line.bars([], here, {}))
    return Cell(day, line.column(day.day), day.day.month == month, name, kind, working, squeezed)
