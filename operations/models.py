"""What we operate, and what was changed on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User


class ManagedObject(models.Model):
    """A system, database, storage device … that tickets and incidents are about (R01)."""

    class Kind(models.TextChoices):
        OS = "os", _("Operating system")
        DATABASE = "database", _("Database")
        STORAGE = "storage", _("Storage")
        APPLICATION = "application", _("Application")
        POS = "pos", _("POS terminals and front end")
        NETWORK = "network", _("Network")
        FACILITY = "facility", _("Machine-room facility")

    class Criticality(models.TextChoices):
        CORE = "core", _("Core")
        IMPORTANT = "important", _("Important")
        GENERAL = "general", _("General")

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    criticality = models.CharField(
        _("criticality"), max_length=10, choices=Criticality.choices, default=Criticality.GENERAL
    )
    vendor = models.CharField(_("vendor"), max_length=80, blank=True)
    version = models.CharField(_("version"), max_length=60, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    owner_unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("owner unit"), null=True, blank=True
    )
    in_service_from = models.DateField(_("in service from"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    # A proposal to retire it, until a supervisor has decided.
    retire_reason = models.TextField(_("why it is to be retired"), blank=True)
    retire_proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("proposed by"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("managed object")
        verbose_name_plural = _("managed objects")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "os", "database", "storage", "application", "pos", "network", "facility"
                    ]
                ),
                name="operations_object_kind",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class ChangeRecord(models.Model):
    """What was changed on a program, parameter, data or infrastructure (R48, document 5.4)."""

    class Kind(models.TextChoices):
        PROGRAM = "program", _("Program")
        PARAMETER = "parameter", _("Parameter")
        DATA = "data", _("Data")
        OS_PATCH = "os_patch", _("Operating-system patch")
        DATABASE = "database", _("Database")
        STORAGE = "storage", _("Storage")
        NETWORK = "network", _("Network")
        CONFIGURATION = "configuration", _("Configuration")

    class Level(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        MAJOR = "major", _("Major")
        EMERGENCY = "emergency", _("Emergency")

    class Result(models.TextChoices):
        SUCCESS = "success", _("Succeeded")
        FAILED = "failed", _("Failed")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    number = models.CharField(_("number"), max_length=24, unique=True)
    # The record it belongs to, by its number: tickets are to the left of this room.
    subject = models.CharField(_("linked record"), max_length=24, db_index=True)
    managed_object = models.ForeignKey(
        ManagedObject, models.PROTECT, verbose_name=_("managed object")
    )
    kind = models.CharField(_("change kind"), max_length=14, choices=Kind.choices)
    level = models.CharField(
        _("level"), max_length=10, choices=Level.choices, default=Level.ORDINARY
    )
    reason = models.TextField(_("reason"))
    before = models.TextField(_("before the change"))
    after = models.TextField(_("after the change"))
    impact = models.TextField(_("impact"), blank=True)
    testing = models.TextField(_("testing"), blank=True)
    backup = models.TextField(_("backup taken"), blank=True)
    rollback_plan = models.TextField(_("rollback plan"))
    implementer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("implementer"), related_name="+"
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("approved by"), null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"))
    steps = models.TextField(_("steps"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change record")
        verbose_name_plural = _("change records")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("started_at")), name="operations_change_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number
