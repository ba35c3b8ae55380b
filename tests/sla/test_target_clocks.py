"""Internal clocks: start, stop, pause, remind once, fail closed without calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from calendars.models import CalendarYear
from engine import registry
from sla import handlers, targets
from sla.models import Target, TargetClock
from sla.panels import target_view
from workflow.deadlines import deadline

BEIJING = ZoneInfo("Asia/Shanghai")
KIND = "sample"
pytestmark = pytest.mark.django_db


def local(text: str) -> datetime:
    """A Beijing wall-clock time of November 2026 as UTC: ``local("23 09:00")``."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BEIJING).astimezone(UTC)


def follow(*steps: str, at: str, level: str = "S3", hold: bool = False, drop: bool = False) -> None:
    """What the record's room says after a step."""
    subject = targets.Subject("QX-1", KIND, "/", "测试", level)
    targets.follow(subject, steps=steps, now=local(at), hold=hold, drop=drop)


def only() -> TargetClock:
    return TargetClock.objects.get()


@pytest.fixture(autouse=True)
def _targets() -> None:
    Target.objects.create(step="accept", level="S3", minutes=240)
    Target.objects.create(step="triage", level="S3", minutes=480)


@pytest.fixture
def load_calendars() -> Callable[[], None]:
    """Puts the shipped calendars back."""
    shipped = import_module("calendars.migrations.0002_years_2025_and_2026")
    return lambda: shipped.load(apps, connection.schema_editor())


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Reminders: step and code."""
    said: list[tuple[str, str]] = []
    monkeypatch.setitem(
        handlers._target_handlers, KIND, lambda each: said.append((each.clock.step, each.code))
    )
    return said


def chip(at: str) -> str:
    return deadline(target_view(only(), local(at)), local(at)).kind


def test_a_step_without_target_gets_no_clock() -> None:
    follow("reply", at="23 09:00")
    follow("accept", at="23 09:00", level="S2")

    assert not TargetClock.objects.exists()


def test_in_time_is_met_and_the_last_instant_counts() -> None:
    follow("accept", at="23 09:00")
    assert only().due_at == local("23 13:00")
    follow("triage", at="23 13:00")

    assert TargetClock.objects.get(step="accept").state == "met"
    assert TargetClock.objects.get(step="triage").state == "running"


def test_a_second_later_is_missed_for_ever() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 13:00:01")

    assert only().state == "missed"
    assert only().breached_at == local("23 13:00:01")


def test_saying_the_same_twice_changes_nothing() -> None:
    follow("accept", at="23 09:00")
    follow("accept", at="23 10:00")

    assert only().origin == local("23 09:00")


def test_a_target_changed_later_leaves_running_clocks_alone() -> None:
    follow("accept", at="23 09:00")
    Target.objects.filter(step="accept").update(minutes=60)
    follow("accept", at="23 09:30")

    assert only().due_at == local("23 13:00")


def test_the_time_with_the_reporter_does_not_count(heard: list[tuple[str, str]]) -> None:
    follow("accept", at="23 09:00")
    follow(at="23 11:00", hold=True)
    assert only().state == "paused"
    assert only().due_at is None
    assert chip("23 16:00") == "paused"
    registry.run("targets", local("24 09:00"))
    assert heard == []
    follow("accept", at="24 10:00")

    assert only().due_at == local("24 12:00")
    assert only().warn_at == local("24 11:00")
    assert [(pause.paused_at, pause.resumed_at) for pause in only().pauses.all()] == [
        (local("23 11:00"), local("24 10:00"))
    ]


def test_paused_twice() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    follow("accept", at="23 12:00")
    follow(at="23 13:00", hold=True)
    follow("accept", at="24 09:00")

    assert only().due_at == local("24 11:00")


def test_overdue_stays_overdue_through_a_pause() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 14:00", hold=True)
    follow("accept", at="24 09:00")
    follow(at="24 09:01")

    assert only().state == "missed"


@pytest.mark.parametrize(("at", "state"), [("23 10:00", "voided"), ("23 14:00", "missed")])
def test_dropped_is_void_but_hides_no_breach(at: str, state: str) -> None:
    follow("accept", at="23 09:00")
    follow(at=at, drop=True)

    assert only().state == state
    assert only().next_at is None


def test_dropped_while_paused() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    follow(at="24 14:00", drop=True)

    assert only().state == "voided"
    assert only().stopped_at == local("23 10:00")


def test_the_second_time_through_a_step_is_a_run_of_its_own() -> None:
    follow("accept", at="23 09:00")
    follow(at="23 10:00")
    follow("accept", at="23 11:00")

    assert [clock.run for clock in TargetClock.objects.order_by("run")] == [1, 2]


def test_reminded_at_three_quarters_and_when_over_once_each(
    heard: list[tuple[str, str]],
) -> None:
    follow("accept", at="23 09:00")
    for at in ("23 11:59:59", "23 12:00", "23 12:00:01", "23 13:00", "23 13:00:01", "23 15:00"):
        registry.run("targets", local(at))

    assert heard == [("accept", "warn"), ("accept", "breach")]
    assert only().warned_at == local("23 12:00")
    assert only().breached_at == local("23 13:00:01")
    assert only().next_at is None
    assert Event.objects.filter(action="sla.target_reminder").count() == 2


def test_after_a_standstill_only_the_breach_is_worth_telling(
    heard: list[tuple[str, str]],
) -> None:
    follow("accept", at="23 09:00")
    registry.run("targets", local("23 16:00"))

    assert heard == [("accept", "breach")]
    assert only().breached_at == local("23 13:00:01")


def test_the_chip_is_right_with_every_engine_dead() -> None:
    """I17: computed from the deadline when the page is read."""
    follow("accept", at="23 09:00")

    assert [chip(at) for at in ("23 10:00", "23 12:00", "23 13:00", "23 13:00:01")] == [
        "ok", "warn", "warn", "late",
    ]  # fmt: skip


def test_without_calendar_there_is_no_deadline_and_it_says_so(
    heard: list[tuple[str, str]],
) -> None:
    """Fail closed (section 4.4): 日历缺失, never "every Monday to Friday"."""
    CalendarYear.objects.filter(year=2026).delete()
    follow("accept", at="23 09:00")

    assert only().calendar_missing
    assert only().due_at is None
    assert chip("23 10:00") == "calendar"
    follow(at="23 14:00")
    assert only().state == "unjudged"
    assert chip("24 10:00") == "calendar"
    registry.run("targets", local("24 10:00"))
    assert heard == []


def test_when_the_calendar_comes_it_is_judged_after_all(
    heard: list[tuple[str, str]], load_calendars: Callable[[], None]
) -> None:
    CalendarYear.objects.all().delete()
    follow("accept", at="23 09:00")
    follow(at="23 14:00")
    follow("triage", at="23 14:00")
    load_calendars()
    registry.run("targets", local("24 16:00"))

    assert TargetClock.objects.get(step="accept").state == "missed"
    triage = TargetClock.objects.get(step="triage")
    assert triage.due_at == local("24 14:00")
    assert heard == [("triage", "breach")]


def test_an_error_delays_one_clock_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    follow("accept", at="23 09:00")
    other = targets.Subject("QX-2", KIND, "/", "测试", "S3")
    targets.follow(other, steps=["accept"], now=local("23 09:00"))
    heard: list[str] = []

    def handler(each: handlers.Reminder) -> None:
        if each.clock.subject == "QX-1":
            raise RuntimeError("no more paper")
        heard.append(each.clock.subject)

    monkeypatch.setitem(handlers._target_handlers, KIND, handler)
    registry.run("targets", local("23 12:00"))

    assert heard == ["QX-2"]
    first = TargetClock.objects.get(subject="QX-1")
    assert first.warned_at is None
    assert first.next_at == local("23 12:01")


def test_an_idle_tick_is_one_query_whatever_is_open() -> None:
    for number in range(30):
        subject = targets.Subject(f"QX-{number}", KIND, "/", "测试", "S3")
        targets.follow(subject, steps=["accept"], now=local("23 09:00"))
    with CaptureQueriesContext(connection) as queries:
        targets.remind_due(local("23 11:00"))

    assert len(queries) == 1
