"""The hotline: every working minute has a named person, by the working calendar (R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SETUP
from accounts.models import User
from calendars.models import CalendarYear
from notifications.models import Message
from oncall.findings import Kind
from oncall.models import Roster, Shift
from oncall.rota import Desk, hotline, on_call
from oncall.services.roster_watch import roster_findings, watch_due
from oncall.services.shifts import add_shift
from workflow.errors import InvalidInput

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SignIn = Callable[[User], Client]


def beijing(text: str) -> datetime:
    """``2026-10-10 09:00`` in Beijing, as UTC."""
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


def seat(person: User, start: str, end: str) -> Shift:
    """Put somebody at the hotline, Beijing time."""
    return add_shift(
        actor=SETUP, roster=Roster.HOTLINE, starts_at=beijing(start), ends_at=beijing(end),
        primary=person, backup=None,
    )  # fmt: skip


def hotline_findings(now: datetime) -> list[tuple[Kind, int]]:
    """Kind and minutes of what is found in the coming seven days."""
    found = roster_findings(now, rosters=(Roster.HOTLINE,))
    return [(each.kind, each.minutes) for each in found]


def test_one_person_is_enough_for_the_hotline_and_not_for_the_mobile(
    agent: User, now: datetime
) -> None:
    shift = seat(agent, "2026-11-23 09:00", "2026-11-23 17:00")
    assert shift.backup is None
    with pytest.raises(InvalidInput) as refused:
        add_shift(actor=SETUP, starts_at=now, ends_at=now + HOUR, primary=agent, backup=None)
    assert set(refused.value.fields) == {"backup"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(starts_at=now, ends_at=now + HOUR, primary=agent)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-01 09:00", "2026-10-01 17:00"),  # National Day
        ("2026-11-28 09:00", "2026-11-28 17:00"),  # a Saturday
        ("2026-11-23 08:00", "2026-11-23 17:00"),  # an hour too early
        ("2026-11-23 09:00", "2026-11-24 17:00"),  # over a night
        ("2027-01-04 09:00", "2027-01-04 17:00"),  # a year whose calendar is missing
    ],
)
def test_nothing_outside_working_time(agent: User, start: str, end: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        seat(agent, start, end)

    assert set(refused.value.fields) == {"starts_at"}
    assert not Shift.objects.exists()


def test_a_make_up_saturday_is_staffed(agent: User) -> None:
    seat(agent, "2026-10-10 09:00", "2026-10-10 17:00")
    found = hotline_findings(beijing("2026-10-09 18:00"))

    # The Saturday itself is covered; the five days after it are not.
    assert found == [(Kind.HOTLINE_GAP, 480)] * 5


def test_a_gap_is_an_uncovered_working_minute(agent: User) -> None:
    for day in ("23", "24", "25", "26"):
        seat(agent, f"2026-11-{day} 09:00", f"2026-11-{day} 17:00")
    seat(agent, "2026-11-27 09:00", "2026-11-27 12:30")
    now = beijing("2026-11-23 09:05")

    # Friday afternoon, and the Monday up to this minute of the day; never a night or a weekend.
    assert hotline_findings(now) == [(Kind.HOTLINE_GAP, 270), (Kind.HOTLINE_GAP, 5)]


def test_a_year_without_a_calendar_is_a_loud_error(agent: User) -> None:
    now = beijing("2026-12-30 18:00")
    for day in ("30", "31"):
        seat(agent, f"2026-12-{day} 09:00", f"2026-12-{day} 17:00")
    (found,) = roster_findings(now, rosters=(Roster.HOTLINE,))

    assert found.kind == Kind.NO_CALENDAR
    assert found.starts_at == beijing("2027-01-01 00:00")


def test_a_shift_that_a_new_arrangement_made_a_holiday_is_found(agent: User) -> None:
    shift = seat(agent, "2026-11-24 09:00", "2026-11-24 17:00")
    CalendarYear.objects.get(year=2026).days.create(
        date="2026-11-24", kind="holiday", name="临时放假", name_en="Extra day", notice="x",
        entered_by="x",
    )  # fmt: skip
    (found,) = [
        each
        for each in roster_findings(beijing("2026-11-23 17:00"), DAY, rosters=(Roster.HOTLINE,))
        if each.kind == Kind.OUTSIDE
    ]

    assert (found.starts_at, found.ends_at) == (shift.starts_at, shift.ends_at)


def test_the_two_rosters_overlap_but_nobody_stands_in_both(
    rostered: tuple[User, User, User], agent: User
) -> None:
    seat(agent, "2026-11-23 09:05", "2026-11-23 12:00")
    with pytest.raises(InvalidInput) as refused:
        seat(rostered[1], "2026-11-23 12:00", "2026-11-23 17:00")

    assert set(refused.value.fields) == {"primary"}


def test_an_uncovered_hotline_is_warned_of_once_for_all_its_days(
    rostered: object, supervisor: User, now: datetime
) -> None:
    for hours in range(0, 60, 12):
        watch_due(now + hours * HOUR)

    found = Message.objects.filter(dedupe_key__startswith="roster-alert:", channel="in_app")
    assert found.filter(subject__contains="热线").count() == 1


def test_a_missing_calendar_is_warned_of(rostered: object, supervisor: User, now: datetime) -> None:
    CalendarYear.objects.all().delete()
    watch_due(now)
    watch_due(now + DAY)

    assert Message.objects.filter(subject__contains="工作日历", channel="in_app").count() == 1


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-11-23 10:00", Desk.STAFFED),
        ("2026-11-24 10:00", Desk.NOBODY),
        ("2026-11-23 19:00", Desk.CLOSED),
        ("2026-11-28 10:00", Desk.CLOSED),
        ("2027-03-01 10:00", Desk.UNKNOWN),
    ],
)
def test_how_the_hotline_stands_now(agent: User, when: str, state: Desk) -> None:
    seat(agent, "2026-11-23 09:00", "2026-11-23 17:00")

    assert hotline(beijing(when)).state == state
    assert on_call(beijing(when)) is None


def test_the_banner_says_who_answers_the_hotline(
    rostered: object, agent: User, reporter: User, signed_in: SignIn, now: datetime
) -> None:
    seat(agent, "2026-11-23 09:00", "2026-11-23 17:00")
    client = signed_in(reporter)
    with time_machine.travel(now, tick=False):
        page = client.get("/roster/now/").content.decode()
        answer: dict[str, Any] = client.get("/api/v1/oncall/now/").json()["hotline"]
    with time_machine.travel(now + DAY, tick=False):
        client = signed_in(reporter)
        later = client.get("/roster/now/").content.decode()

    assert "当前热线值守" in page
    assert "周静" in page
    assert (answer["state"], answer["primary"]["name"]) == ("staffed", "周静")
    assert answer["primary"]["phone"] == "138****8000"
    assert "热线无人值守" in later


def test_the_banner_costs_two_queries(
    rostered: object, agent: User, reporter: User, signed_in: SignIn, now: datetime
) -> None:
    seat(agent, "2026-11-23 09:00", "2026-11-23 17:00")
    with time_machine.travel(now, tick=False):
        client = signed_in(reporter)
        client.get("/roster/now/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/roster/now/")

    assert sum("oncall_shift" in each["sql"] for each in queries) == 2
    assert not any("calendars" in each["sql"] for each in queries)
