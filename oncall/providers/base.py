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
    # A text message has reached the telephone.
    DELIVERED = "delivered"


@dataclass(frozen=True)
class CallRequest:
    """One call to be placed.

    ``reference`` is ours and unique: every later question and every callback names it. ``text`` is
    to be spoken in ``language`` ("zh-hans" or "en"). ``at`` (UTC) is when the request is made.
    ``attempt_id`` names it once more, for a provider that takes short names only.
    """

    reference: str
    number: str
    text: str
    language: str
    person_id: int
    is_drill: bool
    at: datetime
    attempt_id: int = 0


@dataclass(frozen=True)
class Inquiry:
    """What is asked about a call or a text message that may have been placed.

    ``provider_id`` is "" when the answer to our request was lost. Then a provider that keeps no
    references of ours looks for a call to ``number`` since ``since`` (UTC) that is none of
    ``known``: ids that belong to our other attempts. ``rivals`` are our other requests to that
    number of which nobody knows yet whether they were taken: what is found may be theirs.
    ``text`` is what was to be said.
    """

    reference: str
    number: str
    provider_id: str
    since: datetime
    is_text: bool = False
    known: frozenset[str] = frozenset()
    rivals: int = 0
    text: str = ""


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


class LimitReached(PermanentFailure):
    """The carrier lets this number be called no more for now: somebody else is called at once."""


class Undecided(Exception):
    """A call was found that may as well be another of ours: ask again when more is known."""


class PhoneProvider(Protocol):
    """Places calls and answers questions about them. Every method returns within 7 seconds."""

    name: str

    def place_call(self, request: CallRequest) -> Placed:
        """Ask for a call.

        Raises ``TransientFailure`` or ``PermanentFailure`` when the provider has surely not taken
        it. Any other exception, a time-out above all, means that it may have: then the caller asks
        ``lookup`` before it places the call again.
        """

    def send_text(self, request: CallRequest) -> Placed:
        """Ask for a text message; fails as ``place_call`` does."""

    def lookup(self, inquiry: Inquiry) -> Found | None:
        """What became of a call; None when the provider surely has no such call.

        Raises anything when it cannot tell: then it is asked again, and nothing is sent twice.
        """

    def cancel(self, inquiry: Inquiry) -> None:
        """Hang up, or never ring. A call that is over or unknown is no error."""
