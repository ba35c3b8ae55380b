"""What is wrong with a roster between two instants. Pure: reads only the shifts it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.fitness import Unfit, unfit
from oncall.gaps import Gap, gaps
from oncall.models import Leave, Shift
from workflow.decisions import same_person

LANES = ("primary", "backup")


class Kind(models.TextChoices):
    """What can be wrong (R14), in the words of a list."""

    GAP = "gap", _("Nobody is on call")
    NOT_IN_SERVICE = Unfit.NOT_IN_SERVICE.value, _("Not in service any more")
    NO_PHONE = Unfit.NO_PHONE.value, _("No valid phone number")
    ONE_PERSON = "one_person", _("Primary and backup are one person")
    TWO_PLACES = "two_places", _("In two shifts at once")
    ON_LEAVE = "on_leave", _("On call while on leave")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong from ``starts_at`` to ``ends_at`` (UTC).

    ``key`` names it for as long as it stays wrong, whatever the time at which one looks.
    """

    kind: Kind
    starts_at: datetime
    ends_at: datetime
    key: str
    person: str = ""

    @property
    def minutes(self) -> int:
        """Whole minutes; a part of a minute counts as one."""
        return Gap(self.starts_at, self.ends_at).minutes


def findings(
    shifts: Sequence[Shift],
    start: datetime,
    end: datetime,
    *,
    covered_until: datetime | None,
    leaves: Sequence[Leave] = (),
) -> list[Finding]:
    """Everything wrong between ``start`` and ``end`` (UTC), earliest first (R14).

    ``covered_until`` is the end of the last shift before ``start``, None when there was none: it
    tells a gap that began earlier from one that begins at ``start``. ``leaves``: who is away when.
    """
    spans = [(shift.starts_at, shift.ends_at) for shift in shifts]
    found = [_gap(gap, start, covered_until) for gap in gaps(spans, start, end)]
    for shift in shifts:
        begins, finishes = max(shift.starts_at, start), min(shift.ends_at, end)
        if begins < finishes:
            found += [
                Finding(kind, begins, finishes, f"{kind.value}:{shift.pk}:{lane}", person.name)
                for kind, lane, person in _wrong_in(shift)
            ]
    found += _in_two_places(shifts, start, end)
    found += _on_leave(shifts, leaves, start, end)
    return sorted(found, key=lambda each: (each.starts_at, each.kind, each.key))


def _gap(gap: Gap, start: datetime, covered_until: datetime | None) -> Finding:
    began = gap.starts_at if gap.starts_at > start else covered_until
    key = f"gap:{began.isoformat() if began else 'never'}"
    return Finding(Kind.GAP, gap.starts_at, gap.ends_at, key)


def _wrong_in(shift: Shift) -> Iterator[tuple[Kind, str, User]]:
    for lane in LANES:
        person = getattr(shift, lane)
        if reason := unfit(person):
            yield Kind(reason.value), lane, person
    if same_person(shift.primary, shift.backup):
        yield Kind.ONE_PERSON, "backup", shift.backup


def _in_two_places(shifts: Sequence[Shift], start: datetime, end: datetime) -> Iterator[Finding]:
    ordered = sorted(shifts, key=lambda shift: (shift.starts_at, shift.ends_at))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            begins = max(one.starts_at, other.starts_at, start)
            finishes = min(one.ends_at, other.ends_at, end)
            person = _shared(one, other)
            if begins < finishes and person is not None:
                key = f"{Kind.TWO_PLACES.value}:{one.pk}:{other.pk}"
                yield Finding(Kind.TWO_PLACES, begins, finishes, key, person.name)


def _shared(one: Shift, other: Shift) -> User | None:
    return next(
        (
            person
            for person in (one.primary, one.backup)
            if same_person(person, other.primary) or same_person(person, other.backup)
        ),
        None,
    )


def _on_leave(
    shifts: Sequence[Shift], leaves: Sequence[Leave], start: datetime, end: datetime
) -> Iterator[Finding]:
    """A time in which somebody is on call and away (R14)."""
    for shift in shifts if leaves else ():
        for lane in LANES:
            person = getattr(shift, lane)
            for leave in leaves:
                begins = max(shift.starts_at, leave.starts_at, start)
                finishes = min(shift.ends_at, leave.ends_at, end)
                if begins < finishes and same_person(person, leave.person):
                    key = f"{Kind.ON_LEAVE.value}:{shift.pk}:{lane}:{leave.pk}"
                    yield Finding(Kind.ON_LEAVE, begins, finishes, key, person.name)
