"""Who is on call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import Role
from oncall.models import Shift


@dataclass(frozen=True)
class OnCall:
    """The two people who answer now, and until when (UTC)."""

    primary: User
    backup: User
    until: datetime


def on_call(now: datetime) -> OnCall | None:
    """The people of the shift at ``now`` (UTC); None when nobody is rostered (R14)."""
    shift = Shift.objects.at(now).select_related("primary", "backup").order_by("-starts_at").first()
    if shift is None:
        return None
    return OnCall(primary=shift.primary, backup=shift.backup, until=shift.ends_at)


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
