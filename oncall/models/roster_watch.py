"""What the roster's watch knows: when it looks next, and what it has warned of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class RosterLook(models.Model):
    """When the roster is looked at next: one row, ``next_at`` (UTC) is its due column."""

    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.next_at:%Y-%m-%d %H:%M}"


class RosterAlert(models.Model):
    """Something wrong with the roster that supervisors have been warned of (R14). UTC.

    ``settled_at`` is when it was seen to be right again; if it goes wrong once more, that is a new
    alert with a new message.
    """

    key = models.CharField(max_length=120)
    kind = models.CharField(_("kind"), max_length=20)
    person = models.CharField(_("person"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("from"))
    raised_at = models.DateTimeField(_("warned at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("roster alert")
        verbose_name_plural = _("roster alerts")
        ordering = ["-raised_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(settled_at=None),
                name="oncall_alert_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.key
