"""Business-calendar vectors of domain section 2.4, as internal targets count them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.errors import CalendarMissing
from calendars.services import current_calendar
from sla.target_time import used_up_at, warning_of

BEIJING = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def local(text: str) -> datetime:
    """A Beijing wall-clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("2026-09-30 16:00", 4, "2026-10-08 12:00", id="over-the-national-holiday"),
        pytest.param("2026-02-13 16:00", 8, "2026-02-14 16:00", id="make-up-saturday-counts"),
        pytest.param("2026-05-09 16:30", 2, "2026-05-11 10:30", id="make-up-saturday-then-monday"),
        pytest.param(
            "2026-01-04 18:00", 1, "2026-01-05 10:00", id="after-work-on-a-make-up-sunday"
        ),
        pytest.param("2026-10-10 08:00", 1, "2026-10-10 10:00", id="before-work-on-a-saturday"),
        pytest.param("2026-11-20 23:10", 4, "2026-11-23 13:00", id="friday-night-to-monday"),
    ],
)
def test_business_calendar_vectors(start: str, hours: int, due: str) -> None:
    legs = [(local(start), None)]
    assert used_up_at(current_calendar(), legs, timedelta(hours=hours)) == local(due)


def test_a_pause_over_a_weekend_costs_nothing() -> None:
    """Two hours used on Friday; back on Monday at noon: the other two end at 14:00."""
    legs = [
        (local("2026-11-20 14:00"), local("2026-11-20 16:00")),
        (local("2026-11-23 12:00"), None),
    ]
    assert used_up_at(current_calendar(), legs, timedelta(hours=4)) == local("2026-11-23 14:00")


def test_paused_with_something_left_has_no_end() -> None:
    legs = [(local("2026-11-20 14:00"), local("2026-11-20 16:00"))]
    assert used_up_at(current_calendar(), legs, timedelta(hours=4)) is None


def test_used_up_before_the_pause_keeps_its_end() -> None:
    legs = [
        (local("2026-11-20 10:00"), local("2026-11-20 16:00")),
        (local("2026-11-23 12:00"), None),
    ]
    assert used_up_at(current_calendar(), legs, timedelta(hours=4)) == local("2026-11-20 14:00")


def test_a_year_without_calendar_is_not_guessed() -> None:
    with pytest.raises(CalendarMissing):
        used_up_at(current_calendar(), [(local("2026-12-31 16:00"), None)], timedelta(hours=4))


def test_the_reminder_comes_after_three_quarters() -> None:
    assert warning_of(8 * 60) == timedelta(hours=6)
