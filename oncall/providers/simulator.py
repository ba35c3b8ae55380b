"""The provider without a telephone network: it rings in the browser, at ``/phone/``."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from oncall.models import SimulatedCall, SimulatedPhone, SimulatedText
from oncall.providers.base import (
    CallRequest,
    Found,
    Inquiry,
    LineState,
    PermanentFailure,
    Placed,
    TransientFailure,
)

B = SimulatedPhone.Behaviour
RINGS_FOR = timedelta(seconds=30)
# A telephone that answers by itself does so after this time.
ANSWERS_AFTER = timedelta(seconds=3)
SLOW_BY = timedelta(seconds=15)
_BEHAVIOUR = {
    # behaviour of the telephone → (how long it rings, what becomes of the call then)
    B.ANSWER: (ANSWERS_AFTER, LineState.COMPLETED),
    B.WRONG_DIGIT: (ANSWERS_AFTER, LineState.COMPLETED),
    B.NO_ANSWER: (timedelta(seconds=8), LineState.NO_ANSWER),
    B.BUSY: (timedelta(0), LineState.BUSY),
    B.VOICEMAIL: (timedelta(seconds=5), LineState.VOICEMAIL),
    B.SLOW: (SLOW_BY + RINGS_FOR, LineState.NO_ANSWER),
}
_RING = (RINGS_FOR, LineState.NO_ANSWER)


class Simulator:
    """Calls are rows; the other end of the line is ``oncall.services.simulated_line``."""

    name = "simulator"

    def place_call(self, request: CallRequest) -> Placed:
        """Let the person's simulated telephone ring, as it has been set to behave."""
        behaviour = _behaviour(request)
        rings_for, result = _BEHAVIOUR.get(behaviour, _RING)
        late = SLOW_BY if behaviour == B.SLOW else timedelta(0)
        call, _created = SimulatedCall.objects.get_or_create(
            reference=request.reference,
            defaults={
                "person_id": request.person_id,
                "text": request.text,
                "language": request.language,
                "is_drill": request.is_drill,
                "behaviour": behaviour,
                "result": result.value,
                "created_at": request.at + late,
                "rings_until": request.at + rings_for,
            },
        )
        if behaviour == B.TIMEOUT:
            raise TimeoutError("the simulated provider took the call and did not say so")
        return Placed(str(call.sid), LineState.PLACED if late else LineState.RINGING)

    def send_text(self, request: CallRequest) -> Placed:
        """Put the message on the person's simulated telephone."""
        _behaviour(request)
        text, _created = SimulatedText.objects.get_or_create(
            reference=request.reference,
            defaults={
                "person_id": request.person_id,
                "text": request.text,
                "created_at": request.at,
            },
        )
        return Placed(str(text.sid), LineState.DELIVERED)

    def lookup(self, inquiry: Inquiry) -> Found | None:
        """The row of the call, if there is one."""
        if inquiry.is_text:
            text = SimulatedText.objects.filter(reference=inquiry.reference).first()
            return Found(str(text.sid), LineState.DELIVERED) if text else None
        call = SimulatedCall.objects.filter(reference=inquiry.reference).first()
        if call is None:
            return None
        if call.state == SimulatedCall.State.ENDED:
            return Found(str(call.sid), LineState(call.result))
        return Found(str(call.sid), LineState(call.state))

    def cancel(self, inquiry: Inquiry) -> None:
        """The telephone falls silent."""
        SimulatedCall.objects.filter(reference=inquiry.reference).exclude(
            state=SimulatedCall.State.ENDED
        ).update(
            state=SimulatedCall.State.ENDED, result=LineState.CANCELLED.value, rings_until=None
        )


def _behaviour(request: CallRequest) -> SimulatedPhone.Behaviour:
    """How the person's telephone behaves; raises what a provider would raise."""
    if not User.objects.active().filter(pk=request.person_id).exists():
        raise PermanentFailure("no such telephone")
    phone = SimulatedPhone.objects.filter(person_id=request.person_id).first()
    behaviour = B(phone.behaviour) if phone else B.RING
    if behaviour == B.UNREACHABLE:
        raise PermanentFailure("the number is out of service")
    if behaviour == B.ERROR:
        raise TransientFailure("the simulated provider is out of order")
    return behaviour
