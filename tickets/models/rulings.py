"""What is proposed by one person and ruled on by another: D8, D12, D26, D27."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models.defect_states import DefectState
from tickets.models.defects import Defect
from tickets.models.outcomes import SuperiorReport
from tickets.models.solutions import SignOff, Solution

ROUTES = [
    (DefectState.TECH_PROCESSING.value, _("Technical issue")),
    (DefectState.BIZ_PROCESSING.value, _("Business issue")),
]


class Ruling(models.Model):
    """A proposal on a defect that is being processed, and the answer of somebody else.

    It holds for the state in which it was made: once the defect has left it, an unanswered
    proposal is void (``current.pending``).
    """

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")

    cycle = models.PositiveSmallIntegerField()
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.PROPOSED
    )
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        abstract = True


class Reclassification(Ruling):
    """From the technical to the business side or back (D8)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="reclassifications")
    from_route = models.CharField(_("from"), max_length=16, choices=ROUTES)
    to_route = models.CharField(_("to"), max_length=16, choices=ROUTES)
    reason = models.TextField(_("reason"))
    # From the third on a supervisor rules, not service support.
    needs_supervisor = models.BooleanField(_("a supervisor rules"), default=False)

    class Meta:
        verbose_name = _("reclassification")
        verbose_name_plural = _("reclassifications")
        ordering = ["proposed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.defect} {self.to_route}"


class Unsolvable(Ruling):
    """Confirmed, but it cannot be solved: why, and what else can be done (D12)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="unsolvables")
    cause = models.TextField(_("cause"))
    why = models.TextField(_("why it cannot be solved"))
    alternatives = models.TextField(_("alternatives"))
    workaround = models.TextField(_("workaround"))

    class Meta:
        verbose_name = _("statement that it cannot be solved")
        verbose_name_plural = _("statements that it cannot be solved")
        ordering = ["proposed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.defect} {self.outcome}"


class SuperiorDecision(models.Model):
    """What the superior department decides on a defect that cannot be solved (D27)."""

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("Go on with it")
        VENDOR = "vendor", _("Hand over to the vendor")
        DEFER = "defer", _("Defer until a date")
        EXPLAIN = "explain", _("Reply with an explanation")

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="superior_decisions")
    report = models.ForeignKey(SuperiorReport, models.PROTECT, related_name="decisions")
    cycle = models.PositiveSmallIntegerField()
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    opinion = models.TextField(_("opinion"))
    vendor = models.CharField(_("vendor"), max_length=80, blank=True)
    review_at = models.DateTimeField(_("review on"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("superior's decision")
        verbose_name_plural = _("superior's decisions")
        ordering = ["decided_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision__in=["continue", "vendor", "defer", "explain"]),
                name="tickets_superior_decision_known",
            ),
            models.CheckConstraint(
                condition=~Q(decision="defer") | Q(review_at__isnull=False),
                name="tickets_deferred_until",
            ),
            models.CheckConstraint(
                condition=~Q(decision="vendor") | ~Q(vendor=""), name="tickets_vendor_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.decision}"


class EmergencyRelease(models.Model):
    """Implementation allowed by word of mouth; the written signature follows (D26)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="emergency_releases")
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="+")
    solution_hash = models.CharField(_("hash released"), max_length=64)
    cycle = models.PositiveSmallIntegerField()
    authoriser_name = models.CharField(_("authorised by"), max_length=40)
    authoriser_phone = models.CharField(_("phone of the authoriser"), max_length=30)
    authorised_at = models.DateTimeField(_("authorised at"))
    reason = models.TextField(_("why it cannot wait"))
    incident = models.CharField(_("incident"), max_length=24)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    # The written signature is due; None once signed, lapsed, or found missing.
    sign_due_at = models.DateTimeField(_("written signature due"))
    next_check_at = models.DateTimeField(null=True)
    sign_off = models.OneToOneField(SignOff, models.PROTECT, null=True, related_name="emergency")
    overdue_at = models.DateTimeField(_("found unsigned at"), null=True)
    # The plan changed or failed: it allows nothing any more.
    voided_at = models.DateTimeField(_("voided at"), null=True)
    # Nothing was done on the strength of it, so nothing has to be signed.
    lapsed = models.BooleanField(_("nothing was done"), default=False)

    class Meta:
        verbose_name = _("emergency release")
        verbose_name_plural = _("emergency releases")
        ordering = ["recorded_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="tickets_emergency_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.authoriser_name}"

    @property
    def is_unsigned(self) -> bool:
        """Something may be done on it and nobody has signed yet."""
        return self.sign_off_id is None and not self.lapsed

    @property
    def signed_late(self) -> bool:
        """Signed, but after the 24 hours: the flag stays."""
        return self.sign_off is not None and self.sign_off.signed_at > self.sign_due_at


class SolutionDraft(models.Model):
    """What an assignee has written of a plan so far; read-only once the side has changed (D8)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="solution_drafts")
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    route = models.CharField(max_length=16, choices=ROUTES)
    content = models.JSONField(_("content"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))
    frozen_at = models.DateTimeField(_("read-only since"), null=True)

    class Meta:
        verbose_name = _("draft of a plan")
        verbose_name_plural = _("drafts of plans")
        ordering = ["saved_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["defect"],
                condition=Q(frozen_at__isnull=True),
                name="tickets_one_open_plan_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.author}"
