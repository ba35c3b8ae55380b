"""Who may do what on call."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from oncall.models import Page
from workflow.decisions import ALLOW, Decision, deny_pending, deny_role, deny_state

DESK = tuple(role.value for role in DESK_ROLES)
ROSTER_READERS = (*DESK, Role.MONITOR.value, Role.SUPERIOR.value)
PHONE_OWNERS = (*DESK, Role.MONITOR.value)


def can_acknowledge(user: User, page: Page) -> Decision:
    """A desk person, or anybody the page has called; only while it calls."""
    if not user.is_desk and not page.attempts.filter(person=user).exists():
        return deny_role()
    if page.state != Page.State.OPEN:
        return deny_state(_("This page has stopped calling."))
    return ALLOW


def can_plan_shifts(user: User) -> Decision:
    """Supervisors keep the roster (R11, R14)."""
    return ALLOW if user.has_role(Role.SUPERVISOR) else deny_role()


def can_try_phone(user: User) -> Decision:
    """Whoever may be called may try it (R14)."""
    if not user.has_role(*PHONE_OWNERS):
        return deny_role()
    if not user.phone:
        return deny_pending(
            "no_phone",
            _("No phone number is entered for you; the system administrator enters it."),
        )
    return ALLOW


def can_change_ladders(user: User) -> Decision:
    """Supervisors answer for the ladders, system administrators set them up (R16)."""
    return ALLOW if user.has_role(Role.SUPERVISOR, Role.SYSADMIN) else deny_role()


def can_enter_leave(user: User, person: User) -> Decision:
    """One's own; supervisors for anybody of the desk (R14)."""
    if user.has_role(Role.SUPERVISOR) or (user.pk == person.pk and user.is_desk):
        return ALLOW
    return deny_role()


def can_see_all_leave(user: User) -> Decision:
    """Those who plan, and those who answer for the house."""
    return ALLOW if user.has_role(Role.SUPERVISOR, Role.MANAGER) else deny_role()


def can_see_all_load(user: User) -> Decision:
    """Supervisors and managers compare; everybody else reads the own month."""
    return ALLOW if user.has_role(Role.SUPERVISOR, Role.MANAGER) else deny_role()
