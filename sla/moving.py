"""T0: which instants it may be, and moving it (domain section 2.4)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import CLOCK_ENGINE
from audit import services as audit
from engine import registry
from sla import schedule, trail
from sla.firing import fire_clocks, locked_clocks, set_next, tell_breach
from sla.models import Clock, Commitment, T0Change
from workflow.errors import InvalidInput

State = Clock.State
COUNTED_FROM_T0 = (Clock.Kind.FIX, Clock.Kind.PLAN)


def check_t0(
    t0: datetime,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
    declared_at: datetime | None = None,
    field: str = "first_contact_at",
) -> None:
    """occurred_at ≤ T0 ≤ declared_at ≤ now; raises ``InvalidInput`` beside ``field``. UTC."""
    if t0 > now:
        raise InvalidInput({field: _("T0 cannot lie in the future.")})
    if declared_at and declared_at > now:
        raise InvalidInput({"declared_at": _("It cannot be declared in the future.")})
    if occurred_at and t0 < occurred_at:
        raise InvalidInput({field: _("T0 cannot lie before the fault occurred.")})
    if declared_at and t0 > declared_at:
        raise InvalidInput({field: _("T0 cannot lie after the declaration.")})


def t0_of(commitment: Commitment) -> datetime | None:
    """T0 as it stands now (UTC); None for a commitment that only owes a report."""
    fix: Clock | None = commitment.clocks.filter(kind=Clock.Kind.FIX).first()
    return fix.origin if fix else None


def move_t0(
    commitment: Commitment,
    *,
    t0: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
    reason: str = "",
    occurred_at: datetime | None = None,
    declared_at: datetime | None = None,
) -> T0Change | None:
    """Let FIX and PLAN count from another T0 (UTC); REPORT counts from the resolution and stays.

    Both values stay on record with the reason. What was told stays told; what the new T0 makes due
    is told at once; warnings that a later T0 puts back into the future come again. A breach that
    was told is never undone by a later T0; a clock that had ended in time is missed when the
    earlier T0 makes it so (R21, R22). The agreement stays the one of the opening (R56). Whether T0
    may be moved is the caller's to decide. None when T0 is already that instant. Raises
    ``InvalidInput`` (``check_t0``).
    """
    t0 = schedule.to_second(t0)
    check_t0(t0, now=now, occurred_at=occurred_at, declared_at=declared_at)
    with audit.unit_of_work():
        clocks = [each for each in locked_clocks(commitment) if each.kind in COUNTED_FROM_T0]
        before = next((each.origin for each in clocks if each.kind == Clock.Kind.FIX), None)
        if before is None or before == t0:
            return None
        # With a live engine and with one that stood still, the same has been told before the move.
        fire_clocks([clock for clock in clocks if clock.state == State.RUNNING], now=now)
        for clock in clocks:
            if clock.state != State.VOIDED:
                _move(clock, t0, now=now, actor=actor, reason=reason)
        fire_clocks([clock for clock in clocks if clock.state == State.RUNNING], now=now)
        change = T0Change.objects.create(
            commitment=commitment, before=before, after=t0, reason=reason.strip(),
            moved_by=actor.audit_name, moved_at=now,
        )  # fmt: skip
    registry.nudge("clocks")
    return change


def absorb(
    main: Commitment,
    merged: Commitment | None,
    *,
    t0: datetime,
    reason: str,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
) -> T0Change | None:
    """Incidents were merged (E20): ``main`` keeps the earliest T0 of both, ``merged`` ends.

    ``t0`` is the T0 of the merged incident, which may have no clocks yet (``merged`` None). Its
    running clocks are void, its breaches stay. Returns the move of the main one's T0, or None.
    """
    from sla.services import void_clocks

    with audit.unit_of_work():
        if merged is not None:
            void_clocks(merged, now=now, actor=actor)
        current = t0_of(main)
        if current is None or current <= schedule.to_second(t0):
            return None
        return move_t0(main, t0=t0, reason=reason, actor=actor, now=now)


def _move(clock: Clock, t0: datetime, *, now: datetime, actor: audit.Actor, reason: str) -> None:
    agreement, hour_seconds = clock.commitment.agreement, clock.commitment.hour_seconds
    was, clock.origin = clock.origin, t0
    if clock.kind == Clock.Kind.PLAN:
        clock.origin = schedule.plan_origin(t0, agreement, hour_seconds)
        clock.opened_at = _duty_begun(clock, now)
    clock.due_at = schedule.due(clock.kind, clock.origin, agreement, hour_seconds)
    if clock.state == State.RUNNING:
        set_next(clock)
    clock.save(update_fields=["origin", "due_at", "opened_at", "next_milestone_at"])
    trail.moved(clock, was, now=now, actor=actor, reason=reason)
    if _now_missed(clock, now):
        tell_breach(clock, now=now)
        clock.state = State.MISSED
        clock.save(update_fields=["state"])
        trail.stopped(clock, now=now, actor=actor)


def _duty_begun(clock: Clock, now: datetime) -> datetime | None:
    """When the duty began, as people were last told; None while it lies in the future.

    The clock counts from its new origin already. A T0 that is moved later and back again finds
    the duty that was told before; one that is due at another instant is told, and set, after this.
    """
    commitment = clock.commitment
    opens = schedule.duty_opens(clock.origin, commitment.agreement, commitment.hour_seconds)
    if opens > now:
        return None
    if clock.opened_at:
        return clock.opened_at
    told = clock.milestones.filter(code=schedule.DUTY_OPENED).order_by("fired_at").last()
    return told.due_at if told else None


def _now_missed(clock: Clock, now: datetime) -> bool:
    """It had ended in time, and counted from the new origin it had not."""
    if clock.state not in (State.MET, State.LAPSED) or clock.stopped_at is None:
        return False
    return schedule.judge(clock.due_at, clock.stopped_at, now) == "missed"
