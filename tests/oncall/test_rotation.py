"""Rotations as a pure function: turns, layers, restrictions, the working calendar (R11, R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from calendars.arithmetic import WorkingCalendar
from oncall.models import Roster
from oncall.rotation import WORKING_DAYS, Configuration, Duty, Layer, faults, from_row, plan

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALENDAR = WorkingCalendar(
    years=frozenset({2026}), holidays=frozenset({date(2026, 10, 1)}),
    makeup_days=frozenset({date(2026, 10, 10)}),
)  # fmt: skip
WEEKLY = Layer("weekly", (1, 2, 3), date(2026, 11, 2))


def beijing(text: str) -> datetime:
    """``2026-11-23 09:00`` in Beijing, as UTC."""
    return (datetime.fromisoformat(text) - 8 * HOUR).replace(tzinfo=UTC)


def mobile(*layers: Layer) -> Configuration:
    """Layers of the on-call mobile, the highest first."""
    return Configuration(Roster.ON_CALL, layers)


def told(configuration: Configuration, start: str, end: str) -> list[tuple[str, int, int | None]]:
    """(hours since the start, primary, backup) of each duty."""
    first = beijing(start)
    found = plan(configuration, first, beijing(end), CALENDAR)
    return [
        (f"{(duty.starts_at - first) / HOUR:g}+{(duty.ends_at - duty.starts_at) / HOUR:g}",
         duty.primary, duty.backup)
        for duty in found.duties
    ]  # fmt: skip


def test_a_week_each_with_the_next_as_backup() -> None:
    assert told(mobile(WEEKLY), "2026-11-02 09:00", "2026-11-30 09:00") == [
        ("0+168", 1, 2), ("168+168", 2, 3), ("336+168", 3, 1), ("504+168", 1, 2),
    ]  # fmt: skip


def test_before_its_first_day_a_rotation_says_nothing() -> None:
    found = plan(mobile(WEEKLY), beijing("2026-11-01 00:00"), beijing("2026-11-03 00:00"))

    assert [(gap.starts_at, gap.ends_at) for gap in found.gaps] == [
        (beijing("2026-11-01 00:00"), beijing("2026-11-02 09:00"))
    ]
    assert len(found.duties) == 1


@pytest.mark.parametrize(("days", "turns"), [(1, 14), (7, 2), (5, 3)])
def test_daily_weekly_and_every_so_many_days(days: int, turns: int) -> None:
    rotation = replace(WEEKLY, every_days=days)

    assert len(told(mobile(rotation), "2026-11-02 09:00", "2026-11-16 09:00")) == turns


def test_every_three_working_days_the_holiday_belongs_to_the_turn_before_it() -> None:
    # 1 October is a holiday, Saturday 10 October is worked.
    rotation = Layer("3", (1, 2, 3), date(2026, 9, 28), every_days=3, counts=WORKING_DAYS)

    assert told(mobile(rotation), "2026-09-28 09:00", "2026-10-14 09:00") == [
        ("0+96", 1, 2), ("96+120", 2, 3), ("216+72", 3, 1), ("288+96", 1, 2),
    ]  # fmt: skip
    # The same minute has the same answer whatever period one asks about.
    assert told(mobile(rotation), "2026-10-10 12:00", "2026-10-11 12:00") == [("0+24", 1, 2)]


def test_a_turn_of_working_days_begins_on_the_first_working_day() -> None:
    saturday = Layer("1", (1, 2), date(2026, 11, 7), every_days=1, counts=WORKING_DAYS)

    assert told(mobile(saturday), "2026-11-07 00:00", "2026-11-11 00:00") == [
        ("57+24", 1, 2), ("81+15", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["2026-12-31 12:00", "2027-02-01 00:00"])
def test_working_days_of_a_missing_year_are_not_guessed(start: str) -> None:
    rotation = Layer("5", (1, 2), date(2026, 12, 28), every_days=5, counts=WORKING_DAYS)
    begins, ends = beijing(start), beijing("2027-02-03 00:00")
    missing = max(begins, beijing("2027-01-01 00:00"))
    found = plan(mobile(rotation), begins, ends, CALENDAR)

    assert found.unknown == ((missing, ends),)
    assert [(gap.starts_at, gap.ends_at) for gap in found.gaps] == [(missing, ends)]


def test_backups_in_an_order_of_their_own_never_meet_their_primary() -> None:
    rotation = replace(WEEKLY, people=(1, 2), backups=(1, 5))

    assert told(mobile(rotation), "2026-11-02 09:00", "2026-11-16 09:00") == [
        ("0+168", 1, 5), ("168+168", 2, 5),
    ]  # fmt: skip


def test_a_higher_layer_wins_where_it_says_something() -> None:
    nights = Layer(
        "weekend", (8, 9), date(2026, 11, 2), weekdays=(5, 6), every_days=7,
    )  # fmt: skip
    found = told(mobile(nights, WEEKLY), "2026-11-02 09:00", "2026-11-10 09:00")

    # Saturday and Sunday of the first week: 111 hours after Monday nine o'clock, for two days.
    assert found == [
        ("0+111", 1, 2), ("111+48", 8, 9), ("159+9", 1, 2), ("168+24", 2, 3),
    ]  # fmt: skip


def test_hours_over_midnight() -> None:
    nights = replace(WEEKLY, from_time=time(22), until_time=time(6))
    found = told(mobile(nights), "2026-11-03 00:00", "2026-11-04 00:00")

    assert [each[0] for each in found] == ["0+6", "22+2"]


def test_only_outside_working_time() -> None:
    found = told(mobile(replace(WEEKLY, follow="outside")), "2026-11-23 00:00", "2026-11-24 00:00")

    # Midnight to the hand-over at nine, when work begins, and from five on.
    assert [each[0] for each in found] == ["0+9", "17+7"]


def test_the_hotline_follows_the_calendar_by_itself() -> None:
    seats = Configuration(Roster.HOTLINE, (replace(WEEKLY, first_day=date(2026, 9, 28)),))
    found = told(seats, "2026-10-01 00:00", "2026-10-12 00:00")

    # National Day off; Friday, the week after, the make-up Saturday of 10 October.
    assert [each[0] for each in found] == [
        "33+8", "105+8", "129+8", "153+8", "177+8", "201+8", "225+8",
    ]  # fmt: skip
    assert (
        plan(seats, beijing("2026-10-01 00:00"), beijing("2026-10-12 00:00"), CALENDAR).gaps == ()
    )


def test_without_a_calendar_nobody_guesses() -> None:
    seats = Configuration(Roster.HOTLINE, (replace(WEEKLY, every_days=1),))
    found = plan(seats, beijing("2026-12-31 00:00"), beijing("2027-01-08 00:00"), CALENDAR)

    assert [duty.starts_at for duty in found.duties] == [beijing("2026-12-31 09:00")]
    assert found.unknown == ((beijing("2027-01-01 00:00"), beijing("2027-01-08 00:00")),)


def test_layers_that_follow_a_missing_calendar_leave_a_gap() -> None:
    found = plan(
        mobile(replace(WEEKLY, follow="outside")), beijing("2027-02-01 00:00"),
        beijing("2027-02-02 00:00"), CALENDAR,
    )  # fmt: skip

    assert found.duties == ()
    assert sum(gap.minutes for gap in found.gaps) == 24 * 60
    assert found.unknown


def test_a_day_is_twenty_five_hours_long_when_the_clocks_go_back() -> None:
    berlin = Layer("b", (1, 2), date(2026, 10, 1), every_days=1, zone="Europe/Berlin")
    start = datetime(2026, 10, 24, 7, tzinfo=UTC)
    found = plan(mobile(berlin), start, start + 3 * DAY).duties

    assert [(duty.ends_at - duty.starts_at) / HOUR for duty in found] == [25, 24, 23]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"people": ()}, "people"), ({"people": (1,)}, "two_people"),
        ({"people": (1,), "backups": (1,)}, "two_people"), ({"every_days": 0}, "every_days"),
        ({"zone": "Moon/Sea"}, "zone"), ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (7,)}, "weekdays"), ({"from_time": time(9)}, "times"),
        ({"follow": "sometimes"}, "follow"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_in_force(changes: dict[str, Any], code: str) -> None:
    assert faults(mobile(replace(WEEKLY, **changes))) == [(0, code)]


def test_the_hotline_may_have_one_person_but_not_stand_outside_working_time() -> None:
    one = replace(WEEKLY, people=(1,))
    assert faults(Configuration(Roster.HOTLINE, (one,))) == []
    outside = Configuration(Roster.HOTLINE, (replace(one, follow="outside"),))
    assert faults(outside) == [(0, "hotline_outside")]
    assert faults(mobile(*[WEEKLY] * 9)) == [(8, "layers")]


def test_a_layer_that_cannot_name_two_says_nothing() -> None:
    alone = replace(WEEKLY, people=(1,))
    found = plan(mobile(alone, WEEKLY), beijing("2026-11-02 09:00"), beijing("2026-11-03 09:00"))

    assert found.duties == (
        Duty(beijing("2026-11-02 09:00"), beijing("2026-11-03 09:00"), 1, 2, "weekly", rank=1),
    )


def test_a_layer_is_kept_as_text_and_read_again() -> None:
    layer = replace(WEEKLY, from_time=time(9), until_time=time(17, 30), backups=(4,))

    assert from_row(layer.as_row()) == layer
