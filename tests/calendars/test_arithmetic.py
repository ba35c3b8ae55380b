"""Working time on the official calendars of 2025 and 2026: the vectors and the laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.arithmetic import (
    SHANGHAI,
    Hours,
    WorkingCalendar,
    add_working_days,
    add_working_time,
    is_working_day,
    is_working_time,
    working_segments,
    working_time_between,
)
from calendars.arrangements import SHIPPED, parse
from calendars.errors import CalendarMissing


def shipped(hours: tuple[Hours, ...] = ()) -> WorkingCalendar:
    """The calendar of the two shipped years."""
    arrangements = [parse((SHIPPED / f"{year}.json").read_text("utf-8")) for year in (2025, 2026)]
    days = [day for arrangement in arrangements for day in arrangement.days]
    return WorkingCalendar(
        years=frozenset(arrangement.year for arrangement in arrangements),
        holidays=frozenset(day.date for day in days if day.kind == "holiday"),
        makeup_days=frozenset(day.date for day in days if day.kind == "makeup"),
        hours=hours,
    )


CALENDAR = shipped()
SUMMER = shipped(
    (
        Hours(time(8, 30), time(12), date(2026, 6, 1), date(2026, 8, 31)),
        Hours(time(13, 30), time(18), date(2026, 6, 1), date(2026, 8, 31)),
    )
)


def at(text: str) -> datetime:
    """A Shanghai wall-clock time as a UTC instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def hours(number: float) -> timedelta:
    """A duration."""
    return timedelta(hours=number)


# --- the agreed vectors ---------------------------------------------------------------------


def test_four_hours_from_the_eve_of_national_day_end_after_the_holiday() -> None:
    assert add_working_time(CALENDAR, at("2026-09-30 16:00"), hours(4)) == at("2026-10-08 12:00")


def test_eight_hours_from_a_friday_run_into_a_make_up_saturday() -> None:
    assert add_working_time(CALENDAR, at("2026-02-13 16:00"), hours(8)) == at("2026-02-14 16:00")


def test_two_hours_from_a_make_up_saturday_afternoon_end_on_monday() -> None:
    assert add_working_time(CALENDAR, at("2026-05-09 16:30"), hours(2)) == at("2026-05-11 10:30")


def test_an_hour_from_a_make_up_sunday_evening_starts_on_monday_morning() -> None:
    assert add_working_time(CALENDAR, at("2026-01-04 18:00"), hours(1)) == at("2026-01-05 10:00")


def test_an_hour_from_before_work_on_a_make_up_saturday_starts_at_nine() -> None:
    assert add_working_time(CALENDAR, at("2026-10-10 08:00"), hours(1)) == at("2026-10-10 10:00")


def test_four_hours_from_a_friday_night_start_on_monday_morning() -> None:
    assert add_working_time(CALENDAR, at("2026-11-20 23:10"), hours(4)) == at("2026-11-23 13:00")


# --- days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 14), True),  # make-up Saturday
        (date(2026, 2, 16), False),  # Monday in Spring Festival
        (date(2026, 9, 20), True),  # make-up Sunday
        (date(2026, 11, 21), False),  # plain Saturday
        (date(2026, 11, 23), True),  # plain Monday
    ],
)
def test_working_days(day: date, working: bool) -> None:
    assert is_working_day(CALENDAR, day) is working


@pytest.mark.parametrize(
    ("text", "working"),
    [
        ("2026-10-10 12:00", True),  # noon of a make-up Saturday
        ("2026-11-23 12:30", True),  # no lunch gap
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59:59", True),
        ("2026-11-23 17:00", False),
        ("2026-10-01 10:00", False),
        ("2026-11-22 10:00", False),
    ],
)
def test_working_time(text: str, working: bool) -> None:
    assert is_working_time(CALENDAR, at(text)) is working


def test_the_local_date_counts_not_the_utc_date() -> None:
    assert is_working_time(
        WorkingCalendar(frozenset({2026})), datetime(2026, 11, 23, 1, tzinfo=UTC)
    )
    early = shipped((Hours(time(0), time(8)),))
    sunday_in_utc = datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert is_working_time(early, sunday_in_utc)


# --- ends of segments -----------------------------------------------------------------------


def test_time_that_fills_the_day_ends_at_its_close() -> None:
    assert add_working_time(CALENDAR, at("2026-11-20 09:00"), hours(8)) == at("2026-11-20 17:00")


def test_time_from_the_close_of_a_day_starts_on_the_next_working_day() -> None:
    assert add_working_time(CALENDAR, at("2026-11-20 17:00"), hours(1)) == at("2026-11-23 10:00")


def test_no_time_at_all_moves_only_out_of_the_time_off() -> None:
    assert add_working_time(CALENDAR, at("2026-11-20 10:00"), hours(0)) == at("2026-11-20 10:00")
    assert add_working_time(CALENDAR, at("2026-11-21 10:00"), hours(0)) == at("2026-11-23 09:00")


def test_time_between_skips_the_holiday() -> None:
    between = working_time_between(CALENDAR, at("2026-09-30 16:00"), at("2026-10-08 12:00"))
    assert between == hours(4)


def test_time_between_is_negative_backwards() -> None:
    between = working_time_between(CALENDAR, at("2026-10-08 12:00"), at("2026-09-30 16:00"))
    assert between == hours(-4)


# --- working days ---------------------------------------------------------------------------


def test_five_working_days_after_a_monday_end_with_the_next_monday() -> None:
    assert add_working_days(CALENDAR, at("2026-11-23 09:05"), 5) == at("2026-11-30 17:00")


def test_working_days_skip_the_holiday_and_count_the_make_up_saturday() -> None:
    # 30 September → 8, 9, 10 (make-up Saturday), 12, 13 October
    assert add_working_days(CALENDAR, at("2026-09-30 20:00"), 3) == at("2026-10-10 17:00")
    assert add_working_days(CALENDAR, at("2026-09-30 20:00"), 5) == at("2026-10-13 17:00")


# --- seasonal hours and several segments ----------------------------------------------------


def test_seasonal_hours_replace_the_default_in_their_season_only() -> None:
    assert working_segments(SUMMER, date(2026, 6, 1)) == [
        (at("2026-06-01 08:30"), at("2026-06-01 12:00")),
        (at("2026-06-01 13:30"), at("2026-06-01 18:00")),
    ]
    assert working_segments(SUMMER, date(2026, 9, 1)) == [
        (at("2026-09-01 09:00"), at("2026-09-01 17:00"))
    ]


def test_time_jumps_over_a_lunch_gap() -> None:
    assert add_working_time(SUMMER, at("2026-07-01 11:30"), hours(1)) == at("2026-07-01 14:00")
    assert not is_working_time(SUMMER, at("2026-07-01 12:30"))


def test_overlapping_hours_count_once() -> None:
    calendar = shipped((Hours(time(9), time(13)), Hours(time(12), time(17))))
    assert working_segments(calendar, date(2026, 11, 23)) == [
        (at("2026-11-23 09:00"), at("2026-11-23 17:00"))
    ]


def test_hours_must_end_after_they_start() -> None:
    with pytest.raises(ValueError, match="before they start"):
        Hours(time(17), time(9))


# --- a year that is not loaded --------------------------------------------------------------


def test_a_monday_of_an_unknown_year_is_not_taken_for_a_working_day() -> None:
    with pytest.raises(CalendarMissing) as caught:
        is_working_day(CALENDAR, date(2027, 1, 4))
    assert caught.value.year == 2027
    assert "2027" in str(caught.value)


def test_time_within_the_last_loaded_day_needs_no_further_year() -> None:
    assert add_working_time(CALENDAR, at("2026-12-31 16:00"), hours(1)) == at("2026-12-31 17:00")


def test_time_that_runs_into_an_unknown_year_fails_closed() -> None:
    with pytest.raises(CalendarMissing):
        add_working_time(CALENDAR, at("2026-12-31 16:00"), hours(1.5))
    with pytest.raises(CalendarMissing):
        add_working_days(CALENDAR, at("2026-12-28 10:00"), 5)
    with pytest.raises(CalendarMissing):
        working_time_between(CALENDAR, at("2026-12-31 16:00"), at("2027-01-01 00:00"))
    with pytest.raises(CalendarMissing):
        is_working_time(CALENDAR, at("2027-01-04 10:00"))


# --- misuse ---------------------------------------------------------------------------------


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_working_time(CALENDAR, at("2026-11-23 09:00").replace(tzinfo=None))


def test_time_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="only be added"):
        add_working_time(CALENDAR, at("2026-11-23 10:00"), hours(-1))
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(CALENDAR, at("2026-11-23 10:00"), 0)


# --- laws -----------------------------------------------------------------------------------

calendars = st.sampled_from([CALENDAR, SUMMER])
instants = st.integers(min_value=0, max_value=600 * 86400).map(
    lambda seconds: at("2025-01-02 00:00") + timedelta(seconds=seconds)
)
durations = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=200))


@given(calendars, instants, durations)
def test_between_gives_back_what_was_added(
    calendar: WorkingCalendar, start: datetime, duration: timedelta
) -> None:
    end = add_working_time(calendar, start, duration)
    assert working_time_between(calendar, start, end) == duration


@given(calendars, instants, instants)
def test_adding_what_lies_between_gives_back_the_end_of_working_time(
    calendar: WorkingCalendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    end = add_working_time(calendar, end, timedelta(0))
    reached = add_working_time(calendar, start, working_time_between(calendar, start, end))
    # A segment's end and the start of the next are the same moment of working time.
    assert working_time_between(calendar, reached, end) == timedelta(0)
    assert reached == end or not is_working_time(calendar, end - timedelta.resolution)


@given(calendars, instants, durations)
def test_the_result_is_working_time_or_the_end_of_a_segment(
    calendar: WorkingCalendar, start: datetime, duration: timedelta
) -> None:
    end = add_working_time(calendar, start, duration)
    assert end >= start
    assert is_working_time(calendar, end) or is_working_time(calendar, end - timedelta.resolution)


@given(calendars, instants, durations, durations)
def test_more_time_never_ends_earlier(
    calendar: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted((one, other))
    assert add_working_time(calendar, start, shorter) <= add_working_time(calendar, start, longer)


@given(calendars, instants, instants, durations)
def test_a_later_start_never_ends_earlier(
    calendar: WorkingCalendar, one: datetime, other: datetime, duration: timedelta
) -> None:
    first, second = sorted((one, other))
    assert add_working_time(calendar, first, duration) <= add_working_time(
        calendar, second, duration
    )


@given(calendars, instants, durations, durations)
def test_time_may_be_added_in_parts(
    calendar: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    in_parts = add_working_time(calendar, add_working_time(calendar, start, one), other)
    assert in_parts == add_working_time(calendar, start, one + other)


@given(calendars, instants, st.integers(min_value=1, max_value=20))
def test_working_days_end_with_a_day_and_leave_exactly_so_many(
    calendar: WorkingCalendar, start: datetime, days: int
) -> None:
    end = add_working_days(calendar, start, days)
    last = end.astimezone(SHANGHAI).date()
    assert end == working_segments(calendar, last)[-1][1]
    day, counted = start.astimezone(SHANGHAI).date(), 0
    while day < last:
        day += timedelta(days=1)
        counted += is_working_day(calendar, day)
    assert counted == days
