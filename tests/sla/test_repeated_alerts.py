"""S1 alerts nobody has acknowledged are repeated every 15 minutes (domain section 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import User
from audit.models import Event
from engine import registry
from sla import alerts, handlers, services
from sla.models import Alert
from tests.sla.conftest import KIND, Promise, after, agreement

Open = Callable[..., Promise]


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, datetime]]:
    """What the alert handler has been told: milestone, which repetition, when."""
    seen: list[tuple[str, int, datetime]] = []
    monkeypatch.setitem(
        handlers._alert_handlers,
        KIND,
        lambda alert, now: seen.append((alert.code, alert.repeats, now)),
    )
    return seen


def run(at: datetime) -> int:
    """The engine of alerts, until nothing is due."""
    return registry.run("alerts", at)


def test_every_fifteen_minutes_until_somebody_has_seen_it(
    promise: Open, repeated: list[tuple[str, int, datetime]], tech: User
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    run(after(6, 899))
    assert repeated == []
    run(after(6, 900))
    run(after(6, 1799))
    run(after(6, 1800))
    assert repeated == [("half", 1, after(6, 900)), ("half", 2, after(6, 1800))]

    services.acknowledge_alert(clocks.commitment, person=tech, now=after(6, 1801))
    run(after(8))
    assert len(repeated) == 2
    assert Event.objects.filter(action="sla.alert_repeated").count() == 2
    assert Event.objects.get(action="sla.alert_acknowledged").actor_key == tech.audit_key


def test_after_a_standstill_it_is_one_repetition_not_a_burst(
    promise: Open, repeated: list[tuple[str, int, datetime]]
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    run(after(8.6))

    assert [number for _code, number, _at in repeated] == [1]
    run(after(8.6, 1))
    assert len(repeated) == 1
    assert Alert.objects.get().next_repeat_at == after(8.6, 900)


def test_milestones_caught_up_together_make_one_alert(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(13))

    alert = Alert.objects.get()
    assert (alert.clock.kind, alert.code) == ("fix", "breach")
    assert alert.next_repeat_at == after(13, 900)


def test_a_further_milestone_renews_and_a_seen_one_opens_anew(promise: Open, tech: User) -> None:
    clocks = promise()
    clocks.tick(after(6))
    services.acknowledge_alert(clocks.commitment, person=tech, now=after(6, 5))
    clocks.tick(after(9))

    assert Alert.objects.count() == 2
    waiting = alerts.waiting_alert(clocks.commitment)
    assert waiting is not None
    assert waiting.code == "three_quarters"


@pytest.mark.parametrize("end", ["resolve", "void"])
def test_it_stops_when_the_fault_is_over(
    promise: Open, repeated: list[tuple[str, int, datetime]], end: str
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    getattr(clocks, end)(after(6.1))
    run(after(7))

    assert repeated == []
    assert Alert.objects.get().ended_at == after(6.1)


def test_a_delivered_plan_ends_the_alert_about_the_plan_only(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(15))
    alert = Alert.objects.get()
    assert alert.clock.kind == "plan"
    clocks.plan(after(15.1))
    assert Alert.objects.get().ended_at == after(15.1)

    other = promise()
    other.tick(after(6))
    other.plan(after(6.1))
    assert alerts.waiting_alert(other.commitment) is not None


def test_the_interval_is_the_agreements_and_a_later_version_changes_nothing(
    promise: Open, repeated: list[tuple[str, int, datetime]]
) -> None:
    """R56: snapshot."""
    agreement(2, after(-2), alert_repeat_minutes=5)
    clocks = promise()
    agreement(3, after(-1), alert_repeat_minutes=60)
    clocks.tick(after(6))
    run(after(6, 300))

    assert len(repeated) == 1


def test_nothing_to_acknowledge_is_nothing_done(promise: Open, tech: User) -> None:
    clocks = promise()
    assert services.acknowledge_alert(clocks.commitment, person=tech, now=after(1)) is None


def test_in_a_drill_it_repeats_at_the_drills_speed(
    promise: Open, repeated: list[tuple[str, int, datetime]]
) -> None:
    clocks = promise(is_drill=True, hour_seconds=60)
    at = after(0, 360)
    clocks.tick(at)
    run(after(0, 374))
    assert repeated == []
    run(after(0, 375))
    assert len(repeated) == 1
