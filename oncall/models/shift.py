"""Shifts: who answers the on-call mobile from one instant to another."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from workflow.models import ScopedQuerySet


class ShiftQuerySet(ScopedQuerySet):
    """Shifts; the roster is for those who work by it."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, monitors and the superior department: all."""
        if user.is_desk or user.has_role(Role.MONITOR, Role.SUPERIOR):
            return self
        return self.none()

    def at(self, instant: datetime) -> Self:
        """The shift that holds an instant (UTC)."""
        return self.filter(starts_at__lte=instant, ends_at__gt=instant)

    def touching(self, start: datetime, end: datetime) -> Self:
        """Shifts with a minute between two instants (UTC)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Shift(models.Model):
    """Who answers the on-call mobile from one instant to another (R14). UTC."""

    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    primary = models.ForeignKey(User, models.PROTECT, verbose_name=_("primary"), related_name="+")
    backup = models.ForeignKey(User, models.PROTECT, verbose_name=_("backup"), related_name="+")

    objects: ClassVar[ShiftQuerySet] = ShiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="oncall_shift_order"
            ),
            models.CheckConstraint(
                condition=~Q(primary=F("backup")), name="oncall_shift_two_people"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at", "ends_at"], name="oncall_shift_at")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.primary}"
