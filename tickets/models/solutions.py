"""Triage, solution versions and the signatures on them (R36–R43)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models.defects import Defect


class Triage(models.Model):
    """One assessment of a defect (R36, R37)."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="triages")
    cycle = models.PositiveSmallIntegerField()
    issue_type = models.CharField(_("issue type"), max_length=10, choices=Defect.IssueType.choices)
    participants = models.ManyToManyField(User, verbose_name=_("participants"), related_name="+")
    basis = models.TextField(_("conclusion and basis"))
    # Operation issues: who explained what (R40)
    explainer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("explained by"), null=True, related_name="+"
    )
    explanation = models.TextField(_("explanation"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("triage")
        verbose_name_plural = _("triages")
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.defect} {self.issue_type}"


class Solution(models.Model):
    """One version of a solution (R42). Once sent for signature it is frozen."""

    CONTENT: ClassVar[list[str]] = [
        "cause", "measures", "impact", "risk", "rollback_plan", "testing", "planned_at",
        "planned_implementer_id", "change_kinds", "attachment_hashes",
    ]  # fmt: skip
    # Part of the hash wherever they are filled in.
    LATER_CONTENT: ClassVar[list[str]] = ["cause_class", "module"]

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="solutions")
    version = models.PositiveSmallIntegerField(_("version"))
    cycle = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    cause_class = models.CharField(
        _("root-cause class"), max_length=14, choices=Defect.CauseClass.choices, blank=True
    )
    module = models.CharField(_("module"), max_length=80, blank=True)
    cause = models.TextField(_("cause"))
    measures = models.TextField(_("advice and measures"))
    impact = models.TextField(_("impact"))
    risk = models.TextField(_("risk"))
    rollback_plan = models.TextField(_("rollback plan"))
    testing = models.TextField(_("testing"))
    planned_at = models.DateTimeField(_("planned for"))
    planned_implementer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("planned implementer"), related_name="+"
    )
    # Which kinds of change are needed: program, parameter, data, infrastructure, or none (R31).
    change_kinds = models.JSONField(_("changes needed"), default=list)
    attachment_hashes = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("written at"))
    sent_at = models.DateTimeField(_("sent for sign-off at"), null=True)

    class Meta:
        verbose_name = _("solution version")
        verbose_name_plural = _("solution versions")
        ordering = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["defect", "version"], name="tickets_solution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.defect} v{self.version}"

    def compute_hash(self) -> str:
        """SHA-256 over everything a supervisor signs."""
        content = {name: getattr(self, name) for name in self.CONTENT}
        later = {name: getattr(self, name) for name in self.LATER_CONTENT}
        content |= {name: value for name, value in later.items() if value}
        # The same instant must give the same hash, whatever zone it was read in.
        content["planned_at"] = self.planned_at.astimezone(UTC).isoformat()
        content["defect"], content["version"] = self.defect_id, self.version
        return hashlib.sha256(
            json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()


class SignOff(models.Model):
    """A supervisor's decision on exactly one solution version (R43)."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved and signed")
        SENT_BACK = "sent_back", _("Sent back")

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="sign_offs")
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="sign_offs")
    solution_hash = models.CharField(_("hash signed"), max_length=64)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    opinion = models.TextField(_("opinion"), blank=True)
    supervisor = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("supervisor"), related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("on behalf of"), null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"))
    ip = models.CharField(_("address"), max_length=45, blank=True)
    voided_at = models.DateTimeField(_("voided at"), null=True)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["signed_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision="approved") | ~Q(opinion=""),
                name="tickets_sent_back_with_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution} {self.decision}"
