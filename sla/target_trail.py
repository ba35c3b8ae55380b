"""What internal clocks write into the trail: enough to rebuild each of them from it alone.

Every event names the clock and carries the deadlines as they stood after it, so that a reader sees
them and a proof can compare them with its own arithmetic. Instants as in ``sla.trail``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import CLOCK_ENGINE
from accounts.models import User
from audit import services as audit
from sla.models import TargetClock
from sla.trail import exact

STARTED = "sla.target_started"
PAUSED = "sla.target_paused"
RESUMED = "sla.target_resumed"
STOPPED = "sla.target_stopped"
# The calendar came while the clock ran, or after it had ended.
PLANNED = "sla.target_planned"
JUDGED = "sla.target_judged"
REMINDER = "sla.target_reminder"
# A clock that is older than these events: everything as it stood when they began.
TAKEN_OVER = "sla.target_taken_over"

INSTANTS = ("due_at", "warn_at", "breached_at", "stopped_at")
FIXED = ("kind", "url", "title", "is_demo", "level", "minutes")


def changed(
    clock: TargetClock, action: str, *, now: datetime, actor: audit.Actor, reason: str = ""
) -> None:
    """A clock was started, paused, resumed, stopped, planned or judged."""
    data: dict[str, Any] = {"state": clock.state, "calendar_missing": clock.calendar_missing}
    data |= {name: exact(getattr(clock, name)) for name in INSTANTS}
    if action in (STARTED, TAKEN_OVER):
        data |= {name: getattr(clock, name) for name in FIXED}
        data["origin"] = exact(clock.origin)
    if action == TAKEN_OVER:
        data |= {name: exact(getattr(clock, name)) for name in ("warned_at", "told_at")}
        data["pauses"] = [
            [exact(pause.paused_at), exact(pause.resumed_at)] for pause in clock.pauses.all()
        ]
    elif action in (PAUSED, RESUMED):
        pause = clock.pauses.order_by("paused_at", "pk").last()
        assert pause is not None
        data |= {"paused_at": exact(pause.paused_at), "resumed_at": exact(pause.resumed_at)}
    _note(clock, action, data, now=now, actor=actor, reason=reason)


def reminded(clock: TargetClock, code: str, *, due_at: datetime, now: datetime) -> None:
    """The holder was reminded (``warn``), or told that the target has passed (``breach``)."""
    data = {"code": code, "due_at": exact(due_at), "fired_at": exact(now)}
    _note(clock, REMINDER, data, now=due_at, actor=CLOCK_ENGINE)


def _note(
    clock: TargetClock,
    action: str,
    data: dict[str, Any],
    *,
    now: datetime,
    actor: audit.Actor,
    reason: str = "",
) -> None:
    for_whom = actor.on_behalf_of if isinstance(actor, User) else None
    audit.record(
        actor=actor,
        action=action,
        target=clock,
        label=clock.subject,
        happened_at=now,
        to_state=clock.state,
        opinion=reason,
        on_behalf_of=for_whom.audit_name if for_whom else "",
        data={"step": clock.step, "run": clock.run, **data},
    )
