"""A worker dies in the middle of a drill; another one goes on, and nothing is told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Event
from audit.verify import verify_chain
from notifications.models import Message
from oncall.models import Page
from sla.models import Milestone
from tests.incidents.conftest import Story

ROOT = Path(__file__).resolve().parents[2]
DRILLS = 5
MILESTONES = 10 * DRILLS
# Long enough for two cold starts of a worker on a busy machine.
PATIENCE = 40


def database_url() -> str:
    """The test database, as the worker's environment names it."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    password = f":{named['PASSWORD']}" if named["PASSWORD"] else ""
    host, port = named["HOST"] or "127.0.0.1", named["PORT"] or 5432
    return f"postgres://{named['USER']}{password}@{host}:{port}/{named['NAME']}"


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a real worker with its beat inside; whatever still runs is killed at the end."""
    workers: list[subprocess.Popen[bytes]] = []
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "DATABASE_URL": database_url(),
        "REDIS_URL": "",
        "DATA_DIR": str(tmp_path),
        "HTTPS": "off",
        "ENGINE_TICK_SECONDS": "0.3",
        "PYTHONWARNINGS": "ignore",
    }
    command = [
        sys.executable, "-m", "celery", "-q", "-A", "servicedesk", "worker",
        "--pool", "threads", "--concurrency", "4", "--loglevel", "error",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        log = (tmp_path / f"worker{len(workers)}.log").open("wb")
        with log:
            worker = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
        worker.wait(10)


def wait_until(told: int) -> int:
    """Wait for at least ``told`` milestones; returns how many there are."""
    give_up = time.monotonic() + PATIENCE
    while (count := Milestone.objects.count()) < told and time.monotonic() < give_up:
        time.sleep(0.05)
    return count


@pytest.mark.django_db(transaction=True)
def test_every_milestone_is_told_once_though_the_worker_is_killed_in_the_middle(
    story: Callable[..., Story], start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    now = timezone.now()
    for number in range(DRILLS):
        t0 = now - timedelta(seconds=4 - number)
        drill = story(is_drill=True, hour_seconds=1, now=now, first_contact_at=t0)
        drill.declare(at=now)
    worker = start_worker()

    before = wait_until(3)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    assert 3 <= before < MILESTONES
    second = start_worker()
    wait_until(MILESTONES)

    assert Counter(Milestone.objects.values_list("clock__kind", flat=True)) == {
        "fix": 5 * DRILLS,
        "plan": 5 * DRILLS,
    }
    told = Event.objects.filter(action="sla.milestone")
    keys = Counter((event.target_id, event.data["clock"], event.data["code"]) for event in told)
    assert len(keys) == MILESTONES
    assert set(keys.values()) == {1}
    assert Page.objects.filter(key__endswith=":fix_breach").count() == DRILLS
    assert Page.objects.filter(key__endswith=":plan_breach").count() == DRILLS
    sent = Message.objects.values_list("recipient", "channel", "dedupe_key")
    assert len(sent) == len(set(sent)) > 0
    # Nobody writes any more while the trail is read.
    second.send_signal(signal.SIGKILL)
    second.wait(10)
    assert verify_chain().intact
