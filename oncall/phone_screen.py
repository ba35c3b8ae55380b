"""What the simulated telephone shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from oncall.models import Attempt, SimulatedCall

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
# A call that is over stays on the screen for a moment, with the last words of the line.
LINGER = timedelta(seconds=20)
RECENT = 6

State = SimulatedCall.State


@dataclass(frozen=True)
class Screen:
    """The call on the telephone, if there is one; ``waiting`` others ring behind it.

    ``before`` are the last words of a call that has just made way for this one.
    """

    call: SimulatedCall | None
    waiting: int = 0
    words: str = ""
    before: str = ""

    @property
    def mode(self) -> str:
        """ringing, talking, over or idle."""
        if self.call is None:
            return "idle"
        return {State.RINGING: "ringing", State.ANSWERED: "talking"}.get(
            State(self.call.state), "over"
        )


@dataclass(frozen=True)
class Recent:
    """A line of the list of calls."""

    at: datetime
    page_pk: int
    title: str
    subject: str
    is_drill: bool
    result: str
    state: str


def screen_of(person: User, now: datetime) -> Screen:
    """The talk first, then the call that has rung longest, then one that has just ended."""
    mine = SimulatedCall.objects.visible_to(person).filter(created_at__lte=now)
    calls = list(mine.exclude(state=State.ENDED).order_by("created_at", "pk"))
    ended = _just_ended(person, now)
    if calls:
        calls.sort(key=lambda call: call.state != State.ANSWERED)
        before = ended.reply if ended and calls[0].state == State.RINGING else ""
        return Screen(calls[0], len(calls) - 1, words=_words(calls[0]), before=before)
    return Screen(ended, words=ended.reply) if ended else Screen(None)


def recent_calls(person: User) -> list[Recent]:
    """The person's latest calls, newest first."""
    found = Attempt.objects.filter(person=person).exclude(state=Attempt.State.QUEUED)
    return [
        Recent(
            at=attempt.created_at,
            page_pk=attempt.page_id,
            title=attempt.page.about,
            subject=attempt.page.subject,
            is_drill=attempt.page.is_drill,
            result=attempt.get_state_display(),
            state=attempt.state,
        )
        for attempt in found.select_related("page").order_by("-created_at", "-pk")[:RECENT]
    ]


def _words(call: SimulatedCall) -> str:
    return call.reply or call.text


def _just_ended(person: User, now: datetime) -> SimulatedCall | None:
    """The person's latest call on which the line had a last word, a few seconds ago."""
    over = Attempt.objects.filter(person=person, ended_at__gt=now - LINGER).order_by("-ended_at")
    references = over.values_list("idempotency_key", flat=True)[:1]
    spoken = SimulatedCall.objects.visible_to(person).filter(state=State.ENDED).exclude(reply="")
    found: SimulatedCall | None = spoken.filter(reference__in=list(references)).first()
    return found
