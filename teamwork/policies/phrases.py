"""Who keeps which phrases."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from teamwork.models import Phrase
from workflow.decisions import ALLOW, Decision, deny_role


def can_keep(user: User) -> Decision:
    """The desk and the superior department write opinions, so keep phrases."""
    return ALLOW if user.has_role(*DESK_ROLES, Role.SUPERIOR) else deny_role()


def can_share(user: User) -> Decision:
    """Supervisors and service support keep the phrases of all."""
    return ALLOW if user.has_role(Role.SUPERVISOR, Role.SUPPORT) else deny_role()


def can_remove(user: User, phrase: Phrase) -> Decision:
    """One's own; the shared ones by those who share."""
    if phrase.owner_id == user.pk:
        return ALLOW
    return can_share(user) if phrase.owner_id is None else deny_role()
