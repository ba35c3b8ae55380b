"""The record of each proof of the clocks against the audit trail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClockCheck(models.Model):
    """One proof of all clocks against the audit trail; ``due_at`` is the due column (UTC).

    ``position`` is the last record that was compared, ``target_position`` the last internal clock,
    so that a check goes on after a crash.
    """

    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    by_hand = models.BooleanField(_("started by hand"), default=False)
    position = models.BigIntegerField(default=0)
    records = models.PositiveIntegerField(_("records checked"), default=0)
    target_position = models.BigIntegerField(default=0)
    targets = models.PositiveIntegerField(_("internal clocks checked"), default=0)
    difference_count = models.PositiveIntegerField(_("differences"), default=0)
    differences = models.JSONField(default=list)

    class Meta:
        verbose_name = _("check of the clocks")
        verbose_name_plural = _("checks of the clocks")
        constraints: ClassVar = [
            # One check waits for its night, or is under way.
            models.UniqueConstraint(
                fields=["by_hand"],
                condition=Q(finished_at__isnull=True),
                name="sla_one_check_waits",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-finished_at"], name="sla_check_finished")]

    def __str__(self) -> str:
        return f"{self.due_at:%Y-%m-%d %H:%M}"
