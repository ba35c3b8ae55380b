"""Firing milestones: every one that is due, in order, once each, however late (R21–R24, I17)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from audit import services as audit
from engine import lag
from engine.due import backlog, claim_due
from sla import alerts, handlers, schedule, trail
from sla.models import Clock, Commitment, Milestone

BATCH = 200
PUSH_BACK = timedelta(seconds=60)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """A milestone that is due; ``again``: told before, at an instant counted from another T0."""

    clock: Clock
    moment: schedule.Moment
    again: bool


def fire_due(now: datetime) -> int:
    """Engine "clocks": one batch of clocks with a milestone due at ``now`` (UTC).

    Returns the number of milestones told and of clocks pushed back. An error in one clock is
    logged and delays that clock by a minute; the others go on.
    """
    due = Clock.objects.filter(state=Clock.State.RUNNING)
    # Looking needs no write lock; an idle tick must not stop anybody's work on SQLite.
    if not due.filter(next_milestone_at__lte=now).exists():
        return 0
    with audit.unit_of_work():
        clocks = claim_due(
            due.select_related("commitment__agreement"),
            now=now,
            due_field="next_milestone_at",
            limit=BATCH,
            measure=False,
        )
        return fire_clocks(clocks, now=now)


def untold(now: datetime) -> int:
    """Running clocks with a milestone due at ``now`` (UTC) that has not been told yet."""
    running = Clock.objects.filter(state=Clock.State.RUNNING)
    return backlog(running, now=now, due_field="next_milestone_at")


def fire_commitment(commitment: Commitment, *, now: datetime) -> int:
    """Every milestone of one commitment due at ``now`` (UTC); returns how many were told."""
    with audit.unit_of_work():
        return fire_clocks(running_clocks(commitment), now=now)


def running_clocks(commitment: Commitment) -> list[Clock]:
    """The commitment's running clocks, locked; inside a transaction."""
    return list(locked_clocks(commitment).filter(state=Clock.State.RUNNING))


def locked_clocks(commitment: Commitment) -> models.QuerySet[Clock]:
    """All clocks of the commitment under lock, always in the same order."""
    return (
        Clock.objects.filter(commitment=commitment)
        .select_related("commitment__agreement")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def moments_of(clock: Clock) -> list[schedule.Moment]:
    """All milestones of a clock, told or not."""
    commitment = clock.commitment
    return schedule.milestones(
        clock.kind, clock.origin, commitment.agreement, commitment.hour_seconds
    )


def set_next(clock: Clock) -> None:
    """Point ``next_milestone_at`` to the first milestone not yet told; the caller saves."""
    waiting = pending(clock, told_by([clock])[clock.pk])
    clock.next_milestone_at = waiting[0].at if waiting else None


def told_by(clocks: Iterable[Clock]) -> dict[int, dict[str, datetime]]:
    """When each milestone of these clocks was last told, by clock and code."""
    told: dict[int, dict[str, datetime]] = {clock.pk: {} for clock in clocks}
    rows = Milestone.objects.filter(clock__in=told).order_by("fired_at")
    for pk, code, fired_at in rows.values_list("clock_id", "code", "fired_at"):
        told[pk][code] = fired_at
    return told


def pending(clock: Clock, told: dict[str, datetime]) -> list[schedule.Moment]:
    """Milestones still to be told, in order.

    One that was told is done with, unless T0 was moved to a later time since: then it comes again
    at its new instant, and people are not left without a warning. A breach comes once (R21).
    """
    return [
        moment
        for moment in moments_of(clock)
        if moment.code not in told
        or (moment.code != schedule.BREACH and told[moment.code] < moment.at)
    ]


def fire_clocks(clocks: Iterable[Clock], *, now: datetime) -> int:
    """Tell what is due on these locked running clocks, oldest first across all of them.

    All at once, with a few statements; when one of them fails, one after the other, so that only
    the clock that fails is delayed.
    """
    by_pk = {clock.pk: clock for clock in clocks}
    told = told_by(by_pk.values())
    waiting = sorted(
        (
            Waiting(by_pk[pk], moment, again=moment.code in told[pk])
            for pk, clock in by_pk.items()
            for moment in pending(clock, told[pk])
            if moment.at <= now
        ),
        key=lambda each: (each.moment.at, each.clock.pk),
    )
    if len(waiting) > 1:
        try:
            with audit.unit_of_work():
                tell_together(list(by_pk.values()), waiting, told, now)
        except Exception:
            log.warning("telling %s milestones together failed; now one by one", len(waiting))
            for clock in by_pk.values():
                clock.refresh_from_db(fields=["opened_at", "breached_at", "next_milestone_at"])
        else:
            return len(waiting)
    return _one_by_one(by_pk.values(), waiting, now)


def _one_by_one(clocks: Iterable[Clock], waiting: Iterable[Waiting], now: datetime) -> int:
    broken: set[int] = set()
    fired = 0
    for each in waiting:
        if each.clock.pk in broken:
            continue
        if _fire_safely(each, now):
            fired += 1
        else:
            broken.add(each.clock.pk)
    for clock in clocks:
        if clock.pk not in broken:
            set_next(clock)
            clock.save(update_fields=["next_milestone_at"])
    return fired + len(broken)


def tell_breach(clock: Clock, *, now: datetime) -> None:
    """Tell a breach that has come to light afterwards, on a locked clock that has ended."""
    fire(clock, moments_of(clock)[-1], now)


def _fire_safely(due: Waiting, now: datetime) -> bool:
    clock, moment = due.clock, due.moment
    try:
        with audit.unit_of_work():
            fire(clock, moment, now, again=due.again)
    except Exception:
        log.exception("milestone %s of clock %s failed; next try in a minute", moment.code, clock)
        clock.refresh_from_db(fields=["opened_at", "breached_at"])
        clock.next_milestone_at = now + PUSH_BACK
        clock.save(update_fields=["next_milestone_at"])
        return False
    return True


def tell_together(
    clocks: Sequence[Clock],
    waiting: Sequence[Waiting],
    told: dict[int, dict[str, datetime]],
    now: datetime,
) -> None:
    """The same as ``fire`` for each of ``waiting``, in their order, with few statements."""
    Milestone.objects.bulk_create(
        [reach(each.clock, each.moment, now, again=each.again) for each in waiting]
    )
    for each in waiting:
        told[each.clock.pk][each.moment.code] = now
    for clock in clocks:
        coming = pending(clock, told[clock.pk])
        clock.next_milestone_at = coming[0].at if coming else None
    Clock.objects.bulk_update(clocks, ["opened_at", "breached_at", "next_milestone_at"])
    fired = [
        handlers.Fired(
            each.clock, each.moment.code, each.moment.at, now,
            is_late(each.clock, each.moment, now), each.again,
        )
        for each in waiting
    ]  # fmt: skip
    handlers.call_all(fired)
    alerts.raise_alerts([(each.clock, each.moment.code) for each in waiting], now=now)


def is_late(clock: Clock, moment: schedule.Moment, now: datetime) -> bool:
    """Told after its time, or already past when the clocks were opened."""
    commitment = clock.commitment
    return moment.at < commitment.created_at or schedule.is_late(
        moment.at, now, commitment.hour_seconds
    )


def fire(clock: Clock, moment: schedule.Moment, now: datetime, *, again: bool = False) -> None:
    """Write the milestone, what it does to the clock, its audit event, and call the handlers.

    ``again``: it was told before, at an instant that counted from an earlier T0.
    """
    reach(clock, moment, now, again=again).save()
    clock.save(update_fields=["opened_at", "breached_at"])
    late = is_late(clock, moment, now)
    handlers.call(handlers.Fired(clock, moment.code, moment.at, now, late, again))
    alerts.raise_alert(clock, moment.code, now=now)


def reach(clock: Clock, moment: schedule.Moment, now: datetime, *, again: bool) -> Milestone:
    """Let the clock reach the moment, with its event; the caller saves both."""
    late = is_late(clock, moment, now)
    if moment.code == schedule.DUTY_OPENED:
        clock.opened_at = moment.at
    elif moment.code == schedule.BREACH:
        clock.breached_at = moment.at
    # What lay in the past when the clocks were opened is late, but not by the engine's fault.
    lag.note(max(moment.at, clock.commitment.created_at), now)
    trail.told(clock, moment.code, due_at=moment.at, now=now, late=late)
    return Milestone(clock=clock, code=moment.code, due_at=moment.at, fired_at=now, late=late)
