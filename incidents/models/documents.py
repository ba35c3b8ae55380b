"""Contingency plan (应急方案) and fault report (故障处理报告): documents an incident owes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models.incidents import Incident


class Channel(models.TextChoices):
    """How a document reached the bank."""

    DESK = "desk", _("In the desk")
    EMAIL = "email", _("E-mail")
    PAPER = "paper", _("On paper, signed for")


class Answer(models.TextChoices):
    """What the bank says of a document it was given (E12)."""

    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Sent back")


class IncidentDocument(models.Model):
    """One version of a document: written, released by somebody else, delivered to the bank."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="%(class)ss")
    version = models.PositiveSmallIntegerField(_("version"))
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    written_at = models.DateTimeField(_("written at"))
    released_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("released by"), null=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"), null=True)
    delivered_to = models.CharField(_("delivered to"), max_length=120, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    channel = models.CharField(
        _("delivered by"), max_length=10, choices=Channel.choices, blank=True
    )
    receipt = models.CharField(_("receipt"), max_length=200, blank=True)
    answer = models.CharField(
        _("the bank's answer"), max_length=10, choices=Answer.choices, blank=True
    )
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("answered by"), null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer_opinion = models.TextField(_("the bank's opinion"), blank=True)

    class Meta:
        abstract = True
        ordering = ["version"]

    def __str__(self) -> str:
        return f"{self.incident} v{self.version}"

    @property
    def is_returned(self) -> bool:
        """The bank sent it back: a new version is expected (E12)."""
        return self.answer == Answer.RETURNED


class ContingencyPlan(IncidentDocument):
    """How business keeps running while the fault lasts (R22, R23, document 5.3)."""

    current_status = models.TextField(_("present state of the fault"), blank=True)
    difficulty = models.TextField(_("what makes the repair difficult"))
    business_impact = models.TextField(_("business impact"))
    interim_operation = models.TextField(_("interim operation"))
    resources = models.TextField(_("preconditions and resources"))
    steps = models.TextField(_("steps: who, when, what, way back"))
    data_consistency = models.TextField(_("data consistency and re-entry"))
    risk = models.TextField(_("risk"))
    notify = models.TextField(_("who is told"))
    expected_recovery_at = models.DateTimeField(_("expected recovery"))
    stop_condition = models.TextField(_("when the plan ends"))

    class Meta(IncidentDocument.Meta):
        verbose_name = _("contingency plan")
        verbose_name_plural = _("contingency plans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "version"], name="incidents_plan_once"),
        ]


class FaultReport(IncidentDocument):
    """Fault type, cause, method, loss (R24, R25, document 5.2)."""

    fault_type = models.CharField(_("fault type"), max_length=30)
    direct_cause = models.TextField(_("direct cause"))
    root_cause = models.TextField(_("root cause"))
    method = models.TextField(_("methods used to resolve"))
    phenomenon = models.TextField(_("phenomenon"), blank=True)
    loss = models.TextField(_("loss"))
    # The loss in figures; zero is said, not left out (R25).
    outage_minutes = models.PositiveIntegerField(_("business interrupted, minutes"), default=0)
    failed_transactions = models.PositiveBigIntegerField(_("failed transactions"), default=0)
    loss_amount = models.DecimalField(
        _("loss of money, yuan"), max_digits=16, decimal_places=2, default=0
    )
    complaints = models.PositiveIntegerField(_("complaints"), default=0)
    data_loss = models.TextField(_("loss of data"), blank=True)
    recovery = models.TextField(_("data protection and recovery"), blank=True)
    plan_evaluation = models.TextField(_("usability of the emergency plan"), blank=True)
    # Times, clocks and course of the incident when this version was written: what is printed.
    snapshot = models.JSONField(default=dict)
    impact = models.TextField(_("scope of impact"), blank=True)
    measures = models.TextField(_("problems shown and corrective measures"), blank=True)

    class Meta(IncidentDocument.Meta):
        verbose_name = _("fault report")
        verbose_name_plural = _("fault reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "version"], name="incidents_report_once"),
            models.CheckConstraint(
                condition=models.Q(loss_amount__gte=0), name="incidents_loss_not_negative"
            ),
        ]
