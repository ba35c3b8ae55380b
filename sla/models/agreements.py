"""Versions of the service plan's parameters (R56)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from accounts.roles import Role
from sla.schedule import default_warnings
from workflow.models import FlowRecord, ScopedQuerySet

READERS = (Role.SYSADMIN, Role.SUPERIOR)
HOURS = (MinValueValidator(1), MaxValueValidator(240))


class AgreementState(models.TextChoices):
    """A version is proposed by one person and decided by another."""

    NEW = "new", _("New")
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


S = AgreementState


class AgreementQuerySet(ScopedQuerySet):
    """Versions; whoever works by them may read them."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, superior department and the system administrator: all of them."""
        if user.is_desk or user.has_role(*READERS):
            return self
        return self.none()

    def in_force_at(self, instant: datetime) -> Agreement | None:
        """The confirmed version with the latest beginning at or before ``instant`` (UTC)."""
        confirmed = self.filter(state=S.CONFIRMED, effective_from__lte=instant)
        found: Agreement | None = confirmed.order_by("-effective_from", "-version").first()
        return found


class Agreement(FlowRecord):
    """One version of the service plan's parameters (R56). Hours are elapsed hours.

    A confirmed version never changes: every commitment keeps the version it was opened under.
    ``warnings``: for each clock, when people are told and up to whom (``sla.schedule.Warning``).
    """

    State = AgreementState

    class PlanOrigin(models.TextChoices):
        T0 = "t0", _("From the first report (T0)")
        FIX_DUE = "fix_due", _("From the missed fix time")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    effective_from = models.DateTimeField(_("effective from"))
    fix_hours = models.PositiveSmallIntegerField(
        _("fix within, hours"), default=12, validators=HOURS
    )
    plan_hours = models.PositiveSmallIntegerField(
        _("contingency plan within, hours"), default=16, validators=HOURS
    )
    report_hours = models.PositiveSmallIntegerField(
        _("fault report within, hours"), default=24, validators=HOURS
    )
    plan_clock_origin = models.CharField(
        _("plan clock counts"), max_length=8, choices=PlanOrigin.choices, default=PlanOrigin.T0
    )
    warnings = models.JSONField(_("milestones"), default=default_warnings)
    alert_repeat_minutes = models.PositiveSmallIntegerField(
        _("repeat unacknowledged S1 alerts every, minutes"),
        default=15,
        validators=(MinValueValidator(1), MaxValueValidator(240)),
    )
    report_for_s2 = models.BooleanField(_("S2 needs a fault report"), default=False)
    source = models.CharField(_("source"), max_length=120, blank=True)
    reason = models.TextField(_("reason for the change"), blank=True)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("proposed by"), null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_opinion = models.TextField(_("opinion"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)

    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-version"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="sla_agreement_state"
            ),
            models.UniqueConstraint(
                fields=["effective_from"],
                condition=Q(state="confirmed"),
                name="sla_one_agreement_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="proposed"), name="sla_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(plan_clock_origin="fix_due") | Q(plan_hours__gt=F("fix_hours")),
                name="sla_plan_after_fix",
            ),
            models.CheckConstraint(
                condition=Q(fix_hours__gte=1, plan_hours__gte=1, report_hours__gte=1)
                & Q(alert_repeat_minutes__gte=1),
                name="sla_agreement_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """``v3``."""
        return f"v{self.version}"

    @transition(field=state, source=S.NEW, target=S.PROPOSED)
    def propose(self) -> None:
        """Written down by the system administrator."""

    @transition(field=state, source=S.PROPOSED, target=S.CONFIRMED)
    def confirm(self) -> None:
        """Confirmed by a supervisor."""
        self.held_by_nobody()

    @transition(field=state, source=S.PROPOSED, target=S.REJECTED)
    def reject(self) -> None:
        """Rejected by a supervisor, or taken back."""
        self.held_by_nobody()
