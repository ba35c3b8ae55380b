"""Who follows a record, who asked for speed, and words kept ready."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class About(models.Model):
    """A row about one record of any kind."""

    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)

    class Meta:
        abstract = True


def about(record: models.Model) -> dict[str, str]:
    """Which rows are about ``record``: for filters and for new rows."""
    return {"target_type": record._meta.label_lower, "target_id": str(record.pk)}


class Watch(About):
    """A person is told of the public steps of a record (抄送); it widens nobody's scope."""

    person = models.ForeignKey(User, models.PROTECT, related_name="watches")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        ordering = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "person"], name="teamwork_watch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.target_type} {self.target_id}"


class Nudge(About):
    """Somebody asked the present holder to hurry (催办)."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("nudge")
        verbose_name_plural = _("nudges")
        ordering = ["at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id", "at"], name="teamwork_nudge_about")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"


class Phrase(models.Model):
    """Words kept ready for one kind of text (常用语): one's own, or shared by the desk."""

    class Kind(models.TextChoices):
        RETURN = "return", _("Return for information")
        SEND_BACK = "send_back", _("Send back")
        REASON = "reason", _("Reason or opinion")
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")
        NUDGE = "nudge", _("Nudge")

    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="phrases")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("canned phrase")
        verbose_name_plural = _("canned phrases")
        ordering = ["kind", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["return", "send_back", "reason", "reply", "note", "nudge"]),
                name="teamwork_phrase_kind",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "owner"], name="teamwork_phrase_offer")]

    def __str__(self) -> str:
        return self.text
