"""Many milestones in one go: the same letters, pages and events, with few statements (R21, R22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import services as audit
from audit.models import Event
from audit.verify import verify_chain
from incidents import milestones
from notifications.models import Message
from oncall.models import Page
from sla import firing
from sla.handlers import Fired
from sla.models import Clock, Commitment, Milestone
from sla.proof import differences
from sla.services import fire_due
from tests.incidents.conftest import Story, after

Begin = Callable[..., Story]


def outcome() -> dict[str, Any]:
    """Everything that was written, without the keys of rows."""
    return {
        "milestones": sorted(Milestone.objects.values_list("clock__kind", "code", "due_at")),
        "letters": sorted(Message.objects.values_list("recipient__username", "subject", "body")),
        "pages": sorted(Page.objects.values_list("key", "title", "state")),
        "events": sorted(
            (event.action, str(event.data), event.target_label)
            for event in Event.objects.filter(action__in=["sla.milestone", "oncall.page_started"])
        ),
        "clocks": sorted(
            Clock.objects.values_list("kind", "state", "due_at", "opened_at", "breached_at"),
            key=str,
        ),
    }


def test_together_and_one_by_one_write_the_same(
    story: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        story(title=f"停机{number}").declare()
    with transaction.atomic():
        fire_due(after(16.5))
        together = outcome()
        transaction.set_rollback(True)

    def refuse(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(firing, "tell_together", refuse)
    assert not Milestone.objects.exists()
    fire_due(after(16.5))

    assert outcome() == together
    assert len(together["milestones"]) == 30
    assert verify_chain().intact
    assert differences(list(Commitment.objects.all()), after(16.5)) == []


def test_ten_incidents_cost_hardly_more_than_two(story: Begin) -> None:
    for _number in range(2):
        story().declare()
    with CaptureQueriesContext(
        connection,
    ) as few:
        fire_due(after(12, 1))
    Clock.objects.update(next_milestone_at=None)
    for _number in range(10):
        story().declare()
    with CaptureQueriesContext(connection) as many:
        fire_due(after(12, 1))

    assert Page.objects.filter(key__endswith=":fix_breach").count() == 12
    assert len(many) <= len(few) + 8


def test_a_reason_that_calls_already_gets_no_second_page(story: Begin) -> None:
    told = story().declare()
    clock = Clock.objects.get(commitment=told.incident.commitment, kind="fix")
    fired = Fired(clock, "breach", clock.due_at, after(13), late=False)
    for _time in range(2):
        with audit.unit_of_work(), milestones.together([fired]):
            milestones.reached(fired)

    assert Page.objects.filter(key__endswith=":fix_breach").count() == 1
