"""Heartbeats of the engines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When an engine last ran, and how it went (I17)."""

    engine = models.CharField(_("engine"), max_length=40, unique=True)
    last_run_at = models.DateTimeField(_("last run"))
    last_work_at = models.DateTimeField(_("last work"), null=True)
    last_count = models.PositiveIntegerField(_("rows done in the last run"), default=0)
    # How late the most delayed row of the last work was.
    last_lag_ms = models.BigIntegerField(_("lag, milliseconds"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.engine} {self.last_run_at:%Y-%m-%d %H:%M:%S}"
