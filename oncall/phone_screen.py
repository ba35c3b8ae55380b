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
    """The call on the telephone, if there is one; ``waiting`` others ring behind it."""

    call: SimulatedCall | None
    waiting: int = 0
    words: str = ""

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
    mine = SimulatedCall.objects.visible_to(person)
    calls = list(mine.exclude(state=State.ENDED).order_by("created_at", "pk"))
    if calls:
        calls.sort(key=lambda call: call.state != State.ANSWERED)
        return Screen(calls[0], waiting=len(calls) - 1, words=_words(calls[0]))
    last = mine.filter(created_at__gt=now - timedelta(minutes=5)).order_by("-pk").first()
    if last is not None and last.reply and _ended_at(last) > now - LINGER:
        return Screen(last, words=last.reply)
    return Screen(None)


def recent_calls(person: User) -> list[Recent]:
    """The person's latest calls, newest first."""
    found = Attempt.objects.filter(person=person).exclude(state=Attempt.State.QUEUED)
    return [
        Recent(
            at=attempt.created_at,
            page_pk=attempt.page_id,
            title=attempt.page.title,
            subject=attempt.page.subject,
            is_drill=attempt.page.is_drill,
            result=attempt.get_state_display(),
            state=attempt.state,
        )
        for attempt in found.select_related("page").order_by("-created_at", "-pk")[:RECENT]
    ]


def _words(call: SimulatedCall) -> str:
    return call.reply or call.text


def _ended_at(call: SimulatedCall) -> datetime:
    attempt = Attempt.objects.filter(idempotency_key=call.reference).first()
    return attempt.ended_at if attempt and attempt.ended_at else call.created_at
