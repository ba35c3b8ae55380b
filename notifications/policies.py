"""Who may do what with messages."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role
from workflow.decisions import ALLOW, Decision, deny_role

WATCHERS = (Role.SUPERVISOR, Role.MANAGER, Role.SYSADMIN)


def can_see_undelivered(user: User) -> Decision:
    """Those who can do something about a broken mail server see what was not delivered (I08)."""
    return ALLOW if user.has_role(*WATCHERS) else deny_role()
