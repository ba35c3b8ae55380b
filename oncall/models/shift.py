"""Shifts: who answers one of the two telephones from one instant to another."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from workflow.models import ScopedQuerySet

LANES = ("primary", "backup")


class Roster(models.TextChoices):
    """Which telephone a shift answers: the mobile at every minute, the hotline while people work.

    ``on_call`` is covered around the clock by two people (R14), ``hotline`` in working time by one
    (R11).
    """

    ON_CALL = "on_call", _("On-call mobile")
    HOTLINE = "hotline", _("Hotline")


class ShiftQuerySet(ScopedQuerySet):
    """Shifts; the roster is for those who work by it."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, monitors and the superior department: all."""
        if user.is_desk or user.has_role(Role.MONITOR, Role.SUPERIOR):
            return self
        return self.none()

    def of(self, roster: str) -> Self:
        """The shifts of one roster."""
        return self.filter(roster=roster)

    def at(self, instant: datetime) -> Self:
        """The shift that holds an instant (UTC)."""
        return self.filter(starts_at__lte=instant, ends_at__gt=instant)

    def touching(self, start: datetime, end: datetime) -> Self:
        """Shifts with a minute between two instants (UTC)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Shift(models.Model):
    """Who answers a telephone from one instant to another (R11, R14). UTC.

    ``planned_version`` is the version of the rotations it was published from; None when somebody
    entered or changed it by hand, which publishing leaves alone. ``sequence`` grows with every
    change of the row and ``changed_at`` is its time, so that calendar programs take the change.
    """

    roster = models.CharField(
        _("roster"), max_length=10, choices=Roster.choices, default=Roster.ON_CALL
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    primary = models.ForeignKey(User, models.PROTECT, verbose_name=_("primary"), related_name="+")
    backup = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("backup"), related_name="+", null=True, blank=True
    )
    planned_version = models.PositiveIntegerField(_("from rotations"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

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
            models.CheckConstraint(
                condition=Q(roster__in=["on_call", "hotline"]), name="oncall_shift_roster"
            ),
            models.CheckConstraint(
                condition=Q(roster="hotline") | Q(backup__isnull=False),
                name="oncall_shift_backup",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["roster", "starts_at", "ends_at"], name="oncall_shift_at")
        ]

    @property
    def people(self) -> list[User]:
        """Who stands it: one or two."""
        return [self.primary] if self.backup is None else [self.primary, self.backup]

    def keep(self, now: datetime, *fields: str) -> None:
        """Save these changed fields of a row that others may know already, at ``now`` (UTC)."""
        self.sequence, self.changed_at = self.sequence + 1, now
        self.save(update_fields=[*fields, "sequence", "changed_at"])

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.primary}"
