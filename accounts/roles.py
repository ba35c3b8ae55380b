"""The roles a person may hold (R26–R50, 三员分立)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Business roles, and the three administrator roles at the end."""

    REPORTER = "reporter", _("Bank user")
    AGENT = "agent", _("Help-desk agent")
    SUPPORT = "support", _("Service support")
    TECH = "tech", _("Technical staff")
    BIZ = "biz", _("Business staff")
    SUPERVISOR = "supervisor", _("Supervisor")
    IMPLEMENTER = "implementer", _("Implementer")
    MONITOR = "monitor", _("Machine-room monitor")
    SUPERIOR = "superior", _("Superior department")
    MANAGER = "manager", _("Manager")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


ADMIN_ROLES = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# The service provider's own people, who see every ticket.
DESK_ROLES = frozenset(
    {
        Role.AGENT,
        Role.SUPPORT,
        Role.TECH,
        Role.BIZ,
        Role.SUPERVISOR,
        Role.IMPLEMENTER,
        Role.MANAGER,
    }
)
# Everybody but the three administrators.
BUSINESS_ROLES = tuple(role.value for role in Role if role not in ADMIN_ROLES)


def clash(roles: Iterable[str]) -> bool:
    """True when a set of roles may not be held by one person.

    Each administrator role excludes the other two and every business role.
    """
    held = set(roles)
    return bool(held & ADMIN_ROLES) and len(held) > 1
