"""Telling other rooms that a milestone was reached: they register by kind in ``ready``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sla.models import Clock


@dataclass(frozen=True)
class Fired:
    """A milestone that has just been written. ``late``: told after its time; instants UTC."""

    clock: Clock
    code: str
    due_at: datetime
    now: datetime
    late: bool


Handler = Callable[[Fired], None]

_handlers: dict[str, list[Handler]] = {}


def on_milestone(kind: str, handler: Handler) -> None:
    """Call ``handler`` for milestones of commitments of ``kind``, in the firing transaction."""
    listed = _handlers.setdefault(kind, [])
    if handler not in listed:
        listed.append(handler)


def call(fired: Fired) -> None:
    """Call every handler of the commitment's kind."""
    for handler in _handlers.get(fired.clock.commitment.kind, []):
        handler(fired)
