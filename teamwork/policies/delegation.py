"""Who may pass work to whom, and for how long (I15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation, User
from accounts.roles import BUSINESS_ROLES, DESK_ROLES, Role
from workflow.decisions import (
    ALLOW,
    Decision,
    Text,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)

# A minute or two pass between opening the form and sending it.
GRACE = timedelta(minutes=10)


@dataclass(frozen=True)
class Wish:
    """A delegation that is to be made. Times UTC; ``role`` is one role or "" for all."""

    giver: User
    receiver: User
    role: str
    starts_at: datetime
    ends_at: datetime


def can_delegate(actor: User, giver: User | None = None) -> Decision:
    """Everybody with a business role for oneself; the security administrator for others."""
    if giver is None or giver.pk == actor.pk:
        if actor.has_role(*BUSINESS_ROLES):
            return ALLOW
        return deny_role(_("Administrators do not pass on their roles."))
    if actor.has_role(Role.SECADMIN):
        return ALLOW
    return deny_role(_("Only the person, or the security administrator, passes work on."))


def can_see_all(actor: User) -> Decision:
    """The audit administrator reads every delegation, the security administrator keeps them."""
    return ALLOW if actor.has_role(Role.AUDITOR, Role.SECADMIN) else deny_role()


def can_end(actor: User, delegation: Delegation, now: datetime) -> Decision:
    """The giver, the receiver, or the security administrator; only while it stands. ``now`` UTC."""
    its_people = [delegation.giver_id, delegation.receiver_id]
    if actor.pk not in its_people and not actor.has_role(Role.SECADMIN):
        return deny_person(
            "not_theirs", _("It is ended by those two or the security administrator.")
        )
    if delegation.state(now) not in ("coming", "effective"):
        return deny_state(_("This delegation is over."))
    return ALLOW


def wrong_with(wish: Wish, now: datetime) -> dict[str, Text]:
    """What is wrong with a delegation, by field; empty when it may be made. ``now`` UTC."""
    return {
        **_wrong_roles(wish.giver, wish.role),
        **_wrong_receiver(wish.giver, wish.receiver, wish.role),
        **_wrong_window(wish.starts_at, wish.ends_at, now),
    }


def passed_on(giver: User, role: str) -> frozenset[str]:
    """The giver's own business roles that ``role`` (one, or "" for all) passes on."""
    held = giver.roles & frozenset(BUSINESS_ROLES)
    return held & {role} if role else held


def _wrong_roles(giver: User, role: str) -> dict[str, Text]:
    if role and role not in BUSINESS_ROLES:
        return {"role": _("The role of an administrator cannot be passed on.")}
    if not passed_on(giver, role):
        return {"role": _("Only a role that the giver holds can be passed on, never one received.")}
    return {}


def _wrong_receiver(giver: User, receiver: User, role: str) -> dict[str, Text]:
    if same_person(giver, receiver):
        return {"receiver": _("Nobody acts for himself, not with a second account either.")}
    if not receiver.is_active:
        return {"receiver": _("That account is turned off.")}
    if receiver.is_admin:
        return {"receiver": _("Administrators act in no business role.")}
    passed = passed_on(giver, role)
    if passed & DESK_ROLES and not receiver.is_desk:
        return {"receiver": _("Work of the desk is passed on within the desk.")}
    if passed - DESK_ROLES and receiver.organisation_id != giver.organisation_id:
        return {"receiver": _("This role is passed on within the giver's own unit.")}
    return {}


def _wrong_window(starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, Text]:
    longest = settings.DELEGATION_MAX_DAYS
    if starts_at < now - GRACE:
        return {"starts_at": _("It cannot begin in the past.")}
    if ends_at <= starts_at or ends_at <= now:
        return {"ends_at": _("It ends before it begins.")}
    if ends_at - starts_at > timedelta(days=longest):
        text = _("At most %(days)s days at once.")
        return {"ends_at": str(text) % {"days": longest}}
    return {}


def overlapping(wish: Wish, now: datetime) -> dict[str, Text]:
    """Another delegation that makes this one unclear or a loop, by field. ``now`` UTC.

    One role has one stand-in at a time; two people never stand in for each other at once.
    """
    rows = Delegation.objects.effective_between(wish.starts_at, wish.ends_at, now)
    rows = rows.select_related("receiver")
    if rows.filter(giver=wish.receiver, receiver=wish.giver).exists():
        return {"receiver": _("That person has passed work to the giver for the same time.")}
    for row in rows.filter(giver=wish.giver):
        if not row.role or not wish.role or row.role == wish.role:
            text = _("For that time %(name)s acts already.")
            return {"starts_at": str(text) % {"name": row.receiver.name}}
    return {}
