"""What the engines of this room have not done yet, for the health page."""

from __future__ import annotations

from datetime import datetime

from engine.due import backlog
from oncall.models import Attempt, Page, SimulatedCall


def pages(now: datetime) -> int:
    """Pages whose next rung is due at ``now`` (UTC)."""
    return backlog(Page.objects.filter(state=Page.State.OPEN), now=now, due_field="next_step_at")


def calls(now: datetime) -> int:
    """Attempts with something to be said to the provider at ``now`` (UTC)."""
    return backlog(Attempt.objects.all(), now=now, due_field="next_try_at")


def simulated(now: datetime) -> int:
    """Simulated calls whose time is up at ``now`` (UTC)."""
    ringing = SimulatedCall.objects.exclude(state=SimulatedCall.State.ENDED)
    return backlog(ringing, now=now, due_field="rings_until")
