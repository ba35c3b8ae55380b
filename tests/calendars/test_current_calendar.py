"""What the rest of the product asks the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from calendars.arithmetic import SHANGHAI, Hours
from calendars.models import CalendarDay, CalendarYear, WorkingHours
from calendars.services import current_calendar, is_after_hours, missing_years

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    """A Shanghai wall-clock time as a UTC instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_a_call_at_noon_of_a_make_up_saturday_is_within_hours() -> None:
    assert not is_after_hours(at("2026-10-10 12:00"))


@pytest.mark.parametrize(
    "text", ["2026-10-01 12:00", "2026-11-21 12:00", "2026-11-23 08:59", "2026-11-23 17:00"]
)
def test_a_call_on_a_holiday_weekend_or_evening_is_after_hours(text: str) -> None:
    assert is_after_hours(at(text))


def test_in_a_year_that_is_not_loaded_every_minute_is_on_call() -> None:
    assert is_after_hours(at("2027-01-04 10:00"))


def test_a_newly_loaded_year_holds_at_once() -> None:
    assert 2027 not in current_calendar().years
    CalendarYear.objects.create(year=2027, notice="通知", loaded_at=at("2026-11-23 09:05"))
    assert not is_after_hours(at("2027-01-04 10:00"))


def test_special_days_work_as_their_weekday_does() -> None:
    CalendarDay.objects.create(
        date=date(2026, 3, 8), year_id=2026, kind="special", name="妇女节",
        name_en="Women's Day", notice="通知", entered_by="钱进",
    )  # fmt: skip
    calendar = current_calendar()
    assert date(2026, 3, 8) not in calendar.holidays | calendar.makeup_days


def test_stored_working_hours_apply_in_their_season() -> None:
    WorkingHours.objects.create(
        valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31), start=time(8), end=time(16)
    )
    assert current_calendar().hours == (
        Hours(time(8), time(16), date(2026, 6, 1), date(2026, 8, 31)),
    )
    assert not is_after_hours(at("2026-07-01 08:30"))
    assert is_after_hours(at("2026-07-01 16:30"))
    assert is_after_hours(at("2026-11-23 08:30"))


@pytest.mark.parametrize(
    ("start", "end", "valid_to"),
    [
        (time(17), time(9), None),
        (time(9), time(9), None),
        (time(9), time(17), date(2026, 5, 31)),
    ],
)
def test_the_database_refuses_hours_that_run_backwards(
    start: time, end: time, valid_to: date | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(
            valid_from=date(2026, 6, 1), valid_to=valid_to, start=start, end=end
        )


def test_the_database_refuses_an_unknown_kind_of_day() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(
            date=date(2026, 3, 8), year_id=2026, kind="picnic", name="节", name_en="Day",
            notice="通知", entered_by="钱进",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "missing"),
    [
        ("2026-10-31 23:59", []),
        ("2026-11-01 00:00", [2027]),
        ("2026-12-31 23:59", [2027]),
        ("2027-01-01 00:00", [2027]),
        ("2027-11-01 00:00", [2027, 2028]),
    ],
)
def test_missing_years_are_announced_from_november(moment: str, missing: list[int]) -> None:
    assert missing_years(at(moment)) == missing


def test_a_loaded_year_is_no_longer_missing() -> None:
    CalendarYear.objects.create(year=2027, notice="通知", loaded_at=at("2026-11-23 09:05"))
    assert missing_years(at("2026-11-23 09:05")) == []
