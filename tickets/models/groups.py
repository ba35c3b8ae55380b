"""Project groups of the outsourced services, and their opinions on a defect (R33, D10)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models.defects import Defect


class ProjectGroup(models.Model):
    """A group that may be asked for its opinion; each of its members may answer for it."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    members = models.ManyToManyField(User, verbose_name=_("members"), related_name="+")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("project group")
        verbose_name_plural = _("project groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class GroupOpinion(models.Model):
    """One group asked about one defect: asked, answered once, or taken back before the answer."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        NOT_OURS = "not_ours", _("Not our group's")
        OPINION = "opinion", _("Opinion")

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="group_opinions")
    group = models.ForeignKey(ProjectGroup, models.PROTECT, verbose_name=_("project group"))
    cycle = models.PositiveSmallIntegerField()
    question = models.TextField(_("question"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("answered by"), null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(_("taken back at"), null=True)
    remove_reason = models.TextField(_("why taken back"), blank=True)

    class Meta:
        verbose_name = _("group opinion")
        verbose_name_plural = _("group opinions")
        ordering = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["defect", "cycle", "group"],
                condition=Q(removed_at__isnull=True),
                name="tickets_group_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(removed_at__isnull=True),
                name="tickets_group_answer_stays",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False, answer__in=["confirmed", "not_ours", "opinion"]),
                name="tickets_group_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect} {self.group}"

    @property
    def is_pending(self) -> bool:
        """Asked, and neither answered nor taken back."""
        return self.answered_at is None and self.removed_at is None
