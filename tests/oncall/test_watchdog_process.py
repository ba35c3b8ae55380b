"""A real worker is stopped; a real watchdog rings, and hangs up when the worker goes on (I17)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from engine.health import engine_health
from oncall.models import Attempt, Page, Shift, SimulatedCall
from oncall.watchdog import SUBJECT
from tests.processes import Processes, stand_still, wait_for

# An idle engine writes its heartbeat every five seconds.
SILENCE = 8.0
PATIENCE = 60.0


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Ended with the test."""
    mine = Processes(tmp_path)
    yield mine
    mine.end()


def all_engines_run() -> bool:
    """Every engine has run in the last seconds."""
    now = timezone.now()
    return all(
        each.last_run_at is not None and each.last_run_at > now - timedelta(seconds=SILENCE)
        for each in engine_health(now)
    )


@pytest.mark.django_db(transaction=True)
def test_a_stopped_engine_is_paged_without_its_help(
    processes: Processes, tech: User, support: User
) -> None:
    now = timezone.now()
    Shift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=8),
        primary=tech,
        backup=support,
    )
    worker = processes.worker()
    processes.watchdog(silence=SILENCE)
    assert wait_for(all_engines_run, PATIENCE)

    stand_still(worker)
    rings = SimulatedCall.objects.filter(person=tech)
    assert wait_for(rings.exists, SILENCE + PATIENCE)
    assert not all_engines_run()
    page = Page.objects.get(subject=SUBJECT)
    assert (page.state, page.attempts.get().person) == (Page.State.OPEN, tech)

    worker.send_signal(signal.SIGCONT)
    closed = Page.objects.filter(subject=SUBJECT, state=Page.State.CLOSED)
    assert wait_for(closed.exists, PATIENCE)
    assert wait_for(lambda: not Attempt.objects.filter(ended_at=None).exists(), PATIENCE)
    assert Page.objects.count() == 1
