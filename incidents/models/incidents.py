"""Incident: system down, and other emergencies (R16–R25, domain section 2.3)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from sla.models import Commitment
from tickets.models import Defect
from workflow.models import FlowRecord, ScopedQuerySet


class IncidentState(models.TextChoices):
    """The states of domain section 2.3."""

    NEW = "new", _("New")
    REPORTED = "reported", _("Newly reported")
    ASSESSING = "assessing", _("Assessing")
    DECLARED = "declared", _("Declared, being handled")
    MITIGATED = "mitigated", _("Business temporarily restored")
    RESOLVED = "resolved", _("Resolved")
    CONFIRMED = "confirmed", _("Recovery confirmed")
    REVIEWING = "reviewing", _("In review")
    CLOSED = "closed", _("Closed")
    FALSE_ALARM = "false_alarm", _("False alarm")
    DOWNGRADED = "downgraded", _("Downgraded")
    MERGED = "merged", _("Merged")


S = IncidentState
UNRESOLVED = [S.REPORTED, S.ASSESSING, S.DECLARED, S.MITIGATED, S.DOWNGRADED]
TERMINAL = [S.CLOSED, S.FALSE_ALARM, S.MERGED]


class IncidentQuerySet(ScopedQuerySet):
    """Incidents; the desk sees all, the bank's people those of their own unit and below."""

    def visible_to_person(self, user: User) -> Self:
        """Desk: all. Superior department: S1. Monitor and bank user: the own unit's."""
        if user.is_desk:
            return self
        scope = Q(pk__in=[])
        if user.has_role(Role.SUPERIOR):
            scope |= Q(severity=Incident.Severity.S1)
        if user.has_role(Role.MONITOR, Role.REPORTER):
            scope |= Q(unit__path__startswith=user.organisation.path)
        return self.filter(scope)

    def real(self) -> Self:
        """Without demonstration records and drills (I18)."""
        return self.filter(is_demo=False, is_drill=False)

    def open(self) -> Self:
        """Not at an end."""
        return self.exclude(state__in=TERMINAL)


class Incident(FlowRecord):
    """One emergency, from the first report to its end."""

    State = IncidentState

    class Severity(models.TextChoices):
        S1 = "S1", _("S1 System down, business cannot run")
        S2 = "S2", _("S2 Serious")
        S3 = "S3", _("S3 Ordinary")
        S4 = "S4", _("S4 Slight")

    class RecoveryResult(models.TextChoices):
        FULL = "full", _("Fully recovered")
        PARTIAL = "partial", _("Partly recovered")
        NONE = "none", _("Not recovered")

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices, blank=True)
    is_drill = models.BooleanField(_("drill"), default=False)
    # Seconds a contract hour lasts: 3600, fewer in drills only.
    hour_seconds = models.PositiveIntegerField(default=3600)
    title = models.CharField(_("title"), max_length=120)
    phenomenon = models.TextField(_("phenomenon"))
    managed_object = models.ForeignKey(ManagedObject, models.PROTECT, verbose_name=_("system"))
    unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("reporting unit"), related_name="+"
    )
    reporter = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("reported by"), null=True, related_name="+"
    )
    reporter_name = models.CharField(_("reporter's name"), max_length=40)
    reporter_phone = models.CharField(_("reporter's phone"), max_length=30)
    occurred_at = models.DateTimeField(_("occurred at"), null=True, blank=True)
    # T0: the earliest report of the down condition (UTC). Contract clocks count from here.
    first_contact_at = models.DateTimeField(_("first reported at (T0)"))
    claimed_down = models.BooleanField(_("reported as system down"), default=False)
    source_defect = models.ForeignKey(
        Defect, models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    commitment = models.OneToOneField(
        Commitment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    declared_at = models.DateTimeField(_("declared at"), null=True)
    declared_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("declared by"), null=True, related_name="+"
    )
    business_impact = models.TextField(_("business impact"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    mitigated_at = models.DateTimeField(_("business restored temporarily at"), null=True)
    mitigation_method = models.TextField(_("how business keeps running"), blank=True)
    mitigation_limits = models.TextField(_("limits of the workaround"), blank=True)
    mitigation_confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("confirmed by"), null=True, related_name="+"
    )
    # When hands were first laid on data or system: data must be protected before it (R17).
    fix_started_at = models.DateTimeField(_("fix started at"), null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    resolved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("resolved by"), null=True, related_name="+"
    )
    resolution_method = models.TextField(_("resolution method"), blank=True)
    fault_type = models.CharField(_("fault type"), max_length=30, blank=True)
    # What was recovered, and up to when (R19)
    fault_point_at = models.DateTimeField(_("fault point"), null=True)
    restored_to_at = models.DateTimeField(_("restored to"), null=True)
    data_gap = models.TextField(_("data gap"), blank=True)
    data_gap_minutes = models.PositiveIntegerField(_("data gap, minutes"), null=True)
    recovery_result = models.CharField(
        _("recovery result"), max_length=8, choices=RecoveryResult.choices, blank=True
    )
    confirmed_at = models.DateTimeField(_("recovery confirmed at"), null=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("recovery confirmed by"), null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    # What the fault did, as far as is known; None: not known yet.
    provinces = models.PositiveSmallIntegerField(_("provinces affected"), null=True)
    institutions = models.CharField(_("institutions"), max_length=200, blank=True)
    merchants = models.PositiveIntegerField(_("merchants affected"), null=True)
    terminals = models.PositiveIntegerField(_("terminals affected"), null=True)
    failed_transactions = models.PositiveBigIntegerField(_("failed transactions"), null=True)
    failed_amount = models.DecimalField(
        _("amount of failed transactions, yuan"), max_digits=16, decimal_places=2, null=True
    )
    complaints = models.PositiveIntegerField(_("complaints"), null=True)
    downgraded_at = models.DateTimeField(_("downgraded at"), null=True)
    downgraded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("downgraded by"), null=True, related_name="+"
    )
    recurrence_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="recurrences",
        verbose_name=_("recurrence of"),
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged",
        verbose_name=_("merged into"),
    )  # fmt: skip
    submission_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar[IncidentQuerySet] = IncidentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="incidents_incident_state"
            ),
            models.CheckConstraint(
                condition=Q(hour_seconds=3600) | (Q(is_drill=True) & Q(hour_seconds__gte=1)),
                name="incidents_only_drills_run_fast",
            ),
            models.CheckConstraint(
                condition=Q(occurred_at__isnull=True) | Q(occurred_at__lte=F("first_contact_at")),
                name="incidents_occurred_before_t0",
            ),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True) | Q(declared_at__gte=F("first_contact_at")),
                name="incidents_t0_before_declared",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("first_contact_at")),
                name="incidents_t0_before_resolved",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="incidents_not_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(failed_amount__isnull=True) | Q(failed_amount__gte=0),
                name="incidents_amount_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at"], name="incidents_state_at"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def label(self) -> str:
        """Its number."""
        return self.number

    @transition(field=state, source=S.NEW, target=S.REPORTED)
    def report(self) -> None:
        """E1."""

    @transition(field=state, source=S.REPORTED, target=S.ASSESSING)
    def acknowledge(self) -> None:
        """E2."""

    @transition(field=state, source=[S.REPORTED, S.ASSESSING], target=S.DECLARED)
    def declare(self) -> None:
        """E3, E4."""

    @transition(field=state, source=[S.REPORTED, S.ASSESSING], target=S.FALSE_ALARM)
    def dismiss(self) -> None:
        """E5."""
        self.held_by_nobody()

    @transition(field=state, source=S.DECLARED, target=S.MITIGATED)
    def mitigate(self) -> None:
        """E9."""

    @transition(field=state, source=S.MITIGATED, target=S.DECLARED)
    def lose_mitigation(self) -> None:
        """E10."""

    @transition(field=state, source=S.DECLARED, target=S.DECLARED)
    def raise_to_s1(self) -> None:
        """E6."""

    @transition(field=state, source=[S.DECLARED, S.MITIGATED], target=S.DOWNGRADED)
    def downgrade(self) -> None:
        """E7: handled on as S2–S4."""

    @transition(field=state, source=[S.DECLARED, S.MITIGATED, S.DOWNGRADED], target=S.RESOLVED)
    def resolve(self) -> None:
        """E13."""

    @transition(field=state, source=S.RESOLVED, target=S.CONFIRMED)
    def confirm(self) -> None:
        """E14."""

    @transition(field=state, source=S.RESOLVED, target=S.DECLARED)
    def reject_recovery(self) -> None:
        """E15: the fix clock goes on from its old origin."""

    @transition(field=state, source=S.CONFIRMED, target=S.REVIEWING)
    def begin_review(self) -> None:
        """E17."""

    @transition(field=state, source=S.REVIEWING, target=S.CLOSED)
    def close(self) -> None:
        """E18."""
        self.held_by_nobody()

    @transition(field=state, source=[S.REPORTED, S.ASSESSING, S.DECLARED], target=S.MERGED)
    def merge(self) -> None:
        """E20."""
        self.held_by_nobody()
