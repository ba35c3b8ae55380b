"""Opening, moving and stopping contract clocks. All inside the caller's unit of work.

======================  ================================================================  =======
Function                What for                                                          Act
======================  ================================================================  =======
``check_t0``            occurred_at ≤ T0 ≤ declared_at ≤ now; raises ``InvalidInput``     E1, E3, E6
``open_commitment``     FIX and PLAN from T0; an upgrade brings its own T0                E3, E6
``move_t0``             T0 earlier or later, with a reason; both values stay on record    T0 rule
``absorb``              of merged incidents the main one keeps the earliest T0            E20
``void_clocks``         it never was a system-down; breaches stay                         E5, E7
``stop_fix``            resolved: FIX judged, PLAN lapses                                 E13
``start_report``        REPORT from the resolution                                        E13
``open_report_duty``    REPORT alone, where the agreement asks S2 for a report            E13
``reject_recovery``     FIX runs on from its T0, REPORT is void                           E15
``deliver_plan``        PLAN judged at the first delivery                                 E11
``deliver_report``      REPORT judged at delivery                                         E16
``acknowledge_alert``   a human has seen the alert: it is not repeated any more           --
``t0_of``               T0 as it stands now                                               --
======================  ================================================================  =======
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import CLOCK_ENGINE
from audit import services as audit
from engine import registry
from sla import schedule, trail
from sla.alerts import acknowledge_alert, end_alert
from sla.errors import NoAgreement
from sla.firing import fire_clocks, fire_commitment, fire_due, locked_clocks, set_next
from sla.models import Agreement, Clock, Commitment
from sla.moving import absorb, check_t0, move_t0, t0_of

__all__ = [
    "absorb",
    "acknowledge_alert",
    "agreement_at",
    "check_t0",
    "deliver_plan",
    "deliver_report",
    "fire_commitment",
    "fire_due",
    "move_t0",
    "open_commitment",
    "open_report_duty",
    "reject_recovery",
    "start_report",
    "stop_fix",
    "t0_of",
    "void_clocks",
]

State, End = Clock.State, Clock.End


def open_commitment(
    *,
    subject: str,
    kind: str = "incident",
    url: str,
    title: str,
    t0: datetime,
    now: datetime,
    is_drill: bool = False,
    is_demo: bool = False,
    hour_seconds: int = schedule.HOUR,
    actor: audit.Actor = CLOCK_ENGINE,
) -> Commitment:
    """Start the FIX and PLAN clocks of a record at ``t0`` (UTC) (R20–R22).

    The agreement in force at ``t0`` is kept by reference, so that later versions do not rewrite
    the past (R56). A record that so far only owed a report (S2) keeps its agreement and gets the
    two clocks when it is upgraded (E6). ``hour_seconds``: length of a contract hour, other than
    3600 in drills only. Raises ``NoAgreement``.
    """
    t0 = schedule.to_second(t0)
    with audit.unit_of_work():
        commitment = Commitment.objects.filter(subject=subject).first() or _commit(
            t0, subject=subject, kind=kind, url=url, title=title[:200], is_drill=is_drill,
            is_demo=is_demo, hour_seconds=hour_seconds, created_at=now,
        )  # fmt: skip
        trail.opened(commitment, t0=t0, now=now, actor=actor)
        plan_origin = schedule.plan_origin(t0, commitment.agreement, hour_seconds)
        _start(commitment, schedule.FIX, t0, now=now, actor=actor)
        _start(commitment, schedule.PLAN, plan_origin, now=now, actor=actor)
    # Declared long after the first report, milestones may be due already.
    registry.nudge("clocks")
    return commitment


def open_report_duty(
    *,
    subject: str,
    kind: str = "incident",
    url: str,
    title: str,
    resolved_at: datetime,
    now: datetime,
    is_drill: bool = False,
    is_demo: bool = False,
    hour_seconds: int = schedule.HOUR,
    actor: audit.Actor = CLOCK_ENGINE,
) -> Commitment | None:
    """Start REPORT alone for a resolved S2, where the agreement in force asks for it (R24, R56).

    Returns None, and starts nothing, where it does not. A record that already has a commitment
    gets a new run on it. Raises ``NoAgreement``.
    """
    resolved_at = schedule.to_second(resolved_at)
    with audit.unit_of_work():
        commitment: Commitment | None = Commitment.objects.filter(subject=subject).first()
        agreement = commitment.agreement if commitment else agreement_at(resolved_at)
        if not agreement.report_for_s2:
            return None
        if commitment is None:
            commitment = _commit(
                resolved_at, subject=subject, kind=kind, url=url, title=title[:200],
                is_drill=is_drill, is_demo=is_demo, hour_seconds=hour_seconds, created_at=now,
            )  # fmt: skip
            trail.opened(commitment, t0=None, now=now, actor=actor)
        start_report(commitment, resolved_at=resolved_at, now=now, actor=actor)
    return commitment


def agreement_at(instant: datetime) -> Agreement:
    """The version in force at ``instant`` (UTC) (R56). Raises ``NoAgreement``."""
    agreement = Agreement.objects.in_force_at(instant)
    if agreement is None:
        raise NoAgreement(f"no agreement in force at {instant:%Y-%m-%d %H:%M:%S} UTC")
    return agreement


def _commit(since: datetime, **given: Any) -> Commitment:
    return Commitment.objects.create(agreement=agreement_at(since), **given)


def _start(
    commitment: Commitment,
    kind: str,
    origin: datetime,
    run: int = 1,
    *,
    now: datetime,
    actor: audit.Actor,
) -> Clock:
    agreement, hour_seconds = commitment.agreement, commitment.hour_seconds
    clock = Clock.objects.create(
        commitment=commitment,
        kind=kind,
        run=run,
        origin=origin,
        due_at=schedule.due(kind, origin, agreement, hour_seconds),
        next_milestone_at=schedule.milestones(kind, origin, agreement, hour_seconds)[0].at,
    )
    trail.started(clock, now=now, actor=actor)
    return clock


def stop_fix(
    commitment: Commitment,
    *,
    resolved_at: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
) -> None:
    """The fault is resolved (E13): judge FIX by ``resolved_at``; PLAN is no longer needed (R21).

    What fell due while nothing was on record is told first, and stays: a breach that has happened
    is not undone by entering an earlier ``resolved_at`` afterwards. PLAN lapses, or is missed when
    its own breach has happened.
    """
    with audit.unit_of_work():
        for clock in _caught_up(commitment, now):
            if clock.kind == Clock.Kind.FIX:
                _stop(clock, resolved_at, End.RESOLVED, now=now, actor=actor)
            elif clock.kind == Clock.Kind.PLAN:
                state = State.MISSED if clock.breached_at else State.LAPSED
                _end(clock, state, resolved_at, End.RESOLVED, now=now, actor=actor)
        end_alert(commitment, now=now)


def deliver_plan(
    commitment: Commitment,
    *,
    delivered_at: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
) -> None:
    """The contingency plan reached the bank (E11): judge PLAN, if it still runs (R22).

    Early delivery, from T0 on, is fine. A plan delivered after the fault was resolved changes
    nothing, nor does a second version.
    """
    _deliver(commitment, Clock.Kind.PLAN, delivered_at, now, actor)


def start_report(
    commitment: Commitment,
    *,
    resolved_at: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
) -> Clock:
    """Start the REPORT clock at ``resolved_at``; after a rejected recovery as a new run (R24)."""
    with audit.unit_of_work():
        runs = [clock.run for clock in locked_clocks(commitment) if clock.kind == Clock.Kind.REPORT]
        origin = schedule.to_second(resolved_at)
        run = max(runs, default=0) + 1
        clock = _start(commitment, schedule.REPORT, origin, run, now=now, actor=actor)
    if clock.next_milestone_at and clock.next_milestone_at <= now:
        registry.nudge("clocks")
    return clock


def deliver_report(
    commitment: Commitment,
    *,
    delivered_at: datetime,
    now: datetime,
    actor: audit.Actor = CLOCK_ENGINE,
) -> None:
    """The fault report reached the bank (E16): judge the running REPORT clock (R24)."""
    _deliver(commitment, Clock.Kind.REPORT, delivered_at, now, actor)


def void_clocks(
    commitment: Commitment, *, now: datetime, actor: audit.Actor = CLOCK_ENGINE
) -> None:
    """It never was what it was declared to be: running clocks are void, breaches stay (R20)."""
    with audit.unit_of_work():
        for clock in _caught_up(commitment, now):
            state = State.MISSED if clock.breached_at else State.VOIDED
            _end(clock, state, now, End.VOIDED, now=now, actor=actor)
        end_alert(commitment, now=now)


def reject_recovery(
    commitment: Commitment, *, now: datetime, actor: audit.Actor = CLOCK_ENGINE
) -> None:
    """Recovery was rejected (E15): FIX runs on from its T0, and PLAN if only the resolution had
    ended it; REPORT is void and starts again with the next resolution.

    Milestones passed over while the fault counted as resolved are told at once, late. Breaches
    stay.
    """
    with audit.unit_of_work():
        _caught_up(commitment, now)
        clocks = list(locked_clocks(commitment))
        for clock in clocks:
            if clock.kind == Clock.Kind.REPORT:
                if clock.state in (State.RUNNING, State.MET) and not clock.breached_at:
                    ended = clock.stopped_at or now
                    _end(clock, State.VOIDED, ended, End.VOIDED, now=now, actor=actor)
            elif clock.ended_by == End.RESOLVED:
                _run_on(clock, now=now, actor=actor)
        fire_clocks([clock for clock in clocks if clock.state == State.RUNNING], now=now)
    registry.nudge("clocks")


def _run_on(clock: Clock, *, now: datetime, actor: audit.Actor) -> None:
    clock.state, clock.stopped_at, clock.ended_by = State.RUNNING, None, ""
    set_next(clock)
    clock.save(update_fields=["state", "stopped_at", "ended_by", "next_milestone_at"])
    trail.ran_on(clock, now=now, actor=actor)


def _deliver(
    commitment: Commitment, kind: str, delivered_at: datetime, now: datetime, actor: audit.Actor
) -> None:
    with audit.unit_of_work():
        for clock in _caught_up(commitment, now):
            if clock.kind == kind:
                _stop(clock, delivered_at, End.DELIVERED, now=now, actor=actor)
                end_alert(commitment, now=now, of=kind)


def _caught_up(commitment: Commitment, now: datetime) -> list[Clock]:
    """The running clocks, locked, after telling what is already due: the same with a live engine
    and with one that has been standing still."""
    clocks = list(locked_clocks(commitment).filter(state=State.RUNNING))
    fire_clocks(clocks, now=now)
    return clocks


def _stop(clock: Clock, at: datetime, by: str, *, now: datetime, actor: audit.Actor) -> None:
    at = schedule.to_second(at)
    missed = clock.breached_at is not None or schedule.judge(clock.due_at, at, at) == "missed"
    if missed and clock.breached_at is None:
        clock.breached_at = clock.due_at + schedule.JUST_AFTER
    _end(clock, State.MISSED if missed else State.MET, at, by, now=now, actor=actor)


def _end(
    clock: Clock, state: str, at: datetime, by: str, *, now: datetime, actor: audit.Actor
) -> None:
    clock.state, clock.stopped_at, clock.ended_by = state, schedule.to_second(at), by
    clock.next_milestone_at = None
    clock.save(
        update_fields=["state", "stopped_at", "ended_by", "breached_at", "next_milestone_at"]
    )
    trail.stopped(clock, now=now, actor=actor)
