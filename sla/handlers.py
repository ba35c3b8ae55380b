"""Telling other rooms what clocks and alerts do: they register by kind of record in ``ready``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sla.models import Alert, Clock, TargetClock


@dataclass(frozen=True)
class Fired:
    """A milestone that has just been written. Instants UTC.

    ``late``: told after its time. ``again``: told before, when T0 was an earlier one.
    """

    clock: Clock
    code: str
    due_at: datetime
    now: datetime
    late: bool
    again: bool = False


@dataclass(frozen=True)
class Reminder:
    """An internal target is nearly used up (``warn``) or over (``breach``); instants UTC."""

    clock: TargetClock
    code: str
    due_at: datetime
    now: datetime


Handler = Callable[[Fired], None]
# Opened around the handlers' calls for many milestones at once: looks up and writes together.
Together = Callable[[Sequence[Fired]], AbstractContextManager[None]]
AlertHandler = Callable[[Alert, datetime], None]
TargetHandler = Callable[[Reminder], None]

_handlers: dict[str, list[Handler]] = {}
_together: dict[str, Together] = {}
_alert_handlers: dict[str, AlertHandler] = {}
_target_handlers: dict[str, TargetHandler] = {}


def on_milestone(kind: str, handler: Handler) -> None:
    """Call ``handler`` for milestones of commitments of ``kind``, in the firing transaction."""
    listed = _handlers.setdefault(kind, [])
    if handler not in listed:
        listed.append(handler)


def milestones_together(kind: str, together: Together) -> None:
    """Open ``together`` around the calls of the handlers of ``kind`` for many milestones."""
    _together[kind] = together


def call(fired: Fired) -> None:
    """Call every handler of the commitment's kind."""
    for handler in _handlers.get(fired.clock.commitment.kind, []):
        handler(fired)


def call_all(fired: Sequence[Fired]) -> None:
    """Call the handlers for many milestones, in their order within each kind of record."""
    by_kind: dict[str, list[Fired]] = {}
    for each in fired:
        by_kind.setdefault(each.clock.commitment.kind, []).append(each)
    for kind, those in by_kind.items():
        with _together[kind](those) if kind in _together else nullcontext():
            for each in those:
                call(each)


def on_alert(kind: str, handler: AlertHandler) -> None:
    """Call ``handler(alert, now)`` each time an alert of a commitment of ``kind`` is repeated."""
    _alert_handlers[kind] = handler


def repeat(alert: Alert, now: datetime) -> None:
    """Call the alert handler of the commitment's kind, in the repeating transaction."""
    if handler := _alert_handlers.get(alert.commitment.kind):
        handler(alert, now)


def on_target(kind: str, handler: TargetHandler) -> None:
    """Call ``handler`` when an internal clock of a record of ``kind`` warns or is over."""
    _target_handlers[kind] = handler


def remind(reminder: Reminder) -> None:
    """Call the target handler of the record's kind, in the reminding transaction."""
    if handler := _target_handlers.get(reminder.clock.kind):
        handler(reminder)
