"""The simulator's telephones and the calls on them."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.models import ScopedQuerySet


class SimulatedCallQuerySet(ScopedQuerySet):
    """Calls of the simulator; everybody has one telephone."""

    def visible_to_person(self, user: User) -> Self:
        """Calls to the person's own telephone."""
        return self.filter(person=user)


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
    # What the line does by itself: a behaviour of the telephone, and when (UTC).
    behaviour = models.CharField(max_length=12, blank=True)
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


class SimulatedText(models.Model):
    """A text message inside the simulator provider."""

    sid = models.UUIDField(default=uuid.uuid4, unique=True)
    reference = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-created_at"], name="oncall_simulated_text"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d %H:%M}"


class SimulatedPhone(models.Model):
    """How a person's simulated telephone behaves."""

    class Behaviour(models.TextChoices):
        RING = "ring", _("Ring until I answer")
        ANSWER = "answer", _("Picks up and presses 1")
        NO_ANSWER = "no_answer", _("Nobody answers")
        BUSY = "busy", _("Busy")
        VOICEMAIL = "voicemail", _("Voicemail answers")
        WRONG_DIGIT = "wrong_digit", _("Picks up and presses a wrong key")
        UNREACHABLE = "unreachable", _("Number out of service")
        SLOW = "slow", _("Rings only after 15 seconds")
        ERROR = "error", _("The provider is out of order")
        TIMEOUT = "timeout", _("The provider takes the call and says nothing")
        DOUBLED = "doubled", _("Callbacks come twice")
        REORDERED = "reordered", _("Callbacks come in the wrong order")
        LATE = "late", _("Callbacks come after the end")
        FORGED = "forged", _("Forged callbacks come in between")

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    behaviour = models.CharField(max_length=12, choices=Behaviour.choices, default=Behaviour.RING)

    def __str__(self) -> str:
        return f"{self.person} {self.behaviour}"
