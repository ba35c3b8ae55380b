"""What follows a signature: implementation, verification, report upward, reply (R44–R50)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from operations.models import ChangeRecord
from tickets.models.defects import Defect
from tickets.models.solutions import Solution


class Implementation(models.Model):
    """Carrying out a signed solution (R44, R48)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="implementations")
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="+")
    cycle = models.PositiveSmallIntegerField()
    implementer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("implementer"), related_name="+"
    )
    started_at = models.DateTimeField(_("started at"))
    backup = models.TextField(_("backup before the change"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    steps = models.TextField(_("steps"), blank=True)
    result = models.TextField(_("result"), blank=True)
    change_record = models.OneToOneField(
        ChangeRecord, models.PROTECT, verbose_name=_("change record"), null=True
    )
    no_change_reason = models.TextField(_("why nothing was changed"), blank=True)
    # False: it failed and was rolled back (D20). None: it goes on, or was stopped because the
    # plan changed (D18).
    succeeded = models.BooleanField(_("succeeded"), null=True)

    class Meta:
        verbose_name = _("implementation")
        verbose_name_plural = _("implementations")
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.defect} {self.cycle}"


class Verification(models.Model):
    """Is it solved? Said by somebody other than the implementer (R45)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="verifications")
    cycle = models.PositiveSmallIntegerField()
    verifier = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("verified by"), related_name="+"
    )
    solved = models.BooleanField(_("solved"))
    evidence = models.TextField(_("evidence"))
    # Appended to the submission form and shown to the reporter (R46)
    method = models.TextField(_("method"), blank=True)
    verified_at = models.DateTimeField(_("verified at"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["verified_at", "pk"]

    def __str__(self) -> str:
        return f"{self.defect} {self.solved}"


class SuperiorReport(models.Model):
    """The duty to report a confirmed defect upward, parallel to the work (R47).

    Opened when the defect is confirmed (D11); what cannot be solved is reported anew (D12).
    """

    class State(models.TextChoices):
        DUE = "due", _("Report due")
        SENT = "sent", _("Reported")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="superior_reports")
    # The superior department must decide on it, not only take note (D12, D27).
    asks_for_decision = models.BooleanField(_("asks for a decision"), default=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.DUE)
    content = models.TextField(_("content"), blank=True)
    opened_at = models.DateTimeField(_("due since"))
    sent_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("reported by"), null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("reported at"), null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    opinion = models.TextField(_("superior's opinion"), blank=True)
    # From then on its silence may be made up for (five working days after it was sent); the
    # engine tells the supervisors once, and empties ``next_check_at``.
    silent_at = models.DateTimeField(_("silent since"), null=True)
    next_check_at = models.DateTimeField(null=True)
    # Acknowledged outside the desk, recorded by a supervisor with evidence.
    off_system_name = models.CharField(
        _("acknowledged outside the desk by"), max_length=40, blank=True
    )
    off_system_on = models.DateField(_("acknowledged outside the desk on"), null=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("recorded by"), null=True, related_name="+"
    )
    evidence = models.ForeignKey(
        "tickets.Attachment",
        models.PROTECT,
        verbose_name=_("evidence"),
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("report upward")
        verbose_name_plural = _("reports upward")
        ordering = ["opened_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="tickets_report_silent",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["due", "sent", "acknowledged"]),
                name="tickets_superior_report_state",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_sent(self) -> bool:
        """On its way to the superior department, or already there."""
        return self.state != self.State.DUE

    @property
    def is_acknowledged(self) -> bool:
        """The superior department has confirmed that it has it."""
        return self.state == self.State.ACKNOWLEDGED


class Reply(models.Model):
    """The formal answer with solution, analysis and cause (R49, R50)."""

    class RecipientKind(models.TextChoices):
        SUBMITTING_UNIT = "submitting_unit", _("Submitting unit")
        ASSIGNING_CUSTOMER = "assigning_customer", _("Assigning customer")

    class Channel(models.TextChoices):
        DESK = "desk", _("In the desk")
        PHONE = "phone", _("Phone")
        DOCUMENT = "document", _("Printed document")

    number = models.CharField(_("number"), max_length=24, unique=True)
    defect = models.ForeignKey(Defect, models.PROTECT, related_name="replies")
    cycle = models.PositiveSmallIntegerField()
    recipient_kind = models.CharField(_("reply to"), max_length=20, choices=RecipientKind.choices)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("unit"), null=True, related_name="+"
    )
    customer = models.CharField(_("assigning customer"), max_length=80, blank=True)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.DESK
    )
    solution = models.TextField(_("solution"))
    analysis = models.TextField(_("analysis"))
    cause = models.TextField(_("cause"))
    sent_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("sent by"), related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    superseded_at = models.DateTimeField(null=True)
    # The reporter's receipt (签收) and what he thinks of it (R49)
    received_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("received by"), null=True, related_name="+"
    )
    received_at = models.DateTimeField(_("received at"), null=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True)
    rating_comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["sent_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="tickets_reply_rating",
            ),
            models.UniqueConstraint(
                fields=["defect"],
                condition=models.Q(superseded_at=None),
                name="tickets_reply_one_stands",
            ),
        ]

    def __str__(self) -> str:
        return self.number
