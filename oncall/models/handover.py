"""Handover sheets: what one person on duty leaves to the next."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.models import ScopedQuerySet


class HandoverQuerySet(ScopedQuerySet):
    """Handover sheets."""

    def visible_to_person(self, user: User) -> Self:
        """The desk: all. What is open is everybody's concern."""
        return self if user.is_desk else self.none()


class HandoverLook(models.Model):
    """When sheets are prepared next: one row, ``next_at`` (UTC) is its due column."""

    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.next_at:%Y-%m-%d %H:%M}"


class HandoverSheet(models.Model):
    """One boundary at which duty passes from ``leaver`` to ``taker`` (R11, R14). UTC.

    Until ``frozen_at`` the open items are listed afresh whenever it is read and the two people
    follow the roster; then ``items`` holds what was open. ``remind_at`` is the due column: set
    until it is acknowledged, or both have been reminded.
    """

    class Kind(models.TextChoices):
        WORK_STARTS = "work_starts", _("Working time begins")
        WORK_ENDS = "work_ends", _("Working time ends")
        SHIFT = "shift", _("On-call shift changes")

    kind = models.CharField(_("occasion"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("at"), db_index=True)
    leaver = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("leaves"), null=True, related_name="+"
    )
    taker = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("takes over"), null=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(_("written at"), null=True)
    items = models.JSONField(default=list)
    frozen_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    remind_at = models.DateTimeField(null=True, db_index=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    objects: ClassVar[HandoverQuerySet] = HandoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("handover sheet")
        verbose_name_plural = _("handover sheets")
        ordering = ["-at", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["at", "kind"], name="oncall_handover_once"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None) | models.Q(frozen_at__isnull=False),
                name="oncall_handover_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    def frozen_items(self) -> list[dict[str, Any]]:
        """What was open when it was frozen, in the reader's language."""
        code = get_language() or settings.LANGUAGE_CODE
        return [
            {**each, "text": each["texts"].get(code) or each["texts"][settings.LANGUAGE_CODE]}
            for each in self.items
        ]
