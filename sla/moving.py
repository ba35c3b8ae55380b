"""T0 is moved: an earlier report turns up, or the first one proves to be about something else."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import CLOCK_ENGINE
from audit import services as audit
from engine import registry
from sla import schedule, trail
from sla.firing import fire_clocks, locked_clocks, set_next, tell_breach
from sla.models import Clock, Commitment

State = Clock.State


def move_t0(
    commitment: Commitment,
    *,
    t0: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
    reason: str = "",
) -> None:
    """Let FIX and PLAN count from another T0 (UTC); REPORT counts from the resolution and stays.

    What was told stays told and is not told again; what the new T0 makes due is told at once. A
    breach that was told is never undone by a later T0; a clock that had ended in time is missed
    when the earlier T0 makes it so (R21, R22). Whether T0 may be moved is the caller's to decide.
    """
    t0 = schedule.to_second(t0)
    agreement, hour_seconds = commitment.agreement, commitment.hour_seconds
    origins = {
        Clock.Kind.FIX.value: t0,
        Clock.Kind.PLAN.value: schedule.plan_origin(t0, agreement, hour_seconds),
    }
    with audit.unit_of_work():
        clocks = [each for each in locked_clocks(commitment) if each.kind in origins]
        # With a live engine and with one that stood still, the same has been told before the move.
        fire_clocks([clock for clock in clocks if clock.state == State.RUNNING], now=now)
        for clock in clocks:
            if clock.origin != origins[clock.kind] and clock.state != State.VOIDED:
                _move(clock, origins[clock.kind], now=now, actor=actor, reason=reason)
        fire_clocks([clock for clock in clocks if clock.state == State.RUNNING], now=now)
    registry.nudge("clocks")


def _move(
    clock: Clock, origin: datetime, *, now: datetime, actor: audit.Actor, reason: str
) -> None:
    was, clock.origin = clock.origin, origin
    commitment = clock.commitment
    clock.due_at = schedule.due(clock.kind, origin, commitment.agreement, commitment.hour_seconds)
    if clock.state == State.RUNNING:
        set_next(clock)
    clock.save(update_fields=["origin", "due_at", "next_milestone_at"])
    trail.moved(clock, was, now=now, actor=actor, reason=reason)
    if _now_missed(clock, now):
        tell_breach(clock, now=now)
        clock.state = State.MISSED
        clock.save(update_fields=["state"])
        trail.stopped(clock, now=now, actor=actor)


def _now_missed(clock: Clock, now: datetime) -> bool:
    """It had ended in time, and counted from the new origin it had not."""
    if clock.state not in (State.MET, State.LAPSED) or clock.stopped_at is None:
        return False
    return schedule.judge(clock.due_at, clock.stopped_at, now) == "missed"
