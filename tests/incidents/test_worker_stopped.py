"""The worker stands still for five hours; afterwards every milestone is told once, late (I17)."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from audit.models import Event
from audit.verify import verify_chain
from notifications.models import Message
from oncall.models import Page
from sla.models import Alert, Milestone
from sla.proof import differences
from tests.incidents.conftest import Story
from tests.processes import Processes, wait_for

PATIENCE = 60
STANDSTILL = timedelta(hours=5, minutes=5)
# What five hours pass over when seven are gone already; then the alert is repeated once, too.
PASSED = [
    ("fix", "three_quarters"), ("fix", "last_hour"), ("fix", "last_half_hour"),
    ("plan", "duty_opened"), ("fix", "breach"),
]  # fmt: skip


class House(Processes):
    """Workers whose ``now`` follows a file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.shift = folder / "shift"
        self.move(timedelta(0))
        self.environ["FAULTS_SHIFT_FILE"] = str(self.shift)

    def move(self, ahead: timedelta) -> None:
        """From now on it is so much later than the machine's clock says."""
        fresh = self.shift.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()), encoding="ascii")
        fresh.replace(self.shift)


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[House]:
    """Real workers, under a clock that the test moves."""
    house = House(tmp_path)
    yield house
    house.end()


def told() -> list[tuple[str, str]]:
    """Clock and code of every milestone in the order of the trail."""
    events = Event.objects.filter(action="sla.milestone").order_by("seq")
    return [(event.data["clock"], event.data["code"]) for event in events]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_10_after_five_hours_without_a_worker_each_milestone_is_told_once_late_and_in_order(
    story: Callable[..., Story], start_worker: House, how: str
) -> None:
    """Walk-through 10 with a process that is really gone, and with one that stands still."""
    now = timezone.now()
    begun = now - timedelta(hours=7)
    incident = story(now=begun, first_contact_at=begun).acknowledge(begun).declare(at=begun)
    worker = start_worker.start("-m", "benchmarks.faults.process", "worker", "0")
    assert wait_for(lambda: told() == [("fix", "half")], PATIENCE)

    worker.send_signal(signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    if how == "killed":
        worker.wait(10)
    start_worker.move(STANDSTILL)
    woken = timezone.now() + STANDSTILL
    assert told() == [("fix", "half")]
    if how == "killed":
        worker = start_worker.start("-m", "benchmarks.faults.process", "worker", "0")
    else:
        worker.send_signal(signal.SIGCONT)
    assert wait_for(lambda: len(told()) >= 1 + len(PASSED), PATIENCE)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)

    assert told()[1:] == PASSED
    _each_once_and_late(woken)
    assert Page.objects.filter(key__endswith=":fix_breach").count() == 1
    assert Page.objects.filter(key__endswith=":plan_duty").count() == 1
    assert Alert.objects.filter(ended_at=None).count() == 1
    commitment = incident.fresh().commitment
    assert commitment is not None
    assert differences([commitment], timezone.now() + STANDSTILL) == []
    assert verify_chain().intact


def _each_once_and_late(woken: datetime) -> None:
    """In the order they were due, none before the worker was back, each marked as sent late."""
    after = Milestone.objects.exclude(code="half").order_by("due_at")
    assert after.count() == len(PASSED)
    assert all(row.late and row.fired_at >= woken for row in after)
    letters = Message.objects.filter(channel="in_app", dedupe_key__contains=":fix1:breach")
    assert letters.exists()
    assert all("补发" in letter.body for letter in letters)
    sent = list(Message.objects.values_list("recipient", "channel", "dedupe_key"))
    assert len(sent) == len(set(sent))
