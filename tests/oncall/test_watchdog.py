"""The watchdog rings when the engines are silent, and stops when they are back (I17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Event
from engine import registry
from engine.models import Heartbeat
from oncall.models import Attempt, Page, Shift, SimulatedCall
from oncall.services.pages import acknowledge, start_page
from oncall.watchdog import SILENCE, SUBJECT, watch

SECOND = timedelta(seconds=1)


@pytest.fixture
def on_duty(now: datetime, tech: User, support: User) -> Shift:
    """张伟 is on call, 李娜 is the backup."""
    shift: Shift = Shift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        primary=tech,
        backup=support,
    )
    return shift


@pytest.fixture
def engines_ran(db: None) -> Callable[[datetime], None]:
    """All engines gave a sign of life."""

    def beat(at: datetime) -> None:
        for name in registry.names():
            Heartbeat.objects.update_or_create(engine=name, defaults={"last_run_at": at})

    return beat


@pytest.fixture(autouse=True)
def _ran(now: datetime, engines_ran: Callable[[datetime], None]) -> None:
    engines_ran(now)


def look(at: datetime, since: datetime) -> bool:
    """The watchdog looks at ``at``; it has been running since ``since``."""
    return watch(at, since=since)


def test_while_the_engines_run_nobody_is_called(now: datetime, on_duty: Shift) -> None:
    assert look(now + SILENCE, now - timedelta(hours=1)) is False
    assert not Page.objects.exists()


def test_after_a_minute_of_silence_the_person_on_call_is_called(
    now: datetime, on_duty: Shift
) -> None:
    assert look(now + SILENCE + SECOND, now - timedelta(hours=1)) is True

    page = Page.objects.get()
    attempt = Attempt.objects.get()
    assert (page.subject, attempt.person) == (SUBJECT, on_duty.primary)
    assert attempt.state in (Attempt.State.PLACED, Attempt.State.RINGING)
    call = SimulatedCall.objects.get()
    assert call.person == on_duty.primary
    assert "09:05:00" in call.text  # since when, Beijing time
    # Nothing pretends that the silent engines run.
    assert set(Heartbeat.objects.values_list("last_run_at", flat=True)) == {
        now,
        now + SILENCE + SECOND,
    }
    assert Heartbeat.objects.get(last_run_at__gt=now).engine == "watchdog"


@pytest.mark.parametrize("name", ["clocks", "pages", "calls"])
def test_one_silent_engine_is_enough(
    now: datetime, on_duty: Shift, engines_ran: Callable[[datetime], None], name: str
) -> None:
    later = now + timedelta(minutes=5)
    engines_ran(later)
    Heartbeat.objects.filter(engine=name).update(last_run_at=now)

    assert look(later, now - timedelta(hours=1)) is True
    assert Page.objects.filter(state="open").count() == 1


def test_it_rings_once_for_an_outage_and_climbs_until_somebody_answers(
    now: datetime, on_duty: Shift, supervisor: User
) -> None:
    since = now - timedelta(hours=1)
    start = now + SILENCE + SECOND
    for second in range(0, 16 * 60, 5):
        look(start + second * SECOND, since)

    page = Page.objects.get()
    assert page.step_index >= 4
    called = list(Attempt.objects.order_by("created_at").values_list("person", flat=True))
    assert called[:3] == [on_duty.primary.pk, on_duty.backup_id, supervisor.pk]


def test_other_pages_ring_too_while_the_calling_engines_are_silent(
    now: datetime, on_duty: Shift
) -> None:
    page = start_page(
        key="incident:GZ-1:reported", subject="GZ-1", title="停机", write=lambda: "停机", url="/",
        now=now,
    )  # fmt: skip
    look(now + SILENCE + SECOND, now - timedelta(hours=1))

    assert page.attempts.get().person == on_duty.primary


def test_taken_by_a_human_it_is_quiet_for_a_quarter_of_an_hour_and_rings_again(
    now: datetime, on_duty: Shift
) -> None:
    since, start = now - timedelta(hours=1), now + SILENCE + SECOND
    look(start, since)
    acknowledge(page=Page.objects.get(), person=on_duty.primary, via="browser", now=start)
    look(start + timedelta(minutes=14), since)
    assert Page.objects.count() == 1
    look(start + timedelta(minutes=16), since)

    assert Page.objects.filter(state="open").count() == 1
    assert Page.objects.count() == 2


def test_when_the_engines_are_back_it_stops_calling(
    now: datetime, on_duty: Shift, engines_ran: Callable[[datetime], None]
) -> None:
    since, start = now - timedelta(hours=1), now + SILENCE + SECOND
    look(start, since)
    engines_ran(start + 5 * SECOND)
    look(start + 6 * SECOND, since)

    assert Page.objects.get().state == Page.State.CLOSED
    assert Event.objects.filter(action="oncall.page_closed").count() == 1
    # The next outage is another one.
    look(start + 5 * SECOND + SILENCE + 2 * SECOND, since)
    assert Page.objects.filter(state="open").count() == 1


def test_a_product_that_has_just_been_started_gets_a_minute(now: datetime, on_duty: Shift) -> None:
    morning = now + timedelta(hours=12)

    assert look(morning, morning) is False
    assert look(morning + SILENCE - SECOND, morning) is False
    assert look(morning + SILENCE, morning) is True


def test_a_watchdog_started_anew_leaves_the_call_of_its_predecessor(
    now: datetime, on_duty: Shift
) -> None:
    start = now + SILENCE + SECOND
    look(start, now - timedelta(hours=1))
    look(start + 10 * SECOND, start + 9 * SECOND)

    assert Page.objects.get().state == Page.State.OPEN


def test_without_a_roster_the_supervisors_are_called(now: datetime, supervisor: User) -> None:
    look(now + SILENCE + SECOND, now - timedelta(hours=1))

    assert Attempt.objects.get().person == supervisor
