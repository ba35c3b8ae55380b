"""When the moments of a clock are: pure arithmetic, no database, no calendar (R20–R24).

Hours are elapsed hours: no nights, no holidays, no pauses. ``hour_seconds`` is the length of a
contract hour, 3600 except in drills. All instants are UTC and compared to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

FIX, PLAN, REPORT = "fix", "plan", "report"
DUTY_OPENED, BREACH = "duty_opened", "breach"
HOUR = 3600
# A deadline met to the second is met: the first instant beyond it is one real second later,
# whatever the speed of a drill.
JUST_AFTER = timedelta(seconds=1)
LATE_SECONDS = 60
LATE_SECONDS_OF_DRILLS = 5


# Up to whom a milestone is told: the handlers; and supervisors; and managers; and the superior
# department (domain section 2.4).
HANDLERS, SUPERVISORS, MANAGERS, SUPERIORS = 1, 2, 3, 4
_NAMED = {
    "50%": "half",
    "75%": "three_quarters",
    "240m": "last_four_hours",
    "60m": "last_hour",
    "30m": "last_half_hour",
}


class Terms(Protocol):
    """The parameters of an agreement; hours."""

    fix_hours: int
    plan_hours: int
    report_hours: int
    plan_clock_origin: str
    warnings: dict[str, list[dict[str, Any]]]


def default_warnings() -> dict[str, list[dict[str, Any]]]:
    """When people are told, and up to whom, under the service plan of 2017.

    ``at``: ``50%`` of the time, ``60m`` before the end (contract minutes), ``duty_opened`` or
    ``breach``; ``tell``: 1 handlers, 2 + supervisors, 3 + managers, 4 + superior department.
    """
    fix = [("50%", 1), ("75%", 2), ("60m", 3), ("30m", 3), (BREACH, 4)]
    plan = [(DUTY_OPENED, 2), ("50%", 1), ("60m", 3), ("30m", 3), (BREACH, 4)]
    report = [("50%", 1), ("240m", 2), ("60m", 3), (BREACH, 4)]
    return {
        kind: [{"at": at, "tell": tell} for at, tell in rows]
        for kind, rows in ((FIX, fix), (PLAN, plan), (REPORT, report))
    }


def code_of(at: str) -> str:
    """The code under which a milestone is on record: ``half`` for ``50%``, else as written."""
    return _NAMED.get(at, at)


def audience(kind: str, code: str, agreement: Terms) -> int:
    """Up to whom a milestone is told, 1 to 4; one the agreement does not list: supervisors."""
    for row in agreement.warnings.get(kind, []):
        if code_of(row["at"]) == code:
            return int(row["tell"])
    return SUPERVISORS


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

    Which there are stands in ``agreement.warnings``. With 12/16/24 h and the first agreement's:
    FIX 6, 9, 11, 11.5 h; PLAN 12 (duty opened), 14, 15, 15.5 h; REPORT 12, 20,
    23 h; each with the breach just after its due time. Moments that would lie at or before the
    start, under an agreement with very short times, are left out.
    """
    end = due(kind, origin, agreement, hour_seconds)
    start = duty_opens(origin, agreement, hour_seconds) if kind == PLAN else origin
    moments = [
        Moment(code_of(row["at"]), _instant(row["at"], start, end, hour_seconds))
        for row in agreement.warnings.get(kind, [])
        if row["at"] not in (DUTY_OPENED, BREACH)
    ]
    kept = sorted(
        (moment for moment in moments if start < moment.at <= end), key=lambda each: each.at
    )
    opening = [Moment(DUTY_OPENED, start)] if kind == PLAN else []
    return [*opening, *kept, Moment(BREACH, end + JUST_AFTER)]


def _instant(at: str, start: datetime, end: datetime, hour_seconds: int) -> datetime:
    number = int(at[:-1])
    if at.endswith("%"):
        return start + (end - start) * number / 100
    return end - hours(number / 60, hour_seconds)


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
