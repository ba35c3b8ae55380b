"""Drills (演练): planned in a calendar, held, reported (document 5.3, R51)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from incidents.models import Incident
from readiness.models.plans import EmergencyPlan, LibraryQuerySet, PlanVersion
from workflow.models import FlowRecord


class DrillState(models.TextChoices):
    """From the calendar to the file."""

    NEW = "new", _("New")
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held, report due")
    AWAITING = "awaiting_approval", _("Report awaiting approval")
    FILED = "filed", _("Filed")
    CANCELLED = "cancelled", _("Cancelled")


S = DrillState


class Drill(FlowRecord):
    """One entry of the year's drill calendar. ``planned_at`` UTC; ``remind_at`` is the due column.

    A drill on the product runs as an incident in drill mode (``incident``); a drill at a table
    needs none.
    """

    State = DrillState

    class Mode(models.TextChoices):
        TABLETOP = "tabletop", _("Tabletop")
        LIVE = "live", _("Live")
        FULL = "full", _("Full")
        TOPICAL = "topical", _("Topical")

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    plan = models.ForeignKey(
        EmergencyPlan, models.PROTECT, verbose_name=_("emergency plan"), related_name="drills"
    )
    title = models.CharField(_("project"), max_length=120)
    purpose = models.TextField(_("purpose"))
    mode = models.CharField(_("way"), max_length=10, choices=Mode.choices)
    planned_at = models.DateTimeField(_("planned for"))
    departments = models.CharField(_("departments taking part"), max_length=300)
    process = models.TextField(_("course as planned"), blank=True)
    budget = models.DecimalField(
        _("budget, yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    planned_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("planned by"), related_name="+"
    )
    version = models.ForeignKey(
        PlanVersion, models.PROTECT, verbose_name=_("version drilled"), null=True, related_name="+"
    )
    incident = models.OneToOneField(Incident, models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField(_("held at"), null=True)
    held_by_person = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("started by"), null=True, related_name="+"
    )
    remind_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[LibraryQuerySet] = LibraryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("drill")
        verbose_name_plural = _("drills")
        ordering = ["-planned_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="readiness_drill_state"
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0),
                name="readiness_drill_budget",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["planned_at"], name="readiness_drill_planned"),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="readiness_drill_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def label(self) -> str:
        """Its number."""
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("readiness:drill", args=[self.number])

    @transition(field=state, source=S.NEW, target=S.PLANNED)
    def enter(self) -> None:
        """In the calendar."""

    @transition(field=state, source=S.PLANNED, target=S.HELD)
    def hold(self) -> None:
        """It has begun, or was held at a table."""

    @transition(field=state, source=S.HELD, target=S.AWAITING)
    def submit(self) -> None:
        """Its report waits for a supervisor."""

    @transition(field=state, source=S.AWAITING, target=S.HELD)
    def send_back(self) -> None:
        """The report must be changed."""

    @transition(field=state, source=S.AWAITING, target=S.FILED)
    def file(self) -> None:
        """The report is approved."""
        self.held_by_nobody()

    @transition(field=state, source=S.PLANNED, target=S.CANCELLED)
    def cancel(self) -> None:
        """It will not be held."""
        self.held_by_nobody()


class DrillReport(models.Model):
    """The summary of a drill, one version per submission (document 5.3)."""

    drill = models.ForeignKey(Drill, models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.TextField(_("content and purpose"))
    overall_plan = models.TextField(_("overall plan"))
    participants = models.TextField(_("participants"))
    preparation = models.TextField(_("preparation"))
    course = models.TextField(_("course and key moments"))
    problems = models.TextField(_("problems found"))
    improvements = models.TextField(_("improvements: what, who, by when"))
    conclusion = models.TextField(_("conclusion"))
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("author"), related_name="+")
    written_at = models.DateTimeField(_("written at"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("approved by"), null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)

    PARTS: ClassVar = [
        "content", "overall_plan", "participants", "preparation", "course", "problems",
        "improvements", "conclusion",
    ]  # fmt: skip

    class Meta:
        verbose_name = _("drill report")
        verbose_name_plural = _("drill reports")
        ordering = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drill", "version"], name="readiness_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.drill.number} v{self.version}"
