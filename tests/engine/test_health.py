"""Heartbeats: which engine has fallen silent (I17)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine import registry
from engine.health import STALE_AFTER, EngineHealth, engine_health
from engine.models import Heartbeat

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_engines", {"test": lambda _now: 0})


def health(now: datetime) -> EngineHealth:
    """Of the only engine."""
    [only] = engine_health(now)
    return only


def test_an_engine_that_never_ran_is_stale(now: datetime) -> None:
    assert health(now).stale
    assert health(now).last_run_at is None


def test_a_run_without_work_is_a_sign_of_life(now: datetime) -> None:
    registry.run("test", now)

    assert not health(now).stale
    assert health(now).last_run_at == now
    assert health(now).last_work_at is None


def test_after_a_minute_of_silence_it_is_stale(now: datetime) -> None:
    registry.run("test", now)

    assert not health(now + STALE_AFTER).stale
    assert health(now + STALE_AFTER + SECOND).stale


def test_work_is_noted(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [2, 0, 0]
    monkeypatch.setattr(registry, "_engines", {"test": lambda _now: left.pop(0)})
    registry.run("test", now)
    registry.run("test", now + 10 * SECOND)

    beat = Heartbeat.objects.get()
    assert (beat.last_work_at, beat.last_run_at) == (now, now + 10 * SECOND)


def test_an_idle_engine_writes_only_every_five_seconds(now: datetime) -> None:
    for second in range(5):
        registry.run("test", now + second * SECOND)
    assert Heartbeat.objects.get().last_run_at == now
    registry.run("test", now + 5 * SECOND)

    assert Heartbeat.objects.get().last_run_at == now + 5 * SECOND


def test_an_error_is_kept_and_raised_and_forgotten_after_a_good_run(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_now: datetime) -> int:
        raise RuntimeError("disk full")

    monkeypatch.setattr(registry, "_engines", {"test": fail})
    with pytest.raises(RuntimeError):
        registry.run("test", now)
    assert health(now).last_error == "RuntimeError: disk full"
    monkeypatch.setattr(registry, "_engines", {"test": lambda _now: 0})
    registry.run("test", now + SECOND)

    assert health(now + SECOND).last_error == ""
