"""What the worker is asked to do, and where beat lives."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings

from engine import registry
from engine.tasks import run_engine
from servicedesk.celery import EmbeddedBeat, app


def test_every_engine_ticks() -> None:
    app.finalize()
    ticks = {
        tuple(entry["args"]): entry
        for entry in app.conf.beat_schedule.values()
        if entry["task"] == run_engine.name
    }

    assert set(ticks) == {(name,) for name in registry.names()}
    for entry in ticks.values():
        assert entry["schedule"].run_every.total_seconds() == settings.ENGINE_TICK_SECONDS
        assert entry["options"]["expires"] > settings.ENGINE_TICK_SECONDS


@pytest.mark.parametrize(
    ("broker", "embedded"), [("memory://localhost/", True), ("redis://127.0.0.1:6379/0", False)]
)
def test_beat_lives_in_the_worker_only_without_a_broker(broker: str, *, embedded: bool) -> None:
    worker = SimpleNamespace(app=SimpleNamespace(conf=SimpleNamespace(broker_url=broker)))

    assert EmbeddedBeat.include_if(None, worker) is embedded  # type: ignore[arg-type]
