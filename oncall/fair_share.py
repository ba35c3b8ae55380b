"""Whose turn it would be, said where somebody is chosen (R11, R14)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from accounts.models import User
from calendars.services import current_calendar
from oncall.absence import leave_between
from oncall.load import Load, loads, whose_turn
from oncall.load_page import TAKING_PART, Month, shifts_in
from oncall.models import LANES, Roster, Shift
from oncall.services.rotations import rotations_in_force

NAMED = 3


@dataclass(frozen=True)
class Share:
    """Somebody and the points of the month, over both rosters."""

    person: User
    points: float


def fair_share(roster: str, day: date, now: datetime, *, but: Collection[int] = ()) -> list[Share]:
    """Who has had least in the Beijing month of ``day`` stands first.

    Those who stand in ``roster`` in this month, have stood in it in the 90 days before ``now``
    (UTC), or are in its rotations; without ``but`` (keys), whoever is on leave now, and accounts
    that are off.
    """
    month = Month(day.replace(day=1))
    candidates = _of_the_roster(roster, month, now) - set(but)
    candidates -= {leave.person_id for leave in leave_between(now, now + timedelta(minutes=1))}
    rows = User.objects.active().filter(pk__in=candidates).select_related("organisation")
    people = {person.pk: person for person in rows}
    found = loads(shifts_in(month), current_calendar(), month.start, month.end)
    return [
        Share(people[pk], found.get(pk, Load()).points) for pk in whose_turn(found, sorted(people))
    ]


def _of_the_roster(roster: str, month: Month, now: datetime) -> set[int]:
    recent = Shift.objects.of(roster).touching(min(now - TAKING_PART, month.start), month.end)
    keys = {pk for pair in recent.values_list(*LANES) for pk in pair if pk is not None}
    return keys | rotations_in_force(roster)[1].people


def points_hint(roster: str, day: date, now: datetime) -> Any:
    """For planners: the three with the fewest points of the month; asked only when it is shown.

    And then once, however often the page writes it.
    """

    @cache
    def words() -> str:
        return in_words(fair_share(roster, day, now), day)

    return lazy(words, str)()


def in_words(found: Sequence[Share], day: date) -> str:
    """The first three of ``fair_share`` with their points, "" for nobody."""
    if not found:
        return ""
    people = " · ".join(f"{share.person.name} {share.points:g}" for share in found[:NAMED])
    text = _("Fewest points in %(month)s: %(people)s")
    return text % {"month": f"{day:%Y-%m}", "people": people}


def turn_hint(rosters: Collection[str], asker: User, now: datetime) -> Any:
    """For everybody of the desk: whose turn it would be this month, by name, without numbers."""

    @cache
    def words() -> str:
        day = timezone.localdate(now)
        found = [
            (Roster(roster).label, fair_share(roster, day, now, but={asker.pk})[:NAMED])
            for roster in sorted(rosters)
        ]
        named = [
            (label, " · ".join(share.person.name for share in shares))
            for label, shares in found
            if shares
        ]
        if not named:
            return ""
        if len(named) == 1:
            lines = [named[0][1]]
        else:
            words = _("%(people)s (%(roster)s)")
            lines = [words % {"roster": label, "people": people} for label, people in named]
        return _("By the load of this month it would be the turn of: %(people)s") % {
            "people": "; ".join(lines)
        }

    return lazy(words, str)()
