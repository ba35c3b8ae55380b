"""What clocks write into the audit trail: enough to rebuild every clock from the trail alone.

Each event stands in the transaction of its change. Instants are ISO 8601 in UTC with all their
digits, so that a rebuilt clock can be compared with the stored one to the microsecond.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from accounts.actors import CLOCK_ENGINE
from audit import services as audit
from sla.models import Clock, Commitment

OPENED = "sla.opened"
STARTED = "sla.clock_started"
STOPPED = "sla.clock_stopped"
RAN_ON = "sla.clock_ran_on"
MOVED = "sla.clock_moved"
MILESTONE = "sla.milestone"


def exact(instant: datetime | None) -> str | None:
    """The instant as it is written into an event."""
    return instant.astimezone(UTC).isoformat() if instant else None


def opened(
    commitment: Commitment, *, t0: datetime | None, now: datetime, actor: audit.Actor
) -> None:
    """The clocks of a record were opened, under these terms (R56); without T0 only a report."""
    agreement = commitment.agreement
    data = {
        "kind": commitment.kind,
        "t0": exact(t0),
        "hour_seconds": commitment.hour_seconds,
        "agreement": agreement.version,
        "fix_hours": agreement.fix_hours,
        "plan_hours": agreement.plan_hours,
        "report_hours": agreement.report_hours,
        "plan_clock_origin": agreement.plan_clock_origin,
        "warnings": agreement.warnings,
        "created_at": exact(commitment.created_at),
    }
    note(commitment, OPENED, data, now=now, actor=actor)


def started(clock: Clock, *, now: datetime, actor: audit.Actor) -> None:
    """A clock counts from its origin."""
    data = {"origin": exact(clock.origin), "due_at": exact(clock.due_at)}
    of_clock(clock, STARTED, data, now=now, actor=actor)


def stopped(clock: Clock, *, now: datetime, actor: audit.Actor) -> None:
    """A clock has ended: met, missed, lapsed or void."""
    data = {
        "state": clock.state,
        "by": clock.ended_by,
        "stopped_at": exact(clock.stopped_at),
        "breached_at": exact(clock.breached_at),
    }
    of_clock(clock, STOPPED, data, now=now, actor=actor, to_state=clock.state)


def ran_on(clock: Clock, *, now: datetime, actor: audit.Actor) -> None:
    """A clock that had ended counts on from its old origin."""
    of_clock(clock, RAN_ON, {}, now=now, actor=actor, to_state=clock.state)


def moved(
    clock: Clock, was: datetime, *, now: datetime, actor: audit.Actor, reason: str = ""
) -> None:
    """A clock counts from another origin; ``was`` is the one before."""
    data = {"was": exact(was), "origin": exact(clock.origin), "due_at": exact(clock.due_at)}
    of_clock(clock, MOVED, data, now=now, actor=actor, opinion=reason)


def told(clock: Clock, code: str, *, due_at: datetime, now: datetime, late: bool) -> None:
    """A milestone was reached and told."""
    data = {"code": code, "late": late, "due_at": exact(due_at), "fired_at": exact(now)}
    of_clock(clock, MILESTONE, data, now=due_at, actor=CLOCK_ENGINE)


def of_clock(
    clock: Clock,
    action: str,
    data: dict[str, Any],
    *,
    now: datetime,
    actor: audit.Actor,
    to_state: str = "",
    opinion: str = "",
) -> None:
    """One event of one clock; ``clock`` and ``run`` name it within its commitment."""
    named = {"clock": clock.kind, "run": clock.run, **data}
    note(clock.commitment, action, named, now=now, actor=actor, to_state=to_state, opinion=opinion)


def note(
    commitment: Commitment,
    action: str,
    data: dict[str, Any],
    *,
    now: datetime,
    actor: audit.Actor,
    to_state: str = "",
    opinion: str = "",
) -> None:
    """One event about the clocks of a record."""
    audit.record(
        actor=actor,
        action=action,
        target=commitment,
        label=commitment.subject,
        happened_at=now,
        to_state=to_state,
        opinion=opinion,
        data=data,
    )
