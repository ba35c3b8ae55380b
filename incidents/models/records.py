"""What is written down while an incident is handled (R17, R18)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models.incidents import Incident


class DataProtection(models.Model):
    """How data was protected before the fix, or a signed reason why not (R17)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="data_protections")
    scope = models.TextField(_("what was protected"), blank=True)
    method = models.CharField(_("method"), max_length=200, blank=True)
    location = models.CharField(_("where it is kept"), max_length=200, blank=True)
    protected_at = models.DateTimeField(_("protected at"), null=True)
    exempt_reason = models.TextField(_("why not"), blank=True)
    operator = models.ForeignKey(User, models.PROTECT, verbose_name=_("done by"), related_name="+")
    verified_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("verified by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("data protection record")
        verbose_name_plural = _("data protection records")
        ordering = ["recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(operator=models.F("verified_by")),
                name="incidents_protection_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.method}"


class RecoveryEntry(models.Model):
    """One row of the recovery document: when, who, what, with which result (R18)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="recovery_entries")
    happened_at = models.DateTimeField(_("time"))
    operator = models.ForeignKey(User, models.PROTECT, verbose_name=_("operator"), related_name="+")
    action = models.TextField(_("event or action"))
    result = models.TextField(_("result"), blank=True)
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("recovery entry")
        verbose_name_plural = _("recovery entries")
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.incident} {self.happened_at:%H:%M}"
