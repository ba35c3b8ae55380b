"""The regulator's grade and reporting times: information; the bank decides (domain section 4.3).

From the emergency rules for important banking systems: the grade follows from how long business is
interrupted in business hours and in how many provinces, and rises as time passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import Grade, Incident
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
# Contract hours after T0, and what the rules expect of the bank by then.
MILESTONES: tuple[tuple[float, Promise], ...] = (
    (0.5, _("First report to the regulator, strict reading (30 min)")),
    (1, _("First report to the regulator, at the latest (60 min)")),
    (2, _("Progress report (grade I: every 2 hours)")),
    (3, _("Grade may rise: 3 hours of interruption")),
    (4, _("Report to the network authority; recovery target (RTO)")),
    (6, _("Grade may rise: 6 hours of interruption")),
    (12, _("Formal written report to the regulator")),
    (24, _("Report on major outsourcing risk")),
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
    what: Promise
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
    """The regulator's reporting times, counted from T0."""
    end = incident.resolved_at or now
    return [
        Due(at := incident.first_contact_at + hours(count, incident.hour_seconds), what, at <= end)
        for count, what in MILESTONES
    ]
