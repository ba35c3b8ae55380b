"""The risk register: likelihood × impact, measures, residual risk (R53, R54)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from incidents.fault_types import SCENES
from operations.models import ManagedObject
from readiness.models.plans import EmergencyPlan, LibraryQuerySet
from workflow.models import FlowRecord


class Level(models.TextChoices):
    """What likelihood × impact come to."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    EXTREME = "extreme", _("Extreme")


# Scores from which a level begins, highest first.
FROM_SCORE = ((20, Level.EXTREME), (10, Level.HIGH), (5, Level.MEDIUM), (1, Level.LOW))
NEEDS_PLAN = (Level.HIGH, Level.EXTREME)
SCALE = [(grade, str(grade)) for grade in range(1, 6)]


def level_of(likelihood: int, impact: int) -> Level:
    """Computed, never typed: 1–4 low, 5–9 medium, 10–19 high, 20–25 extreme (R53)."""
    score = likelihood * impact
    return next(level for least, level in FROM_SCORE if score >= least)


class RiskState(models.TextChoices):
    """How far the assessment of a risk has come."""

    NEW = "new", _("New")
    DRAFT = "draft", _("Being assessed")
    ACCEPTED = "accepted", _("In the register")
    CLOSED = "closed", _("Closed")


S = RiskState


class Risk(FlowRecord):
    """What may happen, how likely, how bad, who owns it. ``remind_at`` is the due column (UTC)."""

    State = RiskState

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = FSMField(_("state"), default=S.NEW, protected=True, choices=S.choices)
    title = models.CharField(_("risk"), max_length=120)
    scenario = models.CharField(_("scenario"), max_length=20, choices=list(SCENES.items()))
    cause = models.TextField(_("cause"))
    consequence = models.TextField(_("consequence"))
    managed_object = models.ForeignKey(
        ManagedObject, models.PROTECT, verbose_name=_("system"), null=True, blank=True
    )
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), choices=SCALE)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=SCALE)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, editable=False)
    residual_likelihood = models.PositiveSmallIntegerField(_("residual likelihood"), choices=SCALE)
    residual_impact = models.PositiveSmallIntegerField(_("residual impact"), choices=SCALE)
    residual_level = models.CharField(
        _("residual level"), max_length=8, choices=Level.choices, editable=False
    )
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("owner"), related_name="+")
    author = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("assessed by"), related_name="+"
    )
    plan = models.ForeignKey(
        EmergencyPlan, models.PROTECT, verbose_name=_("emergency plan"), null=True, blank=True
    )
    review_on = models.DateField(_("next review on"))
    remind_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("accepted by"), null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)

    objects: ClassVar[LibraryQuerySet] = LibraryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(S.values)), name="readiness_risk_state"
            ),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="readiness_risk_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    residual_likelihood__gte=1, residual_impact__gte=1,
                    residual_likelihood__lte=F("likelihood"), residual_impact__lte=F("impact"),
                ),
                name="readiness_residual_not_above",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="readiness_risk_due",
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
        return reverse("readiness:risk", args=[self.number])

    def rate(self) -> None:
        """Compute both levels from the numbers; the caller saves."""
        self.level = level_of(self.likelihood, self.impact)
        self.residual_level = level_of(self.residual_likelihood, self.residual_impact)

    @transition(field=state, source=[S.NEW, S.DRAFT, S.ACCEPTED], target=S.DRAFT)
    def assess(self) -> None:
        """Assessed, or assessed anew: a supervisor accepts it again."""

    @transition(field=state, source=S.DRAFT, target=S.ACCEPTED)
    def accept(self) -> None:
        """In the register."""

    @transition(field=state, source=[S.DRAFT, S.ACCEPTED], target=S.CLOSED)
    def close(self) -> None:
        """It can no longer happen, or was entered twice."""
        self.held_by_nobody()


class RiskMeasure(models.Model):
    """A preventive or a corrective measure with owner and due day (R54)."""

    class Kind(models.TextChoices):
        PREVENTIVE = "preventive", _("Preventive measure")
        CORRECTIVE = "corrective", _("Corrective measure")

    risk = models.ForeignKey(Risk, models.PROTECT, related_name="measures")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("measure"))
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("owner"), related_name="+")
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("done by"), null=True, related_name="+"
    )
    result = models.CharField(_("result"), max_length=300, blank=True)
    remind_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["kind", "due_on", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="readiness_measure_due",
            ),
        ]

    def __str__(self) -> str:
        return self.text
