"""What comes back from the telephone line. Providers call these, doubled and in any order.

A state only ever moves forward, and the end is final. Only a pressed digit can acknowledge: that a
call was answered says nothing, since voicemail answers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import translation
from django.utils.translation import gettext as _

from audit import services as audit
from oncall.models import Attempt, Page
from oncall.providers.base import LineState
from oncall.services import attempts
from oncall.services.falling_back import reach_otherwise
from oncall.services.pages import acknowledge
from workflow.decisions import Text
from workflow.errors import Refusal

State = Attempt.State

# In the record of an attempt that had taken another one's call for its own.
NEVER_RANG = "the call was another one's"
# A provider that stays silent about a call is asked after this time.
ASK_AFTER = timedelta(seconds=60)

_ORDER = [State.QUEUED, State.SENDING, State.UNKNOWN, State.PLACED, State.RINGING, State.ANSWERED]
_FORWARD = {
    LineState.PLACED: State.PLACED,
    LineState.RINGING: State.RINGING,
    LineState.ANSWERED: State.ANSWERED,
}
_ENDS = {
    LineState.NO_ANSWER: State.NO_ANSWER,
    LineState.BUSY: State.BUSY,
    LineState.VOICEMAIL: State.VOICEMAIL,
    LineState.FAILED: State.FAILED,
    LineState.CANCELLED: State.CANCELLED,
    LineState.COMPLETED: State.ANSWERED,
    LineState.DELIVERED: State.DELIVERED,
}


class Answer(StrEnum):
    """What a digit brought about."""

    TAKEN = "taken"
    TOO_LATE = "too_late"
    NOT_YOU = "not_you"
    HANDED_ON = "handed_on"
    REPEAT = "repeat"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Reply:
    """The answer to a digit, with the words the line speaks (in the callee's language)."""

    answer: Answer
    text: str


def line_moved(
    reference: str,
    state: LineState,
    *,
    now: datetime,
    error: str = "",
    provider_id: str = "",
    sequence: int | None = None,
) -> None:
    """The call named ``reference`` has reached ``state``; old news changes nothing. ``now`` UTC.

    ``sequence`` is the provider's count of its callbacks about this call, when it keeps one.
    ``provider_id`` is written down when the answer to our own request was lost; a callback about
    another call than the one we know is none of ours and changes nothing.
    """
    attempt = _find(reference)
    if attempt is None:
        return
    newly_named = bool(provider_id) and not attempt.provider_id
    with audit.unit_of_work():
        attempt = _lock(attempt)
        if provider_id and attempt.provider_id not in ("", provider_id):
            return
        _note_line(attempt, provider_id, sequence)
        _move(attempt, state, now=now, error=error)
    if newly_named:
        _release_others(attempt, now)


def _move(attempt: Attempt, state: LineState, *, now: datetime, error: str) -> None:
    """What the news means for the attempt, which is locked."""
    if attempt.ended_at is not None:
        return
    if state in _FORWARD:
        _forward(attempt, _FORWARD[state], now)
        return
    result = _ENDS[state]
    if attempt.state == State.ANSWERED and result in (State.NO_ANSWER, State.BUSY):
        result = State.ANSWERED
    attempts.end(attempt, result, now=now, error=error)
    if result == State.FAILED:
        reach_otherwise(attempt, now=now)


def _release_others(attempt: Attempt, now: datetime) -> None:
    """A call that has named itself belongs to nobody else.

    Another attempt whose own answer was lost may have been told that this call was its own. It asks
    anew; when it is over already, its record says that it never rang.
    """
    mistaken = Attempt.objects.filter(
        number=attempt.number, provider=attempt.provider, provider_id=attempt.provider_id
    ).exclude(pk=attempt.pk)
    for each in mistaken.select_related("person"):
        with audit.unit_of_work():
            other = _lock(each)
            if other.provider_id != attempt.provider_id:
                continue
            other.provider_id, other.sequence, other.placed_at = "", -1, None
            if other.ended_at is None:
                other.state, other.next_try_at = State.UNKNOWN, now
            other.save()
            if other.ended_at is not None:
                attempts.end(other, State.FAILED, now=now, error=NEVER_RANG)


def pressed(reference: str, digit: str, *, position: int, now: datetime) -> Reply:
    """The person at the other end pressed ``digit``: 1 takes the page, 2 hands on, 3 repeats.

    ``position`` counts the digits of the call from 0; a doubled one is written down once and has
    no second effect. ``now`` UTC.
    """
    attempt = Attempt.objects.select_related("person", "page").get(idempotency_key=reference)
    with translation.override(attempt.person.language), audit.unit_of_work():
        reply = _act_on(attempt, digit, now)
        locked = _lock(attempt)
        if len(locked.digits) <= position:
            locked.digits = (locked.digits + digit)[-8:]
            locked.save(update_fields=["digits"])
        if reply.answer == Answer.TAKEN and locked.state != State.ACKNOWLEDGED:
            attempts.end(locked, State.ACKNOWLEDGED, now=now)
        elif reply.answer in (Answer.HANDED_ON, Answer.NOT_YOU) and locked.ended_at is None:
            attempts.end(locked, State.ANSWERED, now=now)
            attempts.skip_ahead(locked.page, locked.rung, now=now)
    return reply


def _note_line(attempt: Attempt, provider_id: str, sequence: int | None) -> None:
    """Keep the provider's id and its newest count."""
    attempt.provider_id = attempt.provider_id or provider_id
    attempt.sequence = max(attempt.sequence, sequence if sequence is not None else -1)
    attempt.save(update_fields=["provider_id", "sequence"])


def _act_on(attempt: Attempt, digit: str, now: datetime) -> Reply:
    if digit == "1":
        return _take(attempt, now)
    if digit == "2":
        if attempt.page.state != Page.State.OPEN:
            return _too_late(attempt.page)
        return Reply(Answer.HANDED_ON, _("The next person is being called. Goodbye."))
    if digit == "3":
        return Reply(Answer.REPEAT, "")
    return Reply(
        Answer.NOT_UNDERSTOOD,
        _("Press 1 to take it, 2 to hand it on at once, 3 to hear this again."),
    )


def _take(attempt: Attempt, now: datetime) -> Reply:
    try:
        page = acknowledge(page=attempt.page, person=attempt.person, via="phone", now=now)
    except Refusal as refusal:
        return Reply(Answer.NOT_YOU, _not_you(refusal.message))
    if page.state == Page.State.ACKNOWLEDGED and page.acknowledged_by_id == attempt.person_id:
        return Reply(Answer.TAKEN, _("Recorded: you have taken it. Thank you."))
    return _too_late(page)


def _not_you(reason: Text) -> str:
    return _("You cannot take this one: %(reason)s The next person is being called.") % {
        "reason": reason
    }


def over(page: Page, language: str) -> str:
    """What somebody hears who picks up when nobody is needed any more."""
    with translation.override(language):
        return _too_late(page).text


def _too_late(page: Page) -> Reply:
    if page.state == Page.State.ACKNOWLEDGED and page.acknowledged_by:
        text = _("%(person)s has already taken it. Thank you.") % {
            "person": page.acknowledged_by.name
        }
    else:
        text = _("This is over; nobody is needed any more. Thank you.")
    return Reply(Answer.TOO_LATE, text)


def _forward(attempt: Attempt, state: str, now: datetime) -> None:
    if _ORDER.index(State(attempt.state)) >= _ORDER.index(State(state)):
        return
    attempt.state = state
    attempt.placed_at = attempt.placed_at or now
    if state == State.ANSWERED:
        attempt.answered_at = now
    # A page that is no longer open has its calls hung up at once.
    is_open = attempt.page.state == Page.State.OPEN
    attempt.next_try_at = now + ASK_AFTER if is_open else now
    attempt.save(update_fields=["state", "placed_at", "answered_at", "next_try_at"])


def _find(reference: str) -> Attempt | None:
    return Attempt.objects.select_related("person").filter(idempotency_key=reference).first()


def _lock(attempt: Attempt) -> Attempt:
    """The attempt with its page, both locked, the page first as everywhere."""
    page = Page.objects.select_for_update().get(pk=attempt.page_id)
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("person")
    attempt = locked.get(pk=attempt.pk)
    attempt.page = page
    return attempt
