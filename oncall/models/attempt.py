"""Attempts: each try to reach one person about one page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.models.page import Page


class Attempt(models.Model):
    """One try to reach one person on one rung of a page.

    ``next_try_at`` is the due column: set while something remains to be done with the provider
    (place the call, find out what became of it, hang up). ``ended_at`` is set once it is over.
    ``idempotency_key`` is unique, so a rung taken twice cannot call twice.
    """

    class Channel(models.TextChoices):
        VOICE = "voice", _("Call")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being placed")
        PLACED = "placed", _("Placed")
        RINGING = "ringing", _("Ringing")
        ANSWERED = "answered", _("Picked up")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        VOICEMAIL = "voicemail", _("Voicemail")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        CANCELLED = "cancelled", _("Cancelled")
        DELIVERED = "delivered", _("Delivered")
        OVER_BUDGET = "over_budget", _("Carrier's limit reached")

    page = models.ForeignKey(Page, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="+")
    rung = models.PositiveIntegerField(_("rung"))
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel.choices, default=Channel.VOICE
    )
    number = models.CharField(_("number"), max_length=30)
    text = models.TextField(_("text"))
    language = models.CharField(max_length=10)
    idempotency_key = models.CharField(max_length=80, unique=True)
    provider = models.CharField(_("provider"), max_length=20, blank=True)
    provider_id = models.CharField(_("provider id"), max_length=80, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created at"))
    # When it last left for the provider, and when the provider had surely taken it.
    sent_at = models.DateTimeField(_("sent at"), null=True)
    placed_at = models.DateTimeField(_("placed at"), null=True)
    answered_at = models.DateTimeField(_("picked up at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    # The provider's own count of its callbacks; an older one changes nothing.
    sequence = models.IntegerField(default=-1)
    digits = models.CharField(_("digits"), max_length=8, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["created_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="oncall_attempt_due",
            ),
            models.Index(fields=["number", "created_at"], name="oncall_attempt_number"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.person}"
