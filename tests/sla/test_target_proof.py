"""Internal clocks are those of the trail, and whoever changes one is found (I03, I17)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import SETUP
from accounts.models import User
from audit.models import Event
from calendars.arrangements import ArrangedDay, Arrangement
from calendars.models import CalendarYear
from calendars.services import load_arrangement
from engine import registry
from notifications.models import Message
from sla import checking, handlers, target_trail, targets
from sla.models import Target, TargetClock
from sla.target_proof import last_number, numbers_of, target_differences
from tests.sla.test_target_clocks import follow, local

pytestmark = pytest.mark.django_db
NOW = local("27 12:00")


def found(now: datetime = NOW) -> list[str]:
    """Every difference of any internal clock, as "clock what"."""
    _seen, rows = target_differences(range(last_number() + 1), now)
    return [f"{each.clock} {each.what}" for each in rows]


def lived() -> None:
    """One missed after a pause, with both reminders; one that runs on into its second run."""
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    follow("accept", at="23 11:00")
    registry.run("targets", local("23 13:00"))
    registry.run("targets", local("23 14:00:01"))
    follow("triage", at="23 15:00")
    follow(at="23 16:00", hold=True)
    follow("triage", at="24 09:00")
    follow(at="24 10:00")
    follow("triage", at="24 11:00")


@pytest.fixture(autouse=True)
def _targets() -> None:
    Target.objects.create(step="accept", level="S3", minutes=240)
    Target.objects.create(step="triage", level="S3", minutes=480)


def test_a_whole_life_is_rebuilt_without_a_difference() -> None:
    lived()

    assert TargetClock.objects.count() == 3
    assert found(local("24 11:30")) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"subject": "QX-9"}, "accept subject"),
        ({"kind": "other"}, "accept kind"),
        ({"url": "/elsewhere/"}, "accept url"),
        ({"title": "改过"}, "accept title"),
        ({"is_demo": True}, "accept is_demo"),
        ({"step": "reply"}, "reply step"),
        ({"run": 7}, "accept 7 run"),
        ({"level": "S4"}, "accept level"),
        ({"minutes": 480}, "accept minutes"),
        ({"origin": local("23 10:00")}, "accept origin"),
        ({"state": "met"}, "accept state"),
        ({"due_at": local("23 17:00")}, "accept due_at"),
        ({"warn_at": local("23 17:00")}, "accept warn_at"),
        ({"calendar_missing": True}, "accept calendar_missing"),
        ({"warned_at": None}, "accept warned_at"),
        ({"breached_at": None}, "accept breached_at"),
        ({"told_at": None}, "accept told_at"),
        ({"stopped_at": local("23 14:00")}, "accept stopped_at"),
    ],
)
def test_each_changed_field_is_found(changes: dict[str, Any], what: str) -> None:
    lived()
    TargetClock.objects.filter(step="accept").update(**changes)

    assert found(local("24 11:30")) == [what]


def test_a_reminder_put_off_is_found() -> None:
    follow("accept", at="23 09:00")
    TargetClock.objects.update(next_at=local("30 09:00"))

    assert found(local("23 10:00")) == ["accept next_at"]


def test_a_pause_made_longer_added_or_taken_away_is_found() -> None:
    lived()
    pause = TargetClock.objects.get(step="accept").pauses.get()
    pause.resumed_at = local("23 14:00")
    pause.save()
    TargetClock.objects.get(step="triage", run=2).pauses.create(
        paused_at=local("24 11:05"), resumed_at=local("24 11:06")
    )
    TargetClock.objects.get(step="triage", run=1).pauses.all().delete()

    assert found(local("24 11:30")) == ["accept pauses", "triage pauses", "triage 2 pauses"]


def test_a_clock_taken_away_or_added_past_the_services_is_found() -> None:
    lived()
    TargetClock.objects.get(step="triage", run=2).delete()
    TargetClock.objects.get(step="triage", run=1).delete()
    late = local("24 11:30")
    assert found(late) == ["triage clock", "triage 2 clock"]
    assert [each.clock for each in target_differences(numbers_of("QX-1"), late)[1]] == [
        "triage",
        "triage 2",
    ]
    TargetClock.objects.create(
        subject="QX-2", kind="sample", step="accept", level="S3", minutes=240,
        origin=local("24 09:00"), state="met",
    )  # fmt: skip

    assert found(late) == ["triage clock", "triage 2 clock", "accept clock"]


def test_a_calendar_changed_past_the_services_is_found() -> None:
    """A day turned into a holiday behind everybody's back would move deadlines."""
    lived()
    CalendarYear.objects.get(year=2026).days.create(
        date=date(2026, 11, 23), kind="holiday", name="假", name_en="Off", notice="-",
        entered_by="-",
    )  # fmt: skip

    assert "accept trail due_at" in found(local("24 11:30"))


def test_a_calendar_replaced_by_a_person_is_no_difference() -> None:
    """What was counted on the calendar of its day stays; what comes after follows the new one."""
    follow("accept", at="23 09:00")
    follow(at="23 10:00", hold=True)
    shut = ArrangedDay(date(2026, 11, 24), "holiday", "停业", "Closed", "通知")
    load_arrangement(arrangement=Arrangement(2026, "通知", (shut,)), actor=SETUP, now=NOW)
    follow("accept", at="23 16:00")

    assert TargetClock.objects.get().due_at == local("25 11:00")
    assert found(local("23 17:00")) == []


def test_a_missing_calendar_that_comes_late_is_no_difference() -> None:
    CalendarYear.objects.all().delete()
    follow("accept", at="23 09:00")
    assert found(local("23 09:30")) == []
    follow("triage", at="23 14:00")
    registry.run("targets", local("23 15:00"))
    days = import_module("calendars.arrangements").parse(
        (import_module("calendars.arrangements").SHIPPED / "2026.json").read_text("utf-8")
    )
    load_arrangement(arrangement=days, actor=SETUP, now=local("24 09:30"))
    registry.run("targets", local("24 10:00"))

    assert TargetClock.objects.get(step="accept").state == "missed"
    assert TargetClock.objects.get(step="triage").due_at == local("24 14:00")
    assert found(local("24 10:01")) == []


def test_a_reminder_that_waits_for_another_try_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_reminder: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(handlers._target_handlers, "sample", broken)
    follow("accept", at="23 09:00")
    registry.run("targets", local("23 12:00"))

    assert TargetClock.objects.get().next_at == local("23 12:01")
    assert found(local("23 12:00")) == []


def test_clocks_older_than_the_trail_of_internal_clocks_are_taken_over() -> None:
    lived()
    old = TargetClock.objects.get(step="triage", run=2)
    accept = TargetClock.objects.get(step="accept")
    fresh = TargetClock.objects.create(**_as_new(old, step="reply"))
    fresh.pauses.create(paused_at=local("24 11:10"), resumed_at=local("24 11:20"))
    TargetClock.objects.create(**_as_new(accept, step="sign_off"))
    import_module("sla.migrations.0006_proof_of_internal_clocks").take_over(
        apps, connection.schema_editor()
    )

    assert Event.objects.filter(action=target_trail.TAKEN_OVER).count() == 5
    # Those that were in the trail already are now in it twice, which is itself a fault.
    assert {name.split()[0] for name in found(local("24 11:30"))} == {"accept", "triage"}


def _as_new(clock: TargetClock, **changes: Any) -> dict[str, Any]:
    values = {each.attname: getattr(clock, each.attname) for each in clock._meta.concrete_fields}
    del values["id"]
    return {**values, **changes}


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["accept", "triage", "both", "hold", "done", "drop", "tick"]),
        st.integers(min_value=0, max_value=40),
        st.sampled_from([0, 1, 59]),
    ),
    max_size=10,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_any_course_is_rebuilt_without_a_difference(moves: list[tuple[str, int, int]]) -> None:
    TargetClock.objects.all().delete()
    first = last_number() + 1
    at = local("20 16:00")
    subject = targets.Subject("QX-1", "sample", "/", "测试", "S3")
    steps = {"both": ["accept", "triage"], "accept": ["accept"], "triage": ["triage"]}
    for move, half_hours, seconds in moves:
        at += timedelta(minutes=30 * half_hours, seconds=seconds)
        if move == "tick":
            registry.run("targets", at)
        else:
            targets.follow(
                subject, steps=steps.get(move, []), now=at, hold=move == "hold", drop=move == "drop"
            )
    registry.run("targets", at + timedelta(hours=1))

    assert target_differences(range(first, last_number() + 1), at + timedelta(hours=1))[1] == []


# --- the nightly check and the command ----------------------------------------------------------
def test_the_nightly_check_proves_internal_clocks_and_tells_of_a_difference(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PIECE", 2)
    lived()
    TargetClock.objects.filter(step="accept").update(breached_at=None)
    registry.run("proof", local("25 02:30"))

    check = checking.last_check()
    assert check is not None
    assert (check.records, check.targets, check.difference_count) == (0, 3, 1)
    assert check.differences[0]["subject"] == "QX-1"
    assert check.differences[0]["what"] == "breached_at"
    letter = Message.objects.get(dedupe_key=f"sla:check:{check.pk}", channel="in_app")
    assert letter.recipient == supervisor
    assert "QX-1" in letter.body
    assert "3个内部时限" in letter.body


def test_the_command_names_the_internal_difference_and_fails() -> None:
    lived()
    TargetClock.objects.filter(step="accept").update(due_at=datetime(2026, 12, 1, tzinfo=UTC))
    said = StringIO()

    with pytest.raises(CommandError, match="0 records and 3 internal clocks checked"):
        call_command("recompute_clocks", check=True, stderr=said)
    assert "QX-1 accept due_at: 2026-12-01T00:00:00+00:00 is stored" in said.getvalue()
    with pytest.raises(CommandError, match="3 internal clocks"):
        call_command("recompute_clocks", check=True, record="QX-1", stderr=said)


def test_the_command_says_so_when_all_is_well() -> None:
    lived()
    said = StringIO()
    call_command("recompute_clocks", check=True, record="QX-1", stdout=said)

    assert "3 internal clocks checked: no difference" in said.getvalue()
