"""A plan in use: its steps as a checklist on one incident (R55)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident
from readiness.models.plans import PlanStep, PlanVersion


class PlanUse(models.Model):
    """An effective version opened on an incident; the version stays, whatever comes after."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="uses")
    opened_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("opened by"), related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("plan in use")
        verbose_name_plural = _("plans in use")
        ordering = ["opened_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "version"], name="readiness_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.version}"


class StepTick(models.Model):
    """A step that was done, or left out with a reason: by whom and when (UTC)."""

    use = models.ForeignKey(PlanUse, models.PROTECT, related_name="ticks")
    step = models.ForeignKey(PlanStep, models.PROTECT, related_name="+")
    done = models.BooleanField(_("done"), default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    person = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    ticked_at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("taken back by"), null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        ordering = ["ticked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["use", "step"],
                condition=Q(undone_at__isnull=True),
                name="readiness_tick_once",
            ),
            models.CheckConstraint(
                condition=Q(done=True) | ~Q(note=""), name="readiness_left_out_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.ticked_at:%H:%M}"
