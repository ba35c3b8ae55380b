"""The other end of the simulator's line: what a person does with the telephone in the browser.

Each act changes the call's own row first and then tells ``call_events``, as a real provider would
by a callback; a telephone set to behave badly tells it twice, late, in the wrong order, or lets
forged callbacks come in between.
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
LATE_BY = timedelta(seconds=20)

B = SimulatedPhone.Behaviour
State = SimulatedCall.State
_FINAL = (Answer.TAKEN, Answer.TOO_LATE, Answer.HANDED_ON, Answer.NOT_YOU)
# Which key a telephone presses by itself.
_PRESSES = {B.ANSWER.value: "1", B.WRONG_DIGIT.value: "9"}


def answer(sid: UUID, *, person: User, now: datetime) -> SimulatedCall:
    """Pick up; a call that is over stays over. Raises ``NotFound``. ``now`` UTC."""
    with audit.unit_of_work():
        call = _own(sid, person)
        _pick_up(call, now)
    return call


def press(sid: UUID, digit: str, *, position: int, person: User, now: datetime) -> SimulatedCall:
    """Press a key; the call answers in ``reply``. The same press twice is once.

    ``position`` is the number of digits the person's screen had seen. Keys do nothing on a call
    that was not answered or is over. Raises ``NotFound``. ``now`` UTC.
    """
    with audit.unit_of_work():
        call = _own(sid, person)
        if position >= len(call.digits) and call.state == State.ANSWERED:
            _press(call, digit, position, now)
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
    """Engine "simulator": do what the telephones do by themselves at ``now`` (UTC)."""
    with audit.unit_of_work():
        due = SimulatedCall.objects.filter(rings_until__isnull=False)
        calls = claim_due(due, now=now, due_field="rings_until", limit=BATCH)
        for call in calls:
            _time_is_up(call, now)
    return len(calls)


def _time_is_up(call: SimulatedCall, now: datetime) -> None:
    if call.state == State.ENDED:
        # Only a callback that is late is still to come.
        call.rings_until = None
        call.save(update_fields=["rings_until"])
        call_events.line_moved(call.reference, LineState(call.result), now=now)
    elif call.state == State.RINGING and call.behaviour in _PRESSES:
        _pick_up(call, now)
        _press(call, _PRESSES[call.behaviour], 0, now)
        if call.state != State.ENDED:
            _end(call, LineState.COMPLETED, now)
    else:
        talked = call.state == State.ANSWERED
        _end(call, LineState.COMPLETED if talked else LineState(call.result), now)


def _pick_up(call: SimulatedCall, now: datetime) -> None:
    if call.state == State.RINGING:
        call.state, call.rings_until = State.ANSWERED, now + TALK
        call.save(update_fields=["state", "rings_until"])
        if call.behaviour not in (B.LATE, B.REORDERED):
            _tell(call, LineState.ANSWERED, now)


def _press(call: SimulatedCall, digit: str, position: int, now: datetime) -> None:
    reply = call_events.pressed(call.reference, digit, position=position, now=now)
    if call.behaviour == B.DOUBLED:
        call_events.pressed(call.reference, digit, position=position, now=now)
    call.digits = (call.digits + digit)[:8]
    call.reply = reply.text[:200]
    call.save(update_fields=["digits", "reply"])
    if reply.answer in _FINAL:
        _end(call, LineState.COMPLETED, now)


def _end(call: SimulatedCall, result: LineState, now: datetime) -> None:
    late = call.behaviour == B.LATE
    call.state, call.result = State.ENDED, result.value
    call.rings_until = now + LATE_BY if late else None
    call.save(update_fields=["state", "result", "rings_until"])
    if late:
        return
    _tell(call, result, now)
    if call.behaviour == B.REORDERED:
        _tell(call, LineState.ANSWERED, now)
        _tell(call, LineState.RINGING, now)


def _tell(call: SimulatedCall, state: LineState, now: datetime) -> None:
    """As the provider's callback would, once or twice; a forged one knows no call of ours."""
    if call.behaviour == B.FORGED:
        call_events.line_moved(f"forged:{call.sid}", LineState.COMPLETED, now=now)
        call_events.line_moved(call.reference, LineState.COMPLETED, now=now, provider_id="forged")
    for _time in range(2 if call.behaviour == B.DOUBLED else 1):
        call_events.line_moved(call.reference, state, now=now)


def _own(sid: UUID, person: User) -> SimulatedCall:
    mine = SimulatedCall.objects.visible_to(person).select_for_update(of=("self",))
    call = mine.filter(sid=sid).first()
    if call is None:
        raise NotFound
    found: SimulatedCall = call
    return found
