"""The load of a month as people read it: a line for each person, every number with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from calendars.services import current_calendar
from oncall.coverage import midnight
from oncall.dates import sensible
from oncall.load import REACH, Load, loads, whose_turn
from oncall.models import Attempt, Page, Shift
from oncall.policies import can_see_all_load

# Who has stood in the last 90 days takes part in the hint.
TAKING_PART = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """One person's month."""

    person: User
    load: Load
    received: int
    answered: int
    place: int


@dataclass(frozen=True)
class Month:
    """A Beijing month, ``start`` to ``end`` (UTC instants)."""

    first: date

    @classmethod
    def named(cls, text: str, today: date) -> Month:
        """``2026-11``; the present month for anything else."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            first = today.replace(day=1)
        return cls(first if sensible(first) else today.replace(day=1))

    @property
    def following(self) -> date:
        """First day of the next month."""
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> date:
        """First day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def start(self) -> datetime:
        """When it begins."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """When it ends."""
        return midnight(self.following)


def shifts_in(month: Month, person: User | None = None) -> list[Shift]:
    """Shifts that touch the month or its last night, in order."""
    rows = Shift.objects.touching(month.start, month.end + REACH)
    if person is not None:
        rows = rows.filter(Q(primary=person) | Q(backup=person))
    return list(rows.select_related("primary", "backup").order_by("starts_at", "pk"))


def pages_of(month: Month, person: User) -> Any:
    """Alarms that called this person in the month, drills apart."""
    called = Attempt.objects.filter(
        person=person, created_at__gte=month.start, created_at__lt=month.end
    )
    rows = Page.objects.filter(kind=Page.Kind.ALARM, is_drill=False)
    return rows.filter(pk__in=called.values("page")).order_by("-started_at")


def load_lines(viewer: User, month: Month, now: datetime) -> list[Line]:
    """Everybody's month for those who may see it, else one's own; who has had least first.

    Whoever has stood in the last 90 days or in the month is in it, also with nothing.
    """
    shifts = shifts_in(month)
    found = loads(shifts, current_calendar(), month.start, month.end)
    people = _taking_part(set(found), now)
    if not can_see_all_load(viewer):
        people = {viewer.pk: viewer}
    places = whose_turn(found, people)
    received, answered = _pages(month)
    return [
        Line(people[pk], found.get(pk, Load()), received.get(pk, 0), answered.get(pk, 0), place)
        for place, pk in enumerate(places, 1)
    ]


def _taking_part(standing: set[int], now: datetime) -> dict[int, User]:
    recent = Shift.objects.touching(now - TAKING_PART, now)
    keys = set(standing)
    for primary, backup in recent.values_list("primary", "backup"):
        keys |= {primary, backup} - {None}
    rows = User.objects.filter(pk__in=keys).select_related("organisation")
    return {person.pk: person for person in rows if person.is_active or person.pk in standing}


def _pages(month: Month) -> tuple[dict[int, int], dict[int, int]]:
    called = Attempt.objects.filter(
        page__kind=Page.Kind.ALARM, page__is_drill=False,
        created_at__gte=month.start, created_at__lt=month.end,
    )  # fmt: skip
    received: dict[int, set[int]] = {}
    answered: dict[int, set[int]] = {}
    rows = called.values_list("person", "page", "page__acknowledged_by").distinct()
    for person, page, taker in rows:
        received.setdefault(person, set()).add(page)
        if taker == person:
            answered.setdefault(person, set()).add(page)
    return _counts(received), _counts(answered)


def _counts(found: dict[int, set[int]]) -> dict[int, int]:
    return {person: len(pages) for person, pages in found.items()}
