"""Versions of the escalation ladders."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from oncall import ladder
from workflow.models import ScopedQuerySet


class Urgency(models.TextChoices):
    """What a page is about decides by which ladder it climbs."""

    URGENT = "urgent", _("System down and deadlines")
    ROUTINE = "routine", _("Machine-room reports")
    DRILL = "drill", _("Drills")


class LadderVersionQuerySet(ScopedQuerySet):
    """Ladders; those who work by them and those who set the product up."""

    def visible_to_person(self, user: User) -> Self:
        """Desk and system administrators: all."""
        return self if user.is_desk or user.has_role(Role.SYSADMIN) else self.none()


class LadderVersion(models.Model):
    """A ladder as somebody has set it; a change is a new version, never an edit."""

    urgency = models.CharField(_("for"), max_length=10, choices=Urgency.choices)
    version = models.PositiveIntegerField(_("version"))
    steps = models.JSONField(_("steps"))
    rounds = models.PositiveSmallIntegerField(_("repetitions of the last step"), default=0)
    rearm_seconds = models.PositiveIntegerField(_("calls again after"), default=0)
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("created by"), related_name="+"
    )

    objects: ClassVar[LadderVersionQuerySet] = LadderVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("escalation ladder")
        verbose_name_plural = _("escalation ladders")
        ordering = ["urgency", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["urgency", "version"], name="oncall_ladder_version"),
            models.CheckConstraint(
                condition=models.Q(urgency__in=["urgent", "routine", "drill"]),
                name="oncall_ladder_urgency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} {self.version}"

    @property
    def ladder(self) -> ladder.Ladder:
        """The ladder itself."""
        steps = tuple(ladder.Step(**row) for row in self.steps)
        return ladder.Ladder(steps, self.rounds, self.rearm_seconds)
