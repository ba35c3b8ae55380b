"""Who may look after accounts: the system administrator keeps them, the security administrator
gives roles and passwords, and neither does so for himself (三员分立).

Each function returns the reason why not, or None.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


def may_see_people(actor: User) -> Promise | None:
    """System and security administrators."""
    if actor.has_role(Role.SYSADMIN, Role.SECADMIN):
        return None
    return _("Accounts are kept by the system and security administrators.")


def may_set_roles(actor: User, person: User) -> Promise | None:
    """The security administrator, for everybody but himself."""
    if not actor.has_role(Role.SECADMIN):
        return _("Roles are given by the security administrator.")
    return _not_for_oneself(actor, person)


def may_set_password(actor: User, person: User) -> Promise | None:
    """The security administrator, for everybody but himself."""
    if not actor.has_role(Role.SECADMIN):
        return _("Passwords are set by the security administrator.")
    return _not_for_oneself(actor, person)


def may_create_person(actor: User) -> Promise | None:
    """The system administrator; the new account has no role yet."""
    if actor.has_role(Role.SYSADMIN):
        return None
    return _("Accounts are created by the system administrator.")


def may_keep_units(actor: User) -> Promise | None:
    """The system administrator enters and closes units."""
    if actor.has_role(Role.SYSADMIN):
        return None
    return _("Units are kept by the system administrator.")


def may_switch(actor: User, person: User) -> Promise | None:
    """The system administrator turns accounts on and off, except his own."""
    if not actor.has_role(Role.SYSADMIN):
        return _("Accounts are turned on and off by the system administrator.")
    return _not_for_oneself(actor, person)


def _not_for_oneself(actor: User, person: User) -> Promise | None:
    if actor.pk == person.pk or (bool(actor.staff_no) and actor.staff_no == person.staff_no):
        return _("Nobody does this for himself.")
    return None
