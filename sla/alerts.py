"""Alerts that nobody has acknowledged are repeated to the people on call (section 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.actors import CLOCK_ENGINE
from accounts.models import User
from audit import services as audit
from engine.due import backlog, claim_due
from sla import handlers, schedule
from sla.models import Alert, Clock, Commitment

BATCH = 50


def interval(commitment: Commitment) -> timedelta:
    """Time between two repetitions under the commitment's own agreement; shorter in drills."""
    minutes = commitment.agreement.alert_repeat_minutes
    return schedule.hours(minutes / 60, commitment.hour_seconds)


def raise_alert(clock: Clock, code: str, *, now: datetime) -> None:
    """A milestone was told: from now on it waits for an acknowledgement.

    An alert that already waits is renewed: one repetition tells the latest, never a burst.
    """
    commitment = clock.commitment
    if commitment.pk in _never_down([clock]):
        return
    Alert.objects.update_or_create(
        commitment=commitment,
        ended_at=None,
        defaults={"clock": clock, "code": code, "next_repeat_at": now + interval(commitment)},
        create_defaults={
            "clock": clock,
            "code": code,
            "opened_at": now,
            "next_repeat_at": now + interval(commitment),
        },
    )


def raise_alerts(told: Sequence[tuple[Clock, str]], *, now: datetime) -> None:
    """The same for many milestones, the latest of each commitment last."""
    quiet = _never_down([clock for clock, _code in told])
    latest = {
        clock.commitment_id: (clock, code)
        for clock, code in told
        if clock.commitment_id not in quiet
    }
    waiting = Alert.objects.select_for_update(of=("self",)).filter(
        commitment__in=latest, ended_at=None
    )
    renewed = list(waiting.order_by("pk"))
    for alert in renewed:
        clock, alert.code = latest.pop(alert.commitment_id)
        alert.clock, alert.next_repeat_at = clock, now + interval(clock.commitment)
    Alert.objects.bulk_update(renewed, ["clock", "code", "next_repeat_at"])
    Alert.objects.bulk_create(
        Alert(
            commitment=clock.commitment,
            clock=clock,
            code=code,
            opened_at=now,
            next_repeat_at=now + interval(clock.commitment),
        )
        for clock, code in latest.values()
    )


def _never_down(clocks: Sequence[Clock]) -> set[int]:
    """Commitments that only owe a report as an S2: they remind, but only S1 repeats its alerts."""
    reports = {clock.commitment_id for clock in clocks if clock.kind == Clock.Kind.REPORT}
    if not reports:
        return set()
    fixed = Clock.objects.filter(commitment__in=reports, kind=Clock.Kind.FIX)
    return reports - set(fixed.values_list("commitment_id", flat=True))


def acknowledge_alert(commitment: Commitment, *, person: User, now: datetime) -> Alert | None:
    """``person`` has seen the alert: it is not repeated. None when nothing waits. ``now`` UTC."""
    with audit.unit_of_work():
        alert = _waiting(commitment)
        if alert is None:
            return None
        alert.acknowledged_at, alert.acknowledged_by = now, person
        alert.ended_at, alert.next_repeat_at = now, None
        alert.save()
        audit.record(
            actor=person,
            action="sla.alert_acknowledged",
            target=commitment,
            label=commitment.subject,
            happened_at=now,
            data={"clock": alert.clock.kind, "code": alert.code, "repeats": alert.repeats},
        )
    return alert


def waiting_alert(commitment: Commitment) -> Alert | None:
    """The alert that waits for an acknowledgement, if any."""
    found: Alert | None = (
        Alert.objects.filter(commitment=commitment, ended_at=None)
        .select_related("clock", "commitment__agreement")
        .first()
    )
    return found


def alert_mark(alert: Alert) -> str:
    """Tells an alert, and the milestone it is about, from every later one."""
    return f"{alert.pk}-{alert.clock.kind}{alert.clock.run}-{alert.code}"


def end_alert(commitment: Commitment, *, now: datetime, of: str = "") -> None:
    """What the alert was about is over (``of``: only if it was about this kind of clock)."""
    alert = _waiting(commitment)
    if alert is not None and of in ("", alert.clock.kind):
        alert.ended_at, alert.next_repeat_at = now, None
        alert.save(update_fields=["ended_at", "next_repeat_at"])


def unrepeated(now: datetime) -> int:
    """Alerts that should have been repeated by ``now`` (UTC), counted up to the engine's limit."""
    return backlog(Alert.objects.filter(ended_at=None), now=now, due_field="next_repeat_at")


def repeat_due(now: datetime) -> int:
    """Engine "alerts": repeat what is due at ``now`` (UTC), once however late; returns how many."""
    due = Alert.objects.filter(ended_at=None)
    if not due.filter(next_repeat_at__lte=now).exists():
        return 0
    with audit.unit_of_work():
        alerts = claim_due(
            due.select_related("clock", "commitment__agreement"),
            now=now,
            due_field="next_repeat_at",
            limit=BATCH,
        )
        for alert in alerts:
            _repeat(alert, now)
    return len(alerts)


def _repeat(alert: Alert, now: datetime) -> None:
    alert.repeats += 1
    alert.next_repeat_at = now + interval(alert.commitment)
    alert.save(update_fields=["repeats", "next_repeat_at"])
    audit.record(
        actor=CLOCK_ENGINE,
        action="sla.alert_repeated",
        target=alert.commitment,
        label=alert.commitment.subject,
        happened_at=now,
        data={"clock": alert.clock.kind, "code": alert.code, "repeats": alert.repeats},
    )
    handlers.repeat(alert, now)


def _waiting(commitment: Commitment) -> Alert | None:
    found: Alert | None = (
        Alert.objects.filter(commitment=commitment, ended_at=None)
        .select_related("clock")
        .select_for_update(of=("self",))
        .first()
    )
    return found
