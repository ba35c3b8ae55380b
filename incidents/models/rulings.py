"""What people decide about an incident beside its course: T0, grade, reports upward, outside time.

None of these moves the incident to another state; each names who decided, when and why.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models.incidents import Incident


class T0Change(models.Model):
    """A correction of T0 (domain section 2.4): both values stay on record and in the report.

    Earlier takes effect at once; later waits for a second person (``decided_by``).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a supervisor")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")

    class Cause(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        MERGE = "merge", _("Merged incident")
        RAISED = "raised", _("Raised to system down")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="t0_changes")
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.CORRECTION)
    before = models.DateTimeField(_("T0 before"))
    after = models.DateTimeField(_("T0 after"))
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        verbose_name = _("change of T0")
        verbose_name_plural = _("changes of T0")
        ordering = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state="asked"), name="incidents_one_t0_question"
            ),
            models.CheckConstraint(
                condition=~Q(cause="correction") | Q(after__lt=F("before")) | ~Q(state="in_force")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="incidents_t0_later_two_people",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.incident} T0"


class Grade(models.TextChoices):
    """Grades of emergencies in important banking systems; the bank decides."""

    ONE = "1", _("Grade I, extremely serious")
    TWO = "2", _("Grade II, serious")
    THREE = "3", _("Grade III, relatively serious")
    FOUR = "4", _("Grade IV, ordinary")


class GradeDecision(models.Model):
    """The bank's decision on the regulator's grade; the last one holds."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="grade_decisions")
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices)
    suggested = models.CharField(_("suggested then"), max_length=1, blank=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("grade decision")
        verbose_name_plural = _("grade decisions")
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.incident} {self.grade}"


class OutsideTime(models.Model):
    """Time that others are answerable for; shown in reports, changes no met and no missed."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="outside_times")
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    party = models.CharField(_("who is answerable"), max_length=120)
    reason = models.TextField(_("what for"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("time outside our responsibility")
        verbose_name_plural = _("times outside our responsibility")
        ordering = ["from_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_at__gt=F("from_at")), name="incidents_outside_has_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.party}"


class UpwardReport(models.Model):
    """The incident as reported to the superior department (上报), and its acknowledgement."""

    class State(models.TextChoices):
        SENT = "sent", _("Reported")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="upward_report")
    number = models.CharField(_("number"), max_length=24, unique=True)
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.SENT)
    content = models.TextField(_("content"))
    sent_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("reported by"), related_name="+"
    )
    sent_at = models.DateTimeField(_("reported at"))
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    opinion = models.TextField(_("superior's opinion"), blank=True)

    class Meta:
        verbose_name = _("report upward on an incident")
        verbose_name_plural = _("reports upward on incidents")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True) | ~Q(acknowledged_by=F("sent_by")),
                name="incidents_upward_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_acknowledged(self) -> bool:
        """The superior department has confirmed that it has it."""
        return self.state == self.State.ACKNOWLEDGED
