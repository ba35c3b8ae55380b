"""The other end of the simulator's line: what a person does with the telephone in the browser.

Each act changes the call's own row first and then tells ``call_events``, as a real provider would
by a callback.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from audit import services as audit
from engine.due import claim_due
from oncall.models import SimulatedCall, SimulatedPhone
from oncall.providers.base import LineState
from oncall.services import call_events
from oncall.services.call_events import Answer
from workflow.errors import NotFound

ENGINE = "simulator"
BATCH = 20
# An answered line that nobody hangs up closes after this time.
TALK = timedelta(seconds=120)

State = SimulatedCall.State
_FINAL = (Answer.TAKEN, Answer.TOO_LATE, Answer.HANDED_ON, Answer.NOT_YOU)


def answer(sid: UUID, *, person: User, now: datetime) -> SimulatedCall:
    """Pick up; a call that is over stays over. Raises ``NotFound``. ``now`` UTC."""
    with audit.unit_of_work():
        call = _own(sid, person)
        if call.state == State.RINGING:
            call.state, call.rings_until = State.ANSWERED, now + TALK
            call.save(update_fields=["state", "rings_until"])
            call_events.line_moved(call.reference, LineState.ANSWERED, now=now)
    return call


def press(sid: UUID, digit: str, *, position: int, person: User, now: datetime) -> SimulatedCall:
    """Press a key; the call answers in ``reply``. The same press twice is once.

    ``position`` is the number of digits the person's screen had seen. Keys do nothing on a call
    that was not answered or is over. Raises ``NotFound``. ``now`` UTC.
    """
    with audit.unit_of_work():
        call = _own(sid, person)
        if position < len(call.digits) or call.state != State.ANSWERED:
            return call
        reply = call_events.pressed(call.reference, digit, position=position, now=now)
        call.digits = (call.digits + digit)[:8]
        call.reply = reply.text[:200]
        if reply.answer in _FINAL:
            call.state, call.result, call.rings_until = State.ENDED, LineState.COMPLETED, None
        call.save(update_fields=["digits", "reply", "state", "result", "rings_until"])
        if call.state == State.ENDED:
            call_events.line_moved(call.reference, LineState.COMPLETED, now=now)
    return call


def hang_up(sid: UUID, *, person: User, now: datetime) -> SimulatedCall:
    """Decline while it rings (the caller hears "busy"), or end the call. ``now`` UTC."""
    with audit.unit_of_work():
        call = _own(sid, person)
        if call.state != State.ENDED:
            result = LineState.BUSY if call.state == State.RINGING else LineState.COMPLETED
            _end(call, result, now)
    return call


def behave(person: User, behaviour: str) -> SimulatedPhone:
    """Set what the person's telephone does with the calls to come."""
    phone, _created = SimulatedPhone.objects.update_or_create(
        person=person, defaults={"behaviour": behaviour}
    )
    return phone


def give_up_due(now: datetime) -> int:
    """Engine "simulator": end the calls whose time is up at ``now`` (UTC)."""
    with audit.unit_of_work():
        waiting = SimulatedCall.objects.exclude(state=State.ENDED)
        calls = claim_due(waiting, now=now, due_field="rings_until", limit=BATCH)
        for call in calls:
            talked = call.state == State.ANSWERED
            _end(call, LineState.COMPLETED if talked else LineState(call.result), now)
    return len(calls)


def _end(call: SimulatedCall, result: LineState, now: datetime) -> None:
    call.state, call.result, call.rings_until = State.ENDED, result.value, None
    call.save(update_fields=["state", "result", "rings_until"])
    call_events.line_moved(call.reference, result, now=now)


def _own(sid: UUID, person: User) -> SimulatedCall:
    mine = SimulatedCall.objects.visible_to(person).select_for_update(of=("self",))
    call = mine.filter(sid=sid).first()
    if call is None:
        raise NotFound
    found: SimulatedCall = call
    return found
