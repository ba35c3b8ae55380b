"""Commitments, their contract clocks, and the milestones these have told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sla.models.agreements import Agreement


class Commitment(models.Model):
    """The clocks of one record. It knows the record only by number and address.

    ``hour_seconds`` is how many seconds a contract hour lasts: 3600, fewer in drills only.
    """

    subject = models.CharField(_("record"), max_length=24, unique=True)
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT)
    is_drill = models.BooleanField(_("drill"), default=False)
    is_demo = models.BooleanField(default=False)
    hour_seconds = models.PositiveIntegerField(default=3600)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hour_seconds=3600) | (Q(is_drill=True) & Q(hour_seconds__gte=1)),
                name="sla_only_drills_run_fast",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Clock(models.Model):
    """One promise with a deadline. All instants are UTC; no pause, no calendar.

    ``next_milestone_at`` is the due column: set only while the clock runs.
    """

    class Kind(models.TextChoices):
        FIX = "fix", _("Fix")
        PLAN = "plan", _("Contingency plan")
        REPORT = "report", _("Fault report")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        LAPSED = "lapsed", _("Lapsed")
        VOIDED = "voided", _("Voided")

    class End(models.TextChoices):
        RESOLVED = "resolved", _("Fault resolved")
        DELIVERED = "delivered", _("Delivered to the bank")
        VOIDED = "voided", _("Voided")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="clocks")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    # A REPORT clock starts anew when a recovery is rejected; the earlier one stays on record.
    run = models.PositiveSmallIntegerField(default=1)
    origin = models.DateTimeField(_("counts from"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    opened_at = models.DateTimeField(_("duty opened at"), null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    # What ended it: a rejected recovery undoes the resolution's ending only, whatever the second.
    ended_by = models.CharField(_("ended by"), max_length=9, choices=End.choices, blank=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    next_milestone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "kind", "run"], name="sla_clock_once"),
            models.CheckConstraint(
                condition=Q(state__in=["running", "met", "missed", "lapsed", "voided"]),
                name="sla_clock_state",
            ),
            models.CheckConstraint(
                condition=Q(state="running") | Q(next_milestone_at__isnull=True),
                name="sla_only_running_clocks_fire",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_milestone_at"],
                condition=Q(state="running", next_milestone_at__isnull=False),
                name="sla_clock_due",
            ),
            models.Index(fields=["state", "due_at"], name="sla_clock_open"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} {self.kind}"

    @property
    def hour_seconds(self) -> int:
        """Seconds of a contract hour on this clock."""
        return self.commitment.hour_seconds


class Milestone(models.Model):
    """A moment of a clock that has been reached and told, once.

    Unique per clock, code and instant: only a T0 moved to a later time can bring a moment back.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="milestones")
    code = models.CharField(_("milestone"), max_length=20)
    due_at = models.DateTimeField(_("due at"))
    fired_at = models.DateTimeField(_("fired at"))
    late = models.BooleanField(_("sent late"), default=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "code", "due_at"], name="sla_milestone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.code}"


class T0Change(models.Model):
    """T0 of a commitment was moved; both values stay on record (domain section 2.4)."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="t0_changes")
    before = models.DateTimeField(_("T0 before"))
    after = models.DateTimeField(_("T0 after"))
    reason = models.TextField(_("reason"))
    moved_by = models.CharField(_("moved by"), max_length=80)
    moved_at = models.DateTimeField(_("moved at"))

    class Meta:
        verbose_name = _("change of T0")
        verbose_name_plural = _("changes of T0")
        ordering = ["moved_at", "pk"]

    def __str__(self) -> str:
        return f"{self.commitment} {self.before:%H:%M} → {self.after:%H:%M}"
