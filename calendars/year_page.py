"""What the page of a year shows: months of weeks of days, and the periods of the notice."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from calendars.arithmetic import DEFAULT_HOURS, Hours, WorkingCalendar, is_working_day
from calendars.models import CalendarDay
from calendars.services import current_calendar
from workflow.decisions import Text

# Monday first; the short form heads the columns, the long one is read aloud.
WEEKDAY_HEADS: list[tuple[Text, Text]] = list(
    zip(
        [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")],
        [WEEKDAYS[number] for number in range(7)],
        strict=True,
    )
)


@dataclass(frozen=True)
class Day:
    """One cell of a month; ``mark`` is the arrangement's row for the day, if any."""

    date: date
    working: bool
    today: bool
    mark: CalendarDay | None


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday; None stands for a day of another month."""

    name: str
    weeks: list[list[Day | None]]
    working_days: int


@dataclass(frozen=True)
class Period:
    """Consecutive days of one kind and name."""

    first: date
    last: date
    day: CalendarDay

    @property
    def length(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class YearPage:
    """A loaded year, ready to be drawn."""

    months: list[Month]
    periods: list[Period]
    seasonal_hours: list[Hours]
    default_hours: Hours
    working_days: int
    holidays: int
    makeup_days: int


def year_page(year: int, today: date) -> YearPage:
    """Everything the page of a loaded ``year`` shows; raises ``CalendarMissing`` otherwise."""
    calendar = current_calendar()
    marks = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    months = [_month(calendar, year, number, marks, today) for number in range(1, 13)]
    return YearPage(
        months=months,
        periods=_periods(marks),
        seasonal_hours=[hours for hours in calendar.hours if _touches(hours, year)],
        default_hours=DEFAULT_HOURS,
        working_days=sum(month.working_days for month in months),
        holidays=sum(row.kind == CalendarDay.Kind.HOLIDAY for row in marks.values()),
        makeup_days=sum(row.kind == CalendarDay.Kind.MAKEUP for row in marks.values()),
    )


def _month(
    calendar: WorkingCalendar,
    year: int,
    number: int,
    marks: dict[date, CalendarDay],
    today: date,
) -> Month:
    weeks: list[list[Day | None]] = [
        [
            Day(day, is_working_day(calendar, day), day == today, marks.get(day))
            if day.month == number
            else None
            for day in week
        ]
        for week in Calendar().monthdatescalendar(year, number)
    ]
    working_days = sum(day.working for week in weeks for day in week if day)
    return Month(str(MONTHS[number]), weeks, working_days)


def _periods(marks: dict[date, CalendarDay]) -> list[Period]:
    periods: list[Period] = []
    for day, row in sorted(marks.items()):
        before = periods[-1] if periods else None
        if (
            before
            and before.last == day - timedelta(days=1)
            and (before.day.kind, before.day.name) == (row.kind, row.name)
        ):
            periods[-1] = Period(before.first, day, before.day)
        else:
            periods.append(Period(day, day, row))
    return periods


def _touches(hours: Hours, year: int) -> bool:
    return (hours.valid_from is None or hours.valid_from.year <= year) and (
        hours.valid_to is None or hours.valid_to.year >= year
    )
