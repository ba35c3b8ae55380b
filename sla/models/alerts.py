"""An alert that nobody has acknowledged yet is repeated (R20–R22, domain section 2.4)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sla.models.clocks import Clock, Commitment


class Alert(models.Model):
    """Milestones of one commitment waiting for a human to say that they were seen.

    ``next_repeat_at`` is the due column: set while the alert waits. A further milestone renews
    the alert that waits instead of opening a second one.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="alerts")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    code = models.CharField(_("milestone"), max_length=20)
    opened_at = models.DateTimeField(_("opened at"))
    repeats = models.PositiveIntegerField(_("repeated"), default=0)
    next_repeat_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["opened_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(ended_at=None), name="sla_one_open_alert"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(next_repeat_at=None),
                name="sla_only_open_alerts_repeat",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_repeat_at"],
                condition=Q(next_repeat_at__isnull=False),
                name="sla_alert_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} {self.code}"
