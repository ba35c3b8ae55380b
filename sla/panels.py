"""Clocks as pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sla import schedule
from sla.models import Clock, TargetClock

LABELS = {
    Clock.Kind.FIX: _("Fix"),
    Clock.Kind.PLAN: _("Contingency plan"),
    Clock.Kind.REPORT: _("Fault report"),
}
MILESTONES = {
    "half": _("half of the time is gone"),
    "three_quarters": _("three quarters of the time are gone"),
    "last_four_hours": _("the last four hours have begun"),
    "last_hour": _("the last hour has begun"),
    "last_half_hour": _("the last half hour has begun"),
    schedule.DUTY_OPENED: _("the duty has begun"),
    schedule.BREACH: _("the time limit has passed"),
}

NOT_AGREED = _(
    "Not agreed: no target is set for these steps, so nothing is due and nothing is judged. The "
    "contract sets time limits for system-down incidents (S1) only; internal targets are set by "
    "the system administrator and never part of the contract."
)


def milestone_label(code: str) -> str:
    """What has been reached, in the reader's language, also for milestones of later agreements."""
    if named := MILESTONES.get(code):
        return str(named)
    if code.endswith("%"):
        return gettext("%(share)s of the time is gone") % {"share": code}
    minutes = int(code[:-1])
    text = ngettext("%(minutes)d minute is left", "%(minutes)d minutes are left", minutes)
    return text % {"minutes": minutes}


def clock_view(clock: Clock | None, now: datetime) -> dict[str, Any] | None:
    """What ``{% deadline_chip %}`` and ``{% countdown %}`` take; None (not agreed) without clock.

    ``now`` (UTC) is the server's time, from which the browser counts on. A breached clock that
    still runs is shown as overdue.
    """
    if clock is None:
        return None
    hour_seconds = clock.commitment.hour_seconds
    # A plan's own span is the time between duty and deadline; counting from T0 it would be "due
    # soon" at the moment it becomes a duty.
    opened_at = clock.opened_at if clock.kind == Clock.Kind.PLAN else None
    return {
        "label": LABELS[Clock.Kind(clock.kind)],
        "kind": clock.kind,
        "run": clock.run,
        "state": clock.state,
        "due_at": clock.due_at,
        "started_at": opened_at or clock.origin,
        "stopped_at": clock.stopped_at,
        "breached_at": clock.breached_at,
        "hour_seconds": hour_seconds,
        "now": now,
    }


def target_view(clock: TargetClock | None, now: datetime) -> dict[str, Any] | None:
    """What ``{% deadline_chip %}`` takes for an internal clock; None (not agreed) without one.

    Computed from the deadline and ``now`` (UTC), so it is right whether or not an engine runs.
    """
    if clock is None:
        return None
    return {
        "label": gettext("Internal target · %(step)s") % {"step": clock.get_step_display()},
        "step": clock.step,
        "run": clock.run,
        "state": clock.state,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "calendar_missing": clock.calendar_missing,
        "started_at": clock.origin,
        "stopped_at": clock.stopped_at,
        "now": now,
    }
