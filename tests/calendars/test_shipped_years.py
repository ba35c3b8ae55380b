"""The shipped arrangements of 2025 and 2026, day by day against an independent source."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from calendars.arithmetic import is_working_day
from calendars.models import CalendarDay, CalendarYear
from calendars.services import current_calendar

pytestmark = pytest.mark.django_db


def days_of(year: int) -> list[date]:
    """Every date of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    calendar = current_calendar()
    ours = {day: is_working_day(calendar, day) for day in days_of(year)}
    theirs = {day: chinese_calendar.is_workday(day) for day in days_of(year)}
    assert ours == theirs


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_year_has_248_working_days(year: int) -> None:
    calendar = current_calendar()
    assert sum(is_working_day(calendar, day) for day in days_of(year)) == 248


def test_the_notices_are_named() -> None:
    assert dict(CalendarYear.objects.values_list("year", "notice")) == {
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
    }


def test_holidays_have_names_in_both_languages() -> None:
    day = CalendarDay.objects.get(date=date(2026, 10, 1))
    assert (day.name, day.name_en) == ("国庆节", "National Day")
