"""The engine: once each, in order, whatever else goes wrong."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from accounts.actors import CLOCK_ENGINE
from audit.models import Event
from audit.verify import verify_chain
from engine import registry
from sla import handlers, services
from sla.handlers import Fired
from sla.models import Clock, Milestone
from tests.sla.conftest import KIND, Promise, after

Open = Callable[..., Promise]


def test_every_milestone_leaves_one_audit_event(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(20))

    told = Event.objects.filter(action="sla.milestone")
    assert told.count() == Milestone.objects.count() == 10
    assert {event.actor_key for event in told} == {CLOCK_ENGINE.audit_key}
    assert [event.data["code"] for event in told][4:6] == ["duty_opened", "breach"]
    assert verify_chain().intact


def test_the_engine_is_registered(db: None) -> None:
    assert "clocks" in registry.names()


def test_nothing_due_is_nothing_done(promise: Open, heard: list[Fired]) -> None:
    clocks = promise()

    assert clocks.tick(after(5, 3599)) == 0
    assert heard == []


def test_a_stopped_clock_never_falls_due(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(1))

    assert clocks.get("fix").next_milestone_at is None
    assert clocks.tick(after(12)) == 0


def test_a_broken_handler_delays_its_clock_by_a_minute_and_no_other(
    promise: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = promise(), promise()
    heard: list[Fired] = []

    def handler(fired: Fired) -> None:
        if fired.clock.commitment_id == broken.commitment.pk and len(heard) < 3:
            raise RuntimeError("the telephone is on fire")
        heard.append(fired)

    monkeypatch.setitem(handlers._handlers, KIND, [handler])
    services.fire_due(after(6))

    assert sound.told("fix") == ["half"]
    assert broken.told("fix") == []
    assert broken.get("fix").next_milestone_at == after(6, 60)
    heard.extend([heard[0], heard[0]])
    services.fire_due(after(6, 60))
    assert broken.told("fix") == ["half"]


def test_one_commitment_can_be_told_by_itself(promise: Open) -> None:
    one, other = promise(), promise()

    assert services.fire_commitment(one.commitment, now=after(9)) == 2
    assert one.told("fix") == ["half", "three_quarters"]
    assert other.told("fix") == []


@pytest.mark.django_db(transaction=True)
def test_two_engines_side_by_side_tell_each_milestone_once(
    promise: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    promises = [promise() for _number in range(6)]
    calls: list[tuple[int, str]] = []
    monkeypatch.setitem(
        handlers._handlers, KIND, [lambda fired: calls.append((fired.clock.pk, fired.code))]
    )
    start = threading.Barrier(3)
    errors: list[BaseException] = []

    def engine() -> None:
        try:
            start.wait(10)
            for hours in (6, 9, 12, 16.1):
                registry.run("clocks", after(hours))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=engine) for _number in range(2)]
    for thread in threads:
        thread.start()
    start.wait(10)
    for thread in threads:
        thread.join(30)
    registry.run("clocks", after(17))

    assert errors == []
    assert set(Counter(calls).values()) == {1}
    assert len(calls) == Milestone.objects.count() == 10 * len(promises)
    assert Event.objects.filter(action="sla.milestone").count() == 10 * len(promises)
    assert verify_chain().intact


def test_a_long_standstill_is_caught_up_in_batches(promise: Open) -> None:
    for _number in range(30):
        promise()

    total = registry.run("clocks", after(20))
    assert Milestone.objects.count() == 300
    assert total == 300
    assert not Clock.objects.filter(next_milestone_at__isnull=False).exists()


def test_time_of_a_breach_is_the_first_instant_beyond_the_deadline(promise: Open) -> None:
    clocks = promise(is_drill=True, hour_seconds=5)
    start: datetime = clocks.get("fix").origin
    clocks.tick(start + timedelta(seconds=60))
    assert clocks.get("fix").breached_at is None
    clocks.tick(start + timedelta(seconds=61))

    assert clocks.get("fix").breached_at == start + timedelta(seconds=61)
    assert clocks.get("plan").opened_at == start + timedelta(seconds=60)
