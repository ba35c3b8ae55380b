"""Defect: a problem that needs confirmation and a change (R31–R50, document 5.6)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, RETURN_VALUE, FSMField, transition

from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from tickets.models.defect_states import PROCESSING, TERMINAL, DefectState, S
from tickets.models.scope import TicketQuerySet
from workflow.models import FlowRecord


class DefectQuerySet(TicketQuerySet):
    """Defects; a draft is seen by the two people who may still write it."""

    def visible_to_person(self, user: User) -> DefectQuerySet:
        """As every ticket; what was never submitted stays with those who wrote it."""
        own = Q(reporter=user) | Q(filed_by=user)
        if user.has_role(Role.SUPERVISOR):  # who is asked to void a draft must be able to read it
            own |= Q(pk__in=self._asked_to_void())
        return super().visible_to_person(user).filter(Q(number__isnull=False) | own)

    def _asked_to_void(self) -> models.QuerySet[Any]:
        asked = self.model._meta.get_field("end_requests").related_model.objects
        rows: models.QuerySet[Any] = asked.filter(kind="void", state="open").values("defect")
        return rows

    def reported_upward(self) -> Q:
        """The superior department sees what has been sent to it."""
        reports = apps.get_model("tickets", "SuperiorReport")
        return Q(pk__in=reports.objects.filter(sent_at__isnull=False).values("defect"))

    def able_to_take_in(self, child: Defect) -> DefectQuerySet:
        """Defects into which ``child`` may be merged: same system, still before the reply (D30)."""
        shut = [*TERMINAL, S.REPLIED, S.NEW, S.DRAFT]
        same = self.filter(managed_object=child.managed_object_id).exclude(pk=child.pk)
        return same.exclude(state__in=shut).order_by("-created_at")

    def of_incident(self, number: str) -> DefectQuerySet:
        """Escalated to the incident with this number (D32)."""
        return self.filter(incident_number=number).exclude(incident_number="")

    def open(self) -> DefectQuerySet:
        """Not at an end."""
        return self.exclude(state__in=TERMINAL)


class Defect(FlowRecord):
    """A system defect on its way from submission to reply."""

    State = DefectState

    class IssueType(models.TextChoices):
        TECHNICAL = "technical", _("Technical issue")
        BUSINESS = "business", _("Business issue")
        OPERATION = "operation", _("Operation issue")

    class Urgency(models.TextChoices):
        """Internal severities; S1 is an incident, never a defect's own level (R20)."""

        S2 = "S2", _("Serious")
        S3 = "S3", _("Ordinary")
        S4 = "S4", _("Slight")

    class Result(models.TextChoices):
        SOLVED = "solved", _("Solved")
        NOT_A_DEFECT = "not_a_defect", _("Not a defect")
        EXPLAINED = "explained", _("Answered with an explanation")

    class CauseClass(models.TextChoices):
        """Root-cause classes by which related defects are grouped (R41)."""

        PROGRAM = "program", _("Program error")
        PARAMETER = "parameter", _("Parameter or configuration")
        DATA = "data", _("Data")
        INTERFACE = "interface", _("Interface or outside system")
        INFRASTRUCTURE = "infrastructure", _("Server, network or storage")
        RULE = "rule", _("Business rule or requirement")
        OPERATION = "operation", _("Operation or release")
        OTHER = "other", _("Other cause")

    class CloseReason(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted by the user")
        AUTO = "auto", _("Closed automatically")

    number = models.CharField(_("number"), max_length=24, unique=True, null=True, blank=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    # The submission form
    title = models.CharField(_("title"), max_length=120)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("submitting unit"), related_name="defects"
    )
    reporter = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("reporter"), related_name="reported_defects"
    )
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    filed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("filed by"), related_name="filed_defects"
    )
    assigning_customer = models.CharField(_("assigning customer"), max_length=80, blank=True)
    managed_object = models.ForeignKey(
        ManagedObject, models.PROTECT, verbose_name=_("system"), null=True, blank=True
    )
    module = models.CharField(_("module"), max_length=80, blank=True)
    found_at = models.DateTimeField(_("found at"), null=True, blank=True)
    phenomenon = models.TextField(_("phenomenon"), blank=True)
    operation_steps = models.TextField(_("steps to reproduce"), blank=True)
    expected_result = models.TextField(_("expected result"), blank=True)
    actual_result = models.TextField(_("actual result"), blank=True)
    impact = models.TextField(_("scope of impact"), blank=True)
    reproducible = models.CharField(_("reproducible"), max_length=80, blank=True)
    environment = models.CharField(_("terminal, browser, version"), max_length=120, blank=True)
    urgency = models.CharField(
        _("urgency"), max_length=2, choices=Urgency.choices, default=Urgency.S3
    )
    submission_token = models.UUIDField(null=True, blank=True, editable=False)
    # The way through
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    owner = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("accepted by"), null=True, related_name="+"
    )
    issue_type = models.CharField(
        _("issue type"), max_length=10, choices=IssueType.choices, blank=True
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("assignee"), null=True, related_name="+"
    )
    # Processing state to go back to when something is sent back.
    route = models.CharField(max_length=16, blank=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    # R41: confirmed or not, solvable or not, and why it happens.
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    solvable = models.BooleanField(_("can be solved"), null=True)
    cause_class = models.CharField(
        _("root-cause class"), max_length=14, choices=CauseClass.choices, blank=True
    )
    # Deferred until then; the engine resumes it (D28).
    review_at = models.DateTimeField(_("review on"), null=True)
    result = models.CharField(_("result"), max_length=14, choices=Result.choices, blank=True)
    implementer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("implementer"), null=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_children"
    )
    source_consultation = models.OneToOneField(
        "tickets.Consultation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="converted_defect",
    )
    replied_at = models.DateTimeField(_("replied at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    close_reason = models.CharField(max_length=10, choices=CloseReason.choices, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    # The incident it was escalated to (D32); incidents stand in a room above this one.
    incident_number = models.CharField(_("incident"), max_length=24, blank=True)

    objects: ClassVar[DefectQuerySet] = DefectQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("defect")
        verbose_name_plural = _("defects")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="tickets_defect_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "draft", "withdrawn", "voided"])
                | Q(number__isnull=False),
                name="tickets_defect_numbered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", *TERMINAL]) | ~Q(holder_role=""),
                name="tickets_defect_always_held",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)),
                name="tickets_defect_rating",
            ),
            models.UniqueConstraint(
                fields=["filed_by", "submission_token"], name="tickets_defect_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at"], name="tickets_defect_state_at"),
            models.Index(fields=["unit", "-created_at"], name="tickets_defect_unit"),
            models.Index(fields=["holder_role", "state"], name="tickets_defect_role"),
            models.Index(
                fields=["incident_number"],
                condition=~Q(incident_number=""),
                name="tickets_defect_incident",
            ),
            models.Index(
                fields=["review_at"],
                condition=Q(review_at__isnull=False),
                name="tickets_defect_review",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its number, or the word for a draft."""
        return self.number or str(S.DRAFT.label)

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.number or f"draft-{self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tickets:defect", args=[self.key])

    @property
    def is_open(self) -> bool:
        """Not at an end."""
        return self.state not in TERMINAL

    @transition(field=state, source=S.NEW, target=S.DRAFT)
    def save_draft(self) -> None:
        """D1."""

    @transition(field=state, source=[S.NEW, S.DRAFT, S.RETURNED], target=S.SUBMITTED)
    def submit(self) -> None:
        """D2."""

    @transition(field=state, source=S.SUBMITTED, target=S.TRIAGING)
    def accept(self) -> None:
        """D3."""

    @transition(field=state, source=[S.SUBMITTED, S.TRIAGING], target=S.RETURNED)
    def return_for_information(self) -> None:
        """D4."""

    @transition(field=state, source=S.TRIAGING, target=S.TECH_PROCESSING)
    def classify_technical(self) -> None:
        """D5."""
        self.issue_type, self.route = self.IssueType.TECHNICAL, S.TECH_PROCESSING
        self.result = ""

    @transition(field=state, source=S.TRIAGING, target=S.BIZ_PROCESSING)
    def classify_business(self) -> None:
        """D6."""
        self.issue_type, self.route = self.IssueType.BUSINESS, S.BIZ_PROCESSING
        self.result = ""

    @transition(field=state, source=S.TRIAGING, target=S.CONVERTED)
    def convert(self) -> None:
        """D7."""
        self.issue_type = self.IssueType.OPERATION
        self.held_by_nobody()

    @transition(field=state, source=S.CONVERTED, target=S.TRIAGING)
    def reopen_after_objection(self) -> None:
        """C6: its reporter objected to the conversion."""
        self.issue_type, self.result = "", ""

    @transition(field=state, source=PROCESSING, target=S.TRIAGING)
    def back_to_triage(self) -> None:
        """D9."""
        self.result = ""

    @transition(field=state, source=PROCESSING, target=S.TRIAGING)
    def refute(self) -> None:
        """D13."""
        self.result = self.Result.NOT_A_DEFECT

    @transition(field=state, source=S.TECH_PROCESSING, target=S.BIZ_PROCESSING)
    def reclassify_business(self) -> None:
        """D8: it is a business issue after all."""
        self.issue_type, self.route = self.IssueType.BUSINESS, S.BIZ_PROCESSING

    @transition(field=state, source=S.BIZ_PROCESSING, target=S.TECH_PROCESSING)
    def reclassify_technical(self) -> None:
        """D8: it is a technical issue after all."""
        self.issue_type, self.route = self.IssueType.TECHNICAL, S.TECH_PROCESSING

    @transition(field=state, source=PROCESSING, target=S.PENDING_SIGNOFF)
    def send_for_sign_off(self) -> None:
        """D11."""
        self.solvable = True

    @transition(field=state, source=PROCESSING, target=S.AWAITING_SUPERIOR)
    def to_superior(self) -> None:
        """D12: confirmed, but it cannot be solved here."""
        self.solvable = False

    @transition(field=state, source=S.PENDING_SIGNOFF, target=S.APPROVED)
    def approve(self) -> None:
        """D14, D26."""

    @transition(
        field=state,
        source=[S.PENDING_SIGNOFF, S.APPROVED, S.IMPLEMENTING, S.VERIFYING, S.AWAITING_SUPERIOR],
        target=GET_STATE(lambda defect: S(defect.route), states=PROCESSING),
    )
    def back_to_processing(self) -> None:
        """D15, D16, D18, D20, D21b, D27: to the side from which it came."""

    @transition(field=state, source=S.AWAITING_SUPERIOR, target=S.DEFERRED)
    def defer(self) -> None:
        """D27: until a review date."""

    @transition(
        field=state,
        source=S.DEFERRED,
        target=GET_STATE(lambda defect: S(defect.route), states=PROCESSING),
    )
    def resume(self) -> None:
        """D28: to the side from which it came."""
        self.review_at = None

    @transition(field=state, source=S.APPROVED, target=S.IMPLEMENTING)
    def start(self) -> None:
        """D17."""

    @transition(field=state, source=S.IMPLEMENTING, target=S.VERIFYING)
    def finish(self) -> None:
        """D19."""

    @transition(field=state, source=S.VERIFYING, target=S.RESOLVED)
    def verify_solved(self) -> None:
        """D21a."""
        self.result = self.Result.SOLVED

    @transition(field=state, source=[S.RESOLVED, S.TRIAGING, S.AWAITING_SUPERIOR], target=S.REPLIED)
    def reply(self) -> None:
        """D22."""

    @transition(field=state, source=S.REPLIED, target=S.CLOSED)
    def close(self) -> None:
        """D23, D24."""
        self.held_by_nobody()

    @transition(
        field=state, source=[S.DRAFT, S.SUBMITTED, S.RETURNED, S.TRIAGING], target=S.WITHDRAWN
    )
    def withdraw(self) -> None:
        """D29."""
        self.held_by_nobody()

    @transition(field=state, source=PROCESSING, target=S.WITHDRAWN)
    def withdraw_by_agreement(self) -> None:
        """D29, once somebody works on it."""
        self.held_by_nobody()

    @transition(field=state, source=[S.DRAFT, S.SUBMITTED], target=S.VOIDED)
    def void(self) -> None:
        """D33."""
        self.held_by_nobody()

    @transition(
        field=state,
        source=[S.REPLIED, S.CLOSED],
        target=RETURN_VALUE(S.TECH_PROCESSING, S.BIZ_PROCESSING, S.TRIAGING),
    )
    def reopen(self) -> DefectState:
        """D25: to the side that solved it; what was never solved there is assessed anew."""
        solved = self.route and self.assignee_id and self.result != self.Result.NOT_A_DEFECT
        self.cycle += 1
        self.result, self.close_reason = "", ""
        self.replied_at = self.closed_at = self.rating = None
        self.implementer = None
        return S(self.route) if solved else S.TRIAGING

    @transition(field=state, source=[S.SUBMITTED, S.TRIAGING, *PROCESSING], target=S.MERGED)
    def merge(self) -> None:
        """D30."""
        self.held_by_nobody()

    @transition(field=state, source=S.MERGED, target=S.TRIAGING)
    def unmerge(self) -> None:
        """D31."""
        self.merged_into = None
