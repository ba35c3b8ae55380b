"""The demonstration on-call roster: one week each, from Monday to Monday."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actors import SETUP
from oncall.models import Shift
from oncall.services.shifts import add_shift
from servicedesk.demo.people import person
from servicedesk.demo.stories import at, stories

WEEK = timedelta(days=7)
AHEAD = timedelta(days=35)


def extend_roster(now: datetime) -> None:
    """Add the missing weeks up to five weeks ahead of ``now`` (R14)."""
    told = stories()["roster"]
    names: list[str] = told["people"]
    first = at(told["first_monday"])
    known = set(Shift.objects.values_list("starts_at", flat=True))
    weeks = (now + AHEAD - first) // WEEK + 1
    for week in range(weeks):
        starts = first + week * WEEK
        if starts not in known and not _taken(starts):
            add_shift(
                actor=SETUP,
                starts_at=starts,
                ends_at=starts + WEEK,
                primary=person(names[week % len(names)]),
                backup=person(names[(week + 1) % len(names)]),
            )


def _taken(starts: datetime) -> bool:
    """True when somebody has planned this week by hand."""
    return Shift.objects.filter(starts_at__lt=starts + WEEK, ends_at__gt=starts).exists()
