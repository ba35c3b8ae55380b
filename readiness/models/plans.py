"""Emergency response plans (应急预案): the standing library, one effective version each (R51)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from accounts.roles import Role
from incidents.fault_types import SCENES
from operations.models import ManagedObject
from readiness.phases import Phase
from workflow.models import FlowRecord, ScopedQuerySet


class LibraryQuerySet(ScopedQuerySet):
    """Plans, drills and risks belong to the desk; monitors and the superior department read."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, monitors and the superior department: all. Bank users: none."""
        if user.is_desk or user.has_role(Role.MONITOR, Role.SUPERIOR):
            return self
        return self.none()


class PlanState(models.TextChoices):
    """How far the newest version of a plan has come."""

    NEW = "new", _("New")
    DRAFTING = "drafting", _("Being written")
    AWAITING = "awaiting_approval", _("Awaiting approval")
    EFFECTIVE = "effective", _("Effective")
    RETIRED = "retired", _("Out of use")


S = PlanState


class EmergencyPlan(FlowRecord):
    """A standing plan for one scenario. Its words are in its versions.

    ``remind_at`` is the due column of the review reminder (UTC).
    """

    State = PlanState

    number = models.CharField(_("code"), max_length=20, unique=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    scenario = models.CharField(_("scenario"), max_length=20, choices=list(SCENES.items()))
    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    objects_covered = models.ManyToManyField(
        ManagedObject, verbose_name=_("systems covered"), related_name="emergency_plans", blank=True
    )
    next_review_on = models.DateField(_("next review on"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[LibraryQuerySet] = LibraryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("emergency plan")
        verbose_name_plural = _("emergency plans")
        ordering = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="readiness_plan_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(next_review_on__isnull=False),
                name="readiness_effective_plan_is_reviewed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="readiness_plan_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def label(self) -> str:
        """Its code."""
        return self.number

    @property
    def name(self) -> str:
        """Title in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("readiness:plan", args=[self.number])

    @transition(field=state, source=[S.NEW, S.DRAFTING, S.EFFECTIVE], target=S.DRAFTING)
    def write(self) -> None:
        """A version is being written; an effective one stays in force meanwhile."""

    @transition(field=state, source=S.DRAFTING, target=S.AWAITING)
    def submit(self) -> None:
        """The version is complete and waits for a supervisor."""

    @transition(field=state, source=S.AWAITING, target=S.EFFECTIVE)
    def approve(self) -> None:
        """The version is in force."""

    @transition(field=state, source=S.AWAITING, target=S.DRAFTING)
    def send_back(self) -> None:
        """The supervisor wants it changed."""

    @transition(field=state, source=[S.DRAFTING, S.EFFECTIVE], target=S.RETIRED)
    def retire(self) -> None:
        """No longer used; stays readable."""
        self.held_by_nobody()


class PlanVersion(models.Model):
    """One version: sections by code, in Chinese and, where written, in English."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        EFFECTIVE = "effective", _("Effective")
        SUPERSEDED = "superseded", _("Superseded")

    plan = models.ForeignKey(EmergencyPlan, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    sections = models.JSONField(_("sections"), default=dict)
    sections_en = models.JSONField(_("sections in English"), default=dict)
    rto_minutes = models.PositiveIntegerField(_("RTO, minutes"), null=True, blank=True)
    rpo_minutes = models.PositiveIntegerField(_("RPO, minutes"), null=True, blank=True)
    authors = models.ManyToManyField(User, verbose_name=_("written by"), related_name="+")
    changes = models.CharField(_("what has changed"), max_length=200, blank=True)
    written_at = models.DateTimeField(_("written at"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("approved by"), null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("effective since"), null=True)

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "version"], name="readiness_version_once"),
            # Two effective versions of one plan would leave the night shift to guess (R51).
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="effective"), name="readiness_one_effective"
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="draft"), name="readiness_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False),
                name="readiness_effective_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.number} v{self.version}"

    def text(self, code: str) -> str:
        """A section in the reader's language, else in the language it was written in."""
        english = (get_language() or "").startswith("en")
        texts = (self.sections_en, self.sections) if english else (self.sections, self.sections_en)
        return next((str(found) for each in texts if (found := each.get(code))), "")


class PlanStep(models.Model):
    """One line of the checklist to tick during an incident (R55)."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)
    text = models.CharField(_("step"), max_length=300)
    text_en = models.CharField(_("step in English"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="readiness_step_once"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def label(self) -> str:
        """The step in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.text_en if english and self.text_en else self.text
