"""The regulator's grade and reporting times: information; the bank decides (domain section 4.3).

From the emergency rules for important banking systems: the grade follows from how long business is
interrupted in business hours and in how many provinces, and rises as time passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from incidents.models import Grade, Incident
from sla.regulator import info_moments
from sla.schedule import HOUR, hours
from workflow.durations import local

# (provinces at least, business hours at least, grade), the most serious first.
RULES: tuple[tuple[int, float, Grade], ...] = (
    (2, 3, Grade.ONE),
    (1, 6, Grade.ONE),
    (2, 0.5, Grade.TWO),
    (1, 3, Grade.TWO),
    (1, 0.5, Grade.THREE),
)


@dataclass(frozen=True)
class Suggestion:
    """The grade the figures suggest at a moment, and the next time they would suggest another."""

    grade: str
    interrupted: timedelta
    provinces: int | None
    business_hours: str


@dataclass(frozen=True)
class Due:
    """One reporting time: when, what, and whether it has passed while business stood still."""

    at: datetime
    what: str
    basis: str
    passed: bool


def suggest(interrupted: timedelta, provinces: int, hour_seconds: int = HOUR) -> str:
    """Grade for business hours of interruption in a number of provinces; IV when no rule fits."""
    for least, span, grade in RULES:
        if provinces >= least and interrupted >= hours(span, hour_seconds):
            return str(grade.value)
    return str(Grade.FOUR.value)


def suggestion(incident: Incident, now: datetime) -> Suggestion:
    """What the figures suggest at ``now`` (UTC); provinces not known count as one.

    Interrupted is the time from the occurrence (T0 if not known) until business ran again, as far
    as it lies in the bank's business hours (setting ``BUSINESS_HOURS``). In drills all hours count.
    """
    began = incident.occurred_at or incident.first_contact_at
    ended = max(began, min(incident.mitigated_at or now, incident.resolved_at or now, now))
    opens, closes = settings.BUSINESS_HOURS
    interrupted = ended - began
    if not incident.is_drill:
        interrupted = in_business_hours(began, ended, opens, closes)
    grade = suggest(interrupted, incident.provinces or 1, incident.hour_seconds)
    return Suggestion(grade, interrupted, incident.provinces, f"{opens:02}:00–{closes:02}:00")


def in_business_hours(began: datetime, ended: datetime, opens: int, closes: int) -> timedelta:
    """The part of a span that lies between two full hours of the Beijing day, every day."""
    total, day = timedelta(0), local(began).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < ended:
        start, end = day + timedelta(hours=opens), day + timedelta(hours=closes)
        total += max(timedelta(0), min(end, ended) - max(start, began))
        day += timedelta(days=1)
    return total


def milestones(incident: Incident, now: datetime) -> list[Due]:
    """The regulator's reporting times as they are set, counted from T0."""
    end = incident.resolved_at or now
    found = info_moments(incident.first_contact_at, now=end, hour_seconds=incident.hour_seconds)
    return [Due(each.at, each.label, each.basis, each.passed) for each in found]
