"""Running the engines by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import lag, registry, tasks
from engine.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """No engines but the test's own."""
    mine: dict[str, Any] = {}
    monkeypatch.setattr(registry, "_engines", mine)
    return mine


def test_an_engine_runs_until_nothing_is_due(now: datetime) -> None:
    left = [3, 2, 0, 7]
    registry.register("test", lambda _now: left.pop(0))

    assert registry.run("test", now) == 5
    assert left == [7]


def test_an_engine_that_never_empties_ends_nevertheless(now: datetime) -> None:
    registry.register("test", lambda _now: 1)

    assert registry.run("test", now) == registry.MAX_BATCHES


def test_time_goes_on_between_the_batches(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.4, 107.9, 109.0])
    monkeypatch.setattr(registry, "monotonic", lambda: next(clock))
    seen: list[datetime] = []
    left = [1, 1, 0]

    def run(at: datetime) -> int:
        seen.append(at)
        return left.pop(0)

    registry.register("test", run)
    registry.run("test", now)

    assert seen == [now, now + timedelta(seconds=7), now + timedelta(seconds=9)]


def test_the_worst_delay_of_a_run_is_the_lag(now: datetime) -> None:
    def work(at: datetime) -> int:
        lag.note(at - timedelta(seconds=3), at)
        lag.note(at - timedelta(seconds=9), at)
        return 0

    registry.register("test", work)
    registry.run("test", now)

    assert Heartbeat.objects.get().last_lag_ms == 9000


def test_a_run_with_nothing_due_leaves_the_last_lag(now: datetime) -> None:
    Heartbeat.objects.create(engine="test", last_run_at=now, last_lag_ms=5)
    registry.register("test", lambda _now: 0)
    registry.run("test", now + timedelta(minutes=1))

    assert Heartbeat.objects.get().last_lag_ms == 5


def test_stepping_in_leaves_no_heartbeat(now: datetime) -> None:
    """A watchdog that does an engine's work must not make it look alive."""
    registry.register("test", lambda _now: 4)

    assert registry.run_unheard("test", now) == 4
    assert registry.run_unheard("unknown", now) == 0
    assert not Heartbeat.objects.exists()


def test_a_name_is_taken_once(now: datetime) -> None:
    def run(_now: datetime) -> int:
        return 0

    registry.register("test", run)
    registry.register("test", run)
    with pytest.raises(ValueError, match="test"):
        registry.register("test", lambda _now: 0)

    assert registry.names() == ["test"]


def test_the_worker_runs_it_by_its_name() -> None:
    left = [4, 0]
    registry.register("test", lambda _now: left.pop(0))

    assert tasks.run_engine("test") == 4


def test_a_nudge_without_a_broker_is_silent(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.REDIS_URL = ""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        registry.nudge("test")

    assert callbacks == []


def test_a_broker_that_is_down_does_not_fail_the_request(
    settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[str] = []

    def refuse(args: tuple[str], **_options: Any) -> None:
        asked.extend(args)
        raise ConnectionError

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(tasks.run_engine, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        registry.nudge("test")

    assert asked == ["test"]
    assert not Heartbeat.objects.exists()
