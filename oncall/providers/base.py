"""What a telephone provider must offer.

A provider only carries calls. It knows nothing of ladders, and it decides nothing: what happens on
the line comes back through ``oncall.services.call_events``, doubled and in any order if it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class LineState(StrEnum):
    """Where a call stands, as a provider sees it."""

    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    # Ended after it was answered. Says nothing about whether a human acknowledged.
    COMPLETED = "completed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CallRequest:
    """One call to be placed.

    ``reference`` is ours and unique: every later question and every callback names it. ``text`` is
    to be spoken in ``language`` ("zh-hans" or "en"). ``at`` (UTC) is when the request is made.
    """

    reference: str
    number: str
    text: str
    language: str
    person_id: int
    is_drill: bool
    at: datetime


@dataclass(frozen=True)
class Placed:
    """The provider has taken the call under its own id."""

    provider_id: str
    state: LineState = LineState.PLACED


@dataclass(frozen=True)
class Found:
    """What the provider knows about one of our references."""

    provider_id: str
    state: LineState


class TransientFailure(Exception):
    """The call was surely not taken; the same request may be made again later."""


class PermanentFailure(Exception):
    """The call was surely not taken and never will be, such as a number that does not exist."""


class PhoneProvider(Protocol):
    """Places calls and answers questions about them. Every method returns within 15 seconds."""

    name: str

    def place_call(self, request: CallRequest) -> Placed:
        """Ask for a call.

        Raises ``TransientFailure`` or ``PermanentFailure`` when the provider has surely not taken
        it. Any other exception, a time-out above all, means that it may have: then the caller asks
        ``lookup`` before it places the call again.
        """

    def lookup(self, reference: str) -> Found | None:
        """What became of a call; None when the provider has never heard of the reference."""

    def cancel(self, reference: str) -> None:
        """Hang up, or never ring. A call that is over or unknown is no error."""
