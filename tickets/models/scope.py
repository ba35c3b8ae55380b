"""Whose tickets a person sees: the desk sees all, a bank user those of the own unit and below."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from workflow.models import ScopedQuerySet


class TicketQuerySet(ScopedQuerySet):
    """Rows with a ``unit``; every page, API, count, search and export starts at ``visible_to``."""

    def visible_to_person(self, user: User) -> Self:
        """Desk: all. Superior department: what was reported to it. Bank user: the own branch."""
        if user.is_desk:
            return self
        scope = Q(pk__in=[])
        if user.has_role(Role.SUPERIOR):
            scope |= self.reported_upward()
        if user.has_role(Role.REPORTER):
            scope |= Q(unit__path__startswith=user.organisation.path)
        return self.filter(scope)

    def reported_upward(self) -> Q:
        """Rows the superior department may see; none unless the record is reported upward."""
        return Q(pk__in=[])

    def real(self) -> Self:
        """Without demonstration records (I18)."""
        return self.filter(is_demo=False)
