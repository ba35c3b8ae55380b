"""What is written down while an incident is handled (R17, R18)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
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


class RecoveryDocument(models.Model):
    """A version of the recovery document (故障恢复文档): its rows as they stood then (R18)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="recovery_documents")
    version = models.PositiveSmallIntegerField(_("version"))
    summary = models.TextField(_("how it was recovered"))
    # [{"at", "operator", "action", "result"}], in the order of their times.
    rows = models.JSONField()
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("recovery document")
        verbose_name_plural = _("recovery documents")
        ordering = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "version"], name="incidents_recovery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} v{self.version}"


def storage_path(attached: RecoveryFile, filename: str) -> str:
    """Where the file lies: a name of our own, never the uploader's."""
    key = attached.key.hex
    return f"{key[:2]}/{key}"


class RecoveryFile(models.Model):
    """A file of the recovery document; its type was read from its content (R18, I06)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(RecoveryDocument, models.PROTECT, related_name="files")
    file = models.FileField(upload_to=storage_path)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("file of a recovery document")
        verbose_name_plural = _("files of recovery documents")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Shown as a small picture; the type was read from the content."""
        return self.content_type.startswith("image/")

    @property
    def url(self) -> str:
        """Where it is downloaded, after a permission check."""
        return reverse("incidents:file", args=[self.key])
