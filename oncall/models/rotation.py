"""Versions of the rotations from which rosters are published."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from oncall.models.shift import Roster
from workflow.models import ScopedQuerySet


class RotationVersionQuerySet(ScopedQuerySet):
    """Rotations are read by those who read the rosters."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, monitors and the superior department: all."""
        if user.is_desk or user.has_role(Role.MONITOR, Role.SUPERIOR):
            return self
        return self.none()


class RotationVersion(models.Model):
    """The layers of a roster as somebody has set them; a change is a new version, never an edit.

    ``layers`` holds the rows of ``oncall.rotation.Layer``, the highest layer first (R11, R14).
    """

    roster = models.CharField(_("roster"), max_length=10, choices=Roster.choices)
    version = models.PositiveIntegerField(_("version"))
    layers = models.JSONField(_("layers"))
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("created at"))
    created_by_name = models.CharField(_("created by"), max_length=150)

    objects: ClassVar[RotationVersionQuerySet] = RotationVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("rotations")
        verbose_name_plural = _("rotations")
        ordering = ["roster", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roster", "version"], name="oncall_rotation_version"),
            models.CheckConstraint(
                condition=models.Q(roster__in=["on_call", "hotline"]),
                name="oncall_rotation_roster",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster} {self.version}"
