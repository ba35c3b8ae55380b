"""What is wrong with a roster between two instants. Pure: reads only the shifts it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from calendars.arithmetic import SHANGHAI, WorkingCalendar
from oncall.coverage import Coverage, coverage
from oncall.fitness import Unfit, unfit
from oncall.gaps import Gap
from oncall.models import LANES, Leave, Roster, Shift
from workflow.decisions import same_person

_TWO_PLACES = "two_places"


class Kind(models.TextChoices):
    """What can be wrong (R11, R14), in the words of a list."""

    GAP = "gap", _("Nobody is on call")
    HOTLINE_GAP = "hotline_gap", _("Nobody answers the hotline")
    NO_CALENDAR = "no_calendar", _("The working calendar is missing: nobody can say who must work")
    OUTSIDE = "outside", _("Hotline shift outside working time")
    NOT_IN_SERVICE = Unfit.NOT_IN_SERVICE.value, _("Not in service any more")
    NO_PHONE = Unfit.NO_PHONE.value, _("No valid phone number")
    ONE_PERSON = "one_person", _("Primary and backup are one person")
    TWO_PLACES = _TWO_PLACES, _("In two shifts at once")
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
    roster: str = Roster.ON_CALL

    @property
    def minutes(self) -> int:
        """Whole minutes; a part of a minute counts as one."""
        return Gap(self.starts_at, self.ends_at).minutes

    @property
    def is_gap(self) -> bool:
        """A time that somebody can be put into."""
        return self.kind in (Kind.GAP, Kind.HOTLINE_GAP)

    @property
    def roster_label(self) -> str:
        """Of which roster."""
        return str(Roster(self.roster).label)


def findings(
    shifts: Sequence[Shift],
    start: datetime,
    end: datetime,
    *,
    covered_until: datetime | None,
    roster: str = Roster.ON_CALL,
    calendar: WorkingCalendar | None = None,
    leaves: Sequence[Leave] = (),
) -> list[Finding]:
    """Everything wrong with one roster from ``start`` to ``end`` (UTC), earliest first (R11, R14).

    ``covered_until`` is the end of the roster's last shift before ``start``, None when there was
    none: it tells a gap that began earlier from one that begins at ``start``.
    ``leaves``: who is away when.
    """
    wanted = coverage(roster, start, end, calendar)
    spans = [(shift.starts_at, shift.ends_at) for shift in shifts]
    found = [
        _gap(gap, covered_until, [finishes for _begins, finishes in spans], roster)
        for gap in wanted.gaps(spans)
    ]
    for begins, finishes in wanted.unknown:
        key = f"no-calendar:{begins.astimezone(SHANGHAI).year}"
        found.append(Finding(Kind.NO_CALENDAR, begins, finishes, key, roster=roster))
    for shift in shifts:
        begins, finishes = max(shift.starts_at, start), min(shift.ends_at, end)
        if begins < finishes:
            found += _of_shift(shift, begins, finishes, wanted, roster)
    found += two_places(shifts, start, end, roster)
    found += _on_leave(shifts, leaves, start, end, roster)
    return sorted(found, key=lambda each: (each.starts_at, each.kind, each.key))


def _gap(
    gap: Gap, covered_until: datetime | None, ends: Sequence[datetime], roster: str
) -> Finding:
    """A gap is known by the end of the shift before it: it stays one while nobody fills it."""
    before = [finish for finish in ends if finish <= gap.starts_at]
    began = max(before) if before else covered_until
    kind = Kind.GAP if roster == Roster.ON_CALL else Kind.HOTLINE_GAP
    prefix = "gap" if roster == Roster.ON_CALL else "hotline-gap"
    key = f"{prefix}:{began.isoformat() if began else 'never'}"
    return Finding(kind, gap.starts_at, gap.ends_at, key, roster=roster)


def _of_shift(
    shift: Shift, begins: datetime, finishes: datetime, wanted: Coverage, roster: str
) -> Iterator[Finding]:
    for kind, lane, person in _wrong_in(shift):
        key = f"{kind.value}:{shift.pk}:{lane}"
        yield Finding(kind, begins, finishes, key, person.name, roster)
    for start, end in wanted.outside((begins, finishes)):
        key = f"outside:{shift.pk}:{end.isoformat()}"
        yield Finding(Kind.OUTSIDE, start, end, key, shift.primary.name, roster)


def _wrong_in(shift: Shift) -> Iterator[tuple[Kind, str, User]]:
    for lane in LANES:
        person = getattr(shift, lane)
        if person is not None and (reason := unfit(person)):
            yield Kind(reason.value), lane, person
    if shift.backup is not None and same_person(shift.primary, shift.backup):
        yield Kind.ONE_PERSON, "backup", shift.backup


def two_places(
    shifts: Sequence[Shift], start: datetime, end: datetime, roster: str
) -> Iterator[Finding]:
    """Whoever stands in two of these shifts at once, of one roster or of both (R11, R14)."""
    ordered = sorted(shifts, key=lambda shift: (shift.starts_at, shift.ends_at))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            begins = max(one.starts_at, other.starts_at, start)
            finishes = min(one.ends_at, other.ends_at, end)
            person = _shared(one, other)
            if begins < finishes and person is not None:
                key = f"{_TWO_PLACES}:{one.pk}:{other.pk}"
                yield Finding(Kind.TWO_PLACES, begins, finishes, key, person.name, roster)


def _shared(one: Shift, other: Shift) -> User | None:
    return next(
        (
            person
            for person in one.people
            if any(same_person(person, another) for another in other.people)
        ),
        None,
    )


def _on_leave(
    shifts: Sequence[Shift], leaves: Sequence[Leave], start: datetime, end: datetime, roster: str
) -> Iterator[Finding]:
    """A time in which somebody is on call and away (R14)."""
    for shift in shifts if leaves else ():
        for lane in LANES:
            person = getattr(shift, lane)
            for leave in leaves:
                begins = max(shift.starts_at, leave.starts_at, start)
                finishes = min(shift.ends_at, leave.ends_at, end)
                if person and begins < finishes and same_person(person, leave.person):
                    key = f"{Kind.ON_LEAVE.value}:{shift.pk}:{lane}:{leave.pk}"
                    yield Finding(Kind.ON_LEAVE, begins, finishes, key, person.name, roster)
