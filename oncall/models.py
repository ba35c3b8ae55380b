"""Shifts, pages, attempts, and the simulator's telephones."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from workflow.models import ScopedQuerySet


class ShiftQuerySet(ScopedQuerySet):
    """Shifts; the roster is for those who work by it."""

    def visible_to_person(self, user: User) -> Self:
        """Desk, monitors and the superior department: all."""
        if user.is_desk or user.has_role(Role.MONITOR, Role.SUPERIOR):
            return self
        return self.none()

    def at(self, instant: datetime) -> Self:
        """The shift that holds an instant (UTC)."""
        return self.filter(starts_at__lte=instant, ends_at__gt=instant)

    def touching(self, start: datetime, end: datetime) -> Self:
        """Shifts with a minute between two instants (UTC)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class PageQuerySet(ScopedQuerySet):
    """Pages; the desk sees all, others those that call them."""

    def visible_to_person(self, user: User) -> Self:
        """Desk: all. Anybody else: pages on which they were called."""
        if user.is_desk:
            return self
        return self.filter(Exists(Attempt.objects.filter(page=OuterRef("pk"), person=user)))


class SimulatedCallQuerySet(ScopedQuerySet):
    """Calls of the simulator; everybody has one telephone."""

    def visible_to_person(self, user: User) -> Self:
        """Calls to the person's own telephone."""
        return self.filter(person=user)


class Shift(models.Model):
    """Who answers the on-call mobile from one instant to another (R14). UTC."""

    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    primary = models.ForeignKey(User, models.PROTECT, verbose_name=_("primary"), related_name="+")
    backup = models.ForeignKey(User, models.PROTECT, verbose_name=_("backup"), related_name="+")

    objects: ClassVar[ShiftQuerySet] = ShiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="oncall_shift_order"
            ),
            models.CheckConstraint(
                condition=~Q(primary=F("backup")), name="oncall_shift_two_people"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at", "ends_at"], name="oncall_shift_at")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.primary}"


class Page(models.Model):
    """A call for a human, repeated up a ladder until one answers (R14, R16).

    ``next_step_at`` is the due column: set while the page is open. ``ladder`` is the snapshot of
    the escalation ladder taken at the start: a list of steps with ``wait_seconds`` and ``target``.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Calling")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        CLOSED = "closed", _("Closed")

    key = models.CharField(_("reason key"), max_length=120)
    subject = models.CharField(_("record"), max_length=24, db_index=True)
    title = models.CharField(_("title"), max_length=200)
    # Spoken texts by language code.
    texts = models.JSONField(_("texts"), default=dict)
    url = models.CharField(_("link"), max_length=200, blank=True)
    is_drill = models.BooleanField(_("drill"), default=False)
    is_demo = models.BooleanField(default=False)
    ladder = models.JSONField(default=list)
    step_index = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("started at"))
    next_step_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("acknowledged by"), null=True, related_name="+"
    )
    acknowledged_via = models.CharField(_("how"), max_length=10, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects: ClassVar[PageQuerySet] = PageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["-started_at", "-pk"]
        constraints: ClassVar = [
            # The same reason rings once at a time.
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="open"), name="oncall_page_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged", "closed"]),
                name="oncall_page_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(next_step_at__isnull=True),
                name="oncall_only_open_pages_ring",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_step_at"], condition=Q(state="open"), name="oncall_page_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.title}"

    @property
    def waited(self) -> timedelta | None:
        """How long it called before a human took it or it was closed; None while it calls."""
        end = self.acknowledged_at or self.closed_at
        return end - self.started_at if end else None


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
    placed_at = models.DateTimeField(_("placed at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.person}"


class SimulatedCall(models.Model):
    """A call inside the simulator provider: the other end of the line."""

    class State(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        ANSWERED = "answered", _("Picked up")
        ENDED = "ended", _("Ended")

    sid = models.UUIDField(default=uuid.uuid4, unique=True)
    reference = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=10)
    is_drill = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RINGING)
    result = models.CharField(max_length=12, blank=True)
    digits = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    # What the line says after a digit.
    reply = models.CharField(max_length=200, blank=True)
    # The line gives up at this instant (UTC); also the due column of the simulator's engine.
    rings_until = models.DateTimeField(null=True)

    objects: ClassVar[SimulatedCallQuerySet] = SimulatedCallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["rings_until"],
                condition=Q(rings_until__isnull=False),
                name="oncall_simulated_due",
            ),
            models.Index(fields=["person", "-created_at"], name="oncall_simulated_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.state}"


class SimulatedPhone(models.Model):
    """How a person's simulated telephone behaves."""

    class Behaviour(models.TextChoices):
        RING = "ring", _("Ring until I answer")
        NO_ANSWER = "no_answer", _("Nobody answers")
        BUSY = "busy", _("Busy")
        VOICEMAIL = "voicemail", _("Voicemail answers")

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    behaviour = models.CharField(max_length=10, choices=Behaviour.choices, default=Behaviour.RING)

    def __str__(self) -> str:
        return f"{self.person} {self.behaviour}"
