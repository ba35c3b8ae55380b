"""The review after an incident and what is to become better (E17)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models.incidents import Incident


class Review(models.Model):
    """One review, chaired by a supervisor (复盘)."""

    class PlanUse(models.TextChoices):
        USABLE = "usable", _("It could be used as it stands")
        PARTLY = "partly", _("It could be used in part")
        UNUSABLE = "unusable", _("It could not be used")
        NOT_USED = "not_used", _("There was none, or it was not used")

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="review")
    chair = models.ForeignKey(User, models.PROTECT, verbose_name=_("chair"), related_name="+")
    held_at = models.DateTimeField(_("held at"))
    participants = models.ManyToManyField(User, verbose_name=_("participants"), related_name="+")
    root_cause = models.TextField(_("root cause"))
    plan_use = models.CharField(_("emergency plan usable?"), max_length=10, choices=PlanUse.choices)
    plan_remark = models.TextField(_("what the emergency plan lacked"), blank=True)
    no_items_reason = models.TextField(_("why nothing needs to be improved"), blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.incident} review"


class ImprovementItem(models.Model):
    """Something to be improved, with its owner and its day (R25, document 5.2 part 10).

    ``next_reminder_at`` is the due column: set until it is done.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="improvements")
    text = models.TextField(_("measure"))
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("owner"), related_name="+")
    due_at = models.DateTimeField(_("due"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("done by"), null=True, related_name="+"
    )
    result = models.TextField(_("result"), blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("improvement item")
        verbose_name_plural = _("improvement items")
        ordering = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(next_reminder_at__isnull=True),
                name="incidents_done_items_are_quiet",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="incidents_item_due",
            ),
            models.Index(fields=["owner", "done_at"], name="incidents_item_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.text[:40]}"
