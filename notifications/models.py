"""The outbox: messages to people, written in the transaction of their cause."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Message(models.Model):
    """One message to one person through one channel (I08).

    ``next_try_at`` (UTC) is the due column: set while undelivered, null afterwards. Texts are in
    the recipient's language (I01).
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the desk")
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    # Same key, person and channel: the same message, written once however often its cause runs.
    dedupe_key = models.CharField(max_length=160)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(_("link"), max_length=200, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    is_drill = models.BooleanField(_("drill"), default=False)
    created_at = models.DateTimeField(_("created at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "dedupe_key"], name="notifications_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]),
                name="notifications_message_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="notifications_message_due",
            ),
            models.Index(fields=["recipient", "channel", "-created_at"], name="notif_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"
