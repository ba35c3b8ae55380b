"""What may follow after a consultation has ended: objections (C6) and corrections (C7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models.consultations import Consultation
from tickets.models.defects import Defect
from workflow.corrections import CorrectionNote


class Objection(models.Model):
    """The reporter disputes that a defect was turned into a consultation (C6).

    The first objection reopens the defect; on the second a supervisor rules, and that is final.
    """

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Awaits a supervisor's ruling")
        REOPENED = "reopened", _("Defect reopened")
        UPHELD = "upheld", _("Conversion stands")

    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="objection")
    defect = models.ForeignKey(Defect, models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField(_("round"))
    text = models.TextField(_("objection"))
    raised_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("raised by"), related_name="+"
    )
    raised_at = models.DateTimeField(_("raised at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    ruled_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("ruled by"), null=True, related_name="+"
    )
    ruled_at = models.DateTimeField(_("ruled at"), null=True)
    ruling = models.TextField(_("ruling"), blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering: ClassVar = ["defect", "round"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["defect", "round"], name="tickets_objection_round"),
            models.CheckConstraint(
                condition=Q(round=1, outcome="reopened", ruled_by__isnull=True)
                | Q(round=2, outcome="pending", ruled_by__isnull=True)
                | Q(round=2, outcome__in=["reopened", "upheld"], ruled_by__isnull=False),
                name="tickets_objection_ruled",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=F("raised_by")),
                name="tickets_objection_ruled_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect.label} · {self.round}"


class Correction(CorrectionNote):
    """A note appended to a locked consultation (C7)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="corrections")

    class Meta(CorrectionNote.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
