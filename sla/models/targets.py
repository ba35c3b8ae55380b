"""Internal targets: working hours per step of a ticket, never part of the contract."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TargetStep(models.TextChoices):
    """Steps of a ticket that may have a target."""

    ACCEPT = "accept", _("Accept")
    TRIAGE = "triage", _("Analyse")
    PROCESSING = "processing", _("Process")
    SIGN_OFF = "sign_off", _("Sign")
    IMPLEMENTATION = "implementation", _("Implement")
    VERIFICATION = "verification", _("Verify")
    REPLY = "reply", _("Reply")
    SUPERIOR_REPORT = "superior_report", _("Report upward")
    SUPERIOR_DECISION = "superior_decision", _("Superior's decision")


class TargetLevel(models.TextChoices):
    """Urgencies of a ticket; S1 is an incident and has the contract."""

    S2 = "S2", _("S2 Serious")
    S3 = "S3", _("S3 Ordinary")
    S4 = "S4", _("S4 Slight")


class Target(models.Model):
    """How many minutes of working time a step should take. No row: not agreed."""

    step = models.CharField(_("step"), max_length=20, choices=TargetStep.choices)
    level = models.CharField(_("urgency"), max_length=2, choices=TargetLevel.choices)
    minutes = models.PositiveIntegerField(_("working time, minutes"))

    class Meta:
        verbose_name = _("internal target")
        verbose_name_plural = _("internal targets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "level"], name="sla_target_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="sla_target_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.level}"


class TargetClock(models.Model):
    """One step of one ticket against its internal target. Instants are UTC.

    ``minutes`` is a copy: a change of targets touches no clock that exists. ``due_at`` and
    ``warn_at`` are None while the clock is paused, and while the calendar of a year they need is
    missing (``calendar_missing``). ``next_at`` is the due column: the next reminder, or the next
    look for a missing calendar.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        VOIDED = "voided", _("Voided")
        # The step is over, but the calendar that would judge it is not there yet.
        UNJUDGED = "unjudged", _("Calendar missing")

    Step = TargetStep

    subject = models.CharField(_("record"), max_length=24)
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)
    step = models.CharField(_("step"), max_length=20, choices=TargetStep.choices)
    run = models.PositiveSmallIntegerField(default=1)
    level = models.CharField(_("urgency"), max_length=2, choices=TargetLevel.choices)
    minutes = models.PositiveIntegerField(_("working time, minutes"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    origin = models.DateTimeField(_("counts from"))
    due_at = models.DateTimeField(_("due at"), null=True)
    warn_at = models.DateTimeField(null=True)
    calendar_missing = models.BooleanField(default=False)
    warned_at = models.DateTimeField(_("reminded at"), null=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    told_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("internal clock")
        verbose_name_plural = _("internal clocks")
        ordering = ["origin", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "step", "run"], name="sla_target_clock_once"
            ),
            models.UniqueConstraint(
                fields=["subject", "step"],
                condition=Q(state__in=["running", "paused"]),
                name="sla_target_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "met", "missed", "voided", "unjudged"]),
                name="sla_target_clock_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "unjudged"]) | Q(next_at=None),
                name="sla_target_only_running_fire",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                condition=Q(next_at__isnull=False),
                name="sla_target_due",
            ),
            models.Index(fields=["state", "-origin"], name="sla_target_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.step}"


class TargetPause(models.Model):
    """A stretch of time that does not count: the ticket was with its reporter."""

    clock = models.ForeignKey(TargetClock, models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField(_("paused at"))
    resumed_at = models.DateTimeField(_("resumed at"), null=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["paused_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(resumed_at=None), name="sla_one_pause_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=models.F("paused_at")),
                name="sla_pause_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.paused_at:%Y-%m-%d %H:%M}"
