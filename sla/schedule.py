"""When the moments of a clock are: pure arithmetic, no database, no calendar (R20–R24).

Hours are elapsed hours: no nights, no holidays, no pauses. ``hour_seconds`` is the length of a
contract hour, 3600 except in drills. All instants are UTC and compared to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

FIX, PLAN, REPORT = "fix", "plan", "report"
DUTY_OPENED, BREACH = "duty_opened", "breach"
HOUR = 3600
# A deadline met to the second is met: the first instant beyond it is one real second later,
# whatever the speed of a drill.
JUST_AFTER = timedelta(seconds=1)
LATE_SECONDS = 60
LATE_SECONDS_OF_DRILLS = 5


class Terms(Protocol):
    """The parameters of an agreement; hours."""

    fix_hours: int
    plan_hours: int
    report_hours: int
    plan_clock_origin: str


@dataclass(frozen=True)
class Moment:
    """A milestone to come: its code and its instant (UTC)."""

    code: str
    at: datetime


def to_second(instant: datetime) -> datetime:
    """The instant without fractions of a second: clocks are compared to the second."""
    return instant.replace(microsecond=0)


def hours(count: float, hour_seconds: int = HOUR) -> timedelta:
    """``count`` contract hours as real time."""
    return timedelta(seconds=count * hour_seconds)


def due(kind: str, origin: datetime, agreement: Terms, hour_seconds: int = HOUR) -> datetime:
    """Last instant at which the promise is kept: ``≤`` is met."""
    span = {
        FIX: agreement.fix_hours,
        PLAN: agreement.plan_hours,
        REPORT: agreement.report_hours,
    }[kind]
    return origin + hours(span, hour_seconds)


def plan_origin(t0: datetime, agreement: Terms, hour_seconds: int = HOUR) -> datetime:
    """Where the 16 hours count from: T0, or the missed fix time, as the agreement says (R22)."""
    if agreement.plan_clock_origin == "fix_due":
        return due(FIX, t0, agreement, hour_seconds)
    return t0


def duty_opens(origin: datetime, agreement: Terms, hour_seconds: int = HOUR) -> datetime:
    """When the contingency plan becomes a duty: at the missed fix time."""
    if agreement.plan_clock_origin == "fix_due":
        return origin
    return due(FIX, origin, agreement, hour_seconds)


def milestones(
    kind: str, origin: datetime, agreement: Terms, hour_seconds: int = HOUR
) -> list[Moment]:
    """Every milestone of a clock of ``kind`` counting from ``origin``, in order.

    With 12/16/24 h: FIX 6, 9, 11, 11.5 h; PLAN 12 (duty opened), 14, 15, 15.5 h; REPORT 12, 20,
    23 h; each with the breach just after its due time. Moments that would lie at or before the
    start, under an agreement with very short times, are left out.
    """
    end = due(kind, origin, agreement, hour_seconds)
    span = end - origin
    before = _before(end, hour_seconds)
    if kind == FIX:
        start = origin
        moments = [
            Moment("half", origin + span / 2),
            Moment("three_quarters", origin + span * 3 / 4),
            *before,
        ]
    elif kind == PLAN:
        start = duty_opens(origin, agreement, hour_seconds)
        moments = [Moment("half", start + (end - start) / 2), *before]
    else:
        start = origin
        moments = [
            Moment("half", origin + span / 2),
            Moment("last_four_hours", end - hours(4, hour_seconds)),
            before[0],
        ]
    kept = sorted((moment for moment in moments if moment.at > start), key=lambda each: each.at)
    opening = [Moment(DUTY_OPENED, start)] if kind == PLAN else []
    return [*opening, *kept, Moment(BREACH, end + JUST_AFTER)]


def _before(end: datetime, hour_seconds: int) -> list[Moment]:
    return [
        Moment("last_hour", end - hours(1, hour_seconds)),
        Moment("last_half_hour", end - hours(0.5, hour_seconds)),
    ]


def judge(due_at: datetime, stopped_at: datetime | None, now: datetime) -> str:
    """``met``, ``missed`` or ``running``: ``≤`` is met, ``>`` is missed, to the second."""
    if stopped_at is not None:
        return "met" if to_second(stopped_at) <= to_second(due_at) else "missed"
    return "missed" if to_second(now) > to_second(due_at) else "running"


def is_late(at: datetime, told_at: datetime, hour_seconds: int = HOUR) -> bool:
    """True when a milestone of ``at`` is told more than a minute late (scaled in drills)."""
    scaled = LATE_SECONDS * hour_seconds / HOUR
    grace = LATE_SECONDS if hour_seconds == HOUR else max(LATE_SECONDS_OF_DRILLS, scaled)
    return told_at - at > timedelta(seconds=grace)
