"""Who is on call, and who answers the hotline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from calendars.arithmetic import is_working_time
from calendars.errors import CalendarMissing
from calendars.services import current_calendar
from oncall.models import Roster, Shift


@dataclass(frozen=True)
class OnCall:
    """The two people who answer now, and until when (UTC)."""

    primary: User
    backup: User
    until: datetime


class Desk(models.TextChoices):
    """How the hotline stands at one minute (R11)."""

    STAFFED = "staffed", _("Somebody answers the hotline")
    NOBODY = "nobody", _("Nobody answers the hotline")
    CLOSED = "closed", _("Outside working time")
    UNKNOWN = "unknown", _("The working calendar of this year is missing")


@dataclass(frozen=True)
class Hotline:
    """Who answers the hotline, and until when (UTC)."""

    state: Desk
    primary: User | None = None
    backup: User | None = None
    until: datetime | None = None


def on_call(now: datetime) -> OnCall | None:
    """The people of the shift at ``now`` (UTC); None when nobody is rostered (R14)."""
    shift = _shift_at(Roster.ON_CALL, now)
    if shift is None or shift.backup is None:
        return None
    return OnCall(primary=shift.primary, backup=shift.backup, until=shift.ends_at)


def next_on_call(after: datetime) -> Shift | None:
    """The first shift of the mobile that begins at ``after`` (UTC) or later (R14)."""
    rows = Shift.objects.of(Roster.ON_CALL).filter(starts_at__gte=after)
    found: Shift | None = rows.select_related("primary", "backup").order_by("starts_at").first()
    return found


def hotline(now: datetime) -> Hotline:
    """Who answers the hotline at ``now`` (UTC), and whether somebody has to (R11).

    One query while somebody is rostered, four otherwise.
    """
    shift = _shift_at(Roster.HOTLINE, now)
    if shift is not None:
        return Hotline(Desk.STAFFED, shift.primary, shift.backup, shift.ends_at)
    try:
        working = is_working_time(current_calendar(), now)
    except CalendarMissing:
        return Hotline(Desk.UNKNOWN)
    return Hotline(Desk.NOBODY if working else Desk.CLOSED)


def _shift_at(roster: str, now: datetime) -> Shift | None:
    rows = Shift.objects.of(roster).at(now).select_related("primary", "backup")
    found: Shift | None = rows.order_by("-starts_at").first()
    return found


def people_for(target: str, now: datetime, *, person: int | None = None) -> list[User]:
    """Who is called on a rung with this target at ``now``, without doubles.

    ``person`` is the primary key of the one whom the target "person" names.

    A rung never stays empty: when nobody is rostered, or the one who is cannot be reached, the
    supervisors are called instead, and the managers when there is no supervisor either.
    """
    rostered = on_call(now)
    wanted: list[User] = []
    if rostered and target in ("primary", "everybody"):
        wanted.append(rostered.primary)
    if rostered and target in ("backup", "everybody"):
        wanted.append(rostered.backup)
    if target == "person":
        wanted += User.objects.filter(pk=person)
    if target in ("supervisors", "everybody"):
        wanted += supervisors()
    return _reachable(wanted) or _reachable(supervisors()) or _reachable(managers())


def supervisors() -> list[User]:
    """Everybody who signs off, in the order of their names."""
    return list(User.objects.holding(Role.SUPERVISOR))


def managers() -> list[User]:
    """The last resort."""
    return list(User.objects.holding(Role.MANAGER))


def _reachable(people: list[User]) -> list[User]:
    found = {person.pk: person for person in people if person.is_active and person.phone}
    return list(found.values())
