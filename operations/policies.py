"""Who enters, changes and retires what is operated (R01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.in_use import open_records
from accounts.models import User
from accounts.roles import Role
from operations.models import ManagedObject
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_hands,
)

NAMED = 5


def can_keep(user: User, thing: ManagedObject | None = None) -> Decision:
    """Technical staff and the system administrator; not once it is retired."""
    if not user.has_role(Role.TECH, Role.SYSADMIN):
        return deny_role(_("Managed objects are kept by technical staff."))
    if thing is not None and thing.retired_on is not None:
        return deny_state(_("It is retired."))
    return ALLOW


def can_propose(user: User, thing: ManagedObject) -> Decision:
    """Whoever keeps it, while no open record names it."""
    decision = can_keep(user, thing)
    if decision and thing.retire_proposed_by_id is not None:
        return deny_state(_("It has been proposed already."))
    return decision and _unused(thing)


def can_decide(user: User, thing: ManagedObject) -> Decision:
    """A supervisor other than the proposer."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    if thing.retire_proposed_by is None or thing.retired_on is not None:
        return deny_state(_("Nothing has been proposed."))
    if same_hands(user, [thing.retire_proposed_by], thing):
        return deny_person("four_eyes", _("Someone else must decide: you proposed it."))
    return ALLOW


def can_approve(user: User, thing: ManagedObject) -> Decision:
    """And still only while no open record names it."""
    decision = can_decide(user, thing)
    return decision and _unused(thing)


def _unused(thing: ManagedObject) -> Decision:
    numbers = open_records(thing)
    if not numbers:
        return ALLOW
    text = str(_("Open records name it: %(numbers)s"))
    return deny_pending("in_use", text % {"numbers": ", ".join(numbers[:NAMED])})
