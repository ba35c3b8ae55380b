"""Availability is one minus the union of outages over the agreed time (R02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from incidents.models import Incident
from incidents.services import report_incident
from operations.models import ManagedObject
from reports.availability import Line, interval, of_month, outage, union
from reports.figures import Scope
from reports.periods import Month

START = datetime(2026, 11, 1, tzinfo=UTC)
MINUTES = st.integers(0, 2000)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@given(st.lists(st.tuples(MINUTES, MINUTES), max_size=12))
def test_the_union_is_what_counting_minutes_gives(pairs: list[tuple[int, int]]) -> None:
    intervals = [(at(min(pair)), at(max(pair))) for pair in pairs]
    minutes = {minute for pair in pairs for minute in range(min(pair), max(pair))}
    assert outage(intervals, at(0), at(2000)) == timedelta(minutes=len(minutes))
    inside = {minute for minute in minutes if 500 <= minute < 1200}
    assert outage(intervals, at(500), at(1200)) == timedelta(minutes=len(inside))


def test_touching_intervals_are_one_and_empty_ones_none() -> None:
    assert union([(at(5), at(9)), (at(0), at(5)), (at(20), at(20))]) == [(at(0), at(9))]


@pytest.mark.parametrize(
    ("lost", "said"),
    [(timedelta(0), "100.000"), (timedelta(milliseconds=1), "99.999"),
     (timedelta(hours=72), "90.000")],
)  # fmt: skip
def test_a_loss_is_never_rounded_away(lost: timedelta, said: str) -> None:
    assert Line(ManagedObject(), timedelta(days=30), lost).percent == said
    assert Line(ManagedObject(), timedelta(0), timedelta(0)).percent == "—"


@pytest.fixture
def down(db: None, agent: User, reporter: User, system: ManagedObject) -> Callable[..., Incident]:
    """A system-down incident: ``down(start, end)``, hours from 1 November, Beijing time."""

    def make(start: float, end: float | None, **more: Any) -> Incident:
        first = Month(2026, 11).start + timedelta(hours=start)
        incident = report_incident(
            actor=agent, now=first, title="收单业务中断", phenomenon="全部终端无法交易",
            managed_object=system, unit=reporter.organisation, reporter=reporter,
            reporter_name="张丽", reporter_phone="13800138000", occurred_at=first, **more,
        )  # fmt: skip
        incident.severity = "S1"
        if end is not None:
            incident.resolved_at = Month(2026, 11).start + timedelta(hours=end)
        incident.save()
        return incident

    return make


def _lost(person: User, month: Month, hours: float, demo: bool = False) -> timedelta:
    now = Month(2026, 11).start + timedelta(hours=hours)
    return of_month(Scope(person, now, month, demo))[0].outage


def test_overlapping_outages_count_once_and_a_month_gets_its_own_part(
    down: Callable[..., Incident], manager: User
) -> None:
    down(-2, 3)
    down(1, 5)
    assert _lost(manager, Month(2026, 11), 100) == timedelta(hours=5)
    assert _lost(manager, Month(2026, 10), 100) == timedelta(hours=2)


def test_what_is_unresolved_counts_up_to_now(down: Callable[..., Incident], manager: User) -> None:
    incident = down(10, None)
    now = Month(2026, 11).start + timedelta(hours=34)
    assert interval(incident, now)[1] == now
    assert _lost(manager, Month(2026, 11), 34) == timedelta(hours=24)
    assert _lost(manager, Month(2026, 11), 24 * 45) == Month(2026, 11).end - (
        Month(2026, 11).start + timedelta(hours=10)
    )


def test_drills_demonstrations_and_lower_severities_do_not_count(
    down: Callable[..., Incident], manager: User
) -> None:
    down(1, 2, is_drill=True)
    down(3, 4, is_demo=True)
    Incident.objects.filter(pk=down(5, 6).pk).update(severity="S2")
    assert _lost(manager, Month(2026, 11), 100) == timedelta(0)
    assert _lost(manager, Month(2026, 11), 100, demo=True) == timedelta(hours=1)


def test_the_service_time_begins_with_the_service(manager: User, system: ManagedObject) -> None:
    system.in_service_from = date(2026, 11, 16)
    system.save()
    now = Month(2026, 12).start
    (line,) = of_month(Scope(manager, now, Month(2026, 11), False))
    assert line.agreed == timedelta(days=15)
    assert of_month(Scope(manager, now, Month(2026, 10), False)) == []


def test_the_page_names_the_incidents_behind_the_number(
    down: Callable[..., Incident], manager: User, agent: User,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    incident = down(1, 4)
    with time_machine.travel(Month(2026, 11).start + timedelta(hours=100), tick=False):
        page = signed_in(manager).get("/availability/?month=2026-11&demo=0").content.decode()
        assert signed_in(agent).get("/availability/").status_code == 403
    assert incident.number in page
    assert "97.000" in page
