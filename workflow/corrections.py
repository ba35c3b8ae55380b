"""Corrections of records whose fields are frozen: appended, confirmed by another (C7, R13)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# How long the fields of a closed record may still be put right.
LOCK_AFTER = timedelta(hours=24)


class CorrectionNote(models.Model):
    """What was wrong and what is right, by one person; it counts once a supervisor confirms it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Awaits confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    text = models.TextField(_("correction"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    written_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("written by"), related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["written_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True)
                | (
                    Q(state__in=["confirmed", "declined"], decided_at__isnull=False)
                    & ~Q(decided_by=F("written_by"))
                ),
                name="%(app_label)s_%(class)s_decided_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
