"""The provider without a telephone network: it rings in the browser, at ``/phone/``."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from oncall.models import SimulatedCall, SimulatedPhone
from oncall.providers.base import CallRequest, Found, LineState, PermanentFailure, Placed

RINGS_FOR = timedelta(seconds=30)
_BEHAVIOUR = {
    # behaviour of the telephone → (how long it rings, what becomes of the call then)
    SimulatedPhone.Behaviour.RING: (RINGS_FOR, LineState.NO_ANSWER),
    SimulatedPhone.Behaviour.NO_ANSWER: (timedelta(seconds=8), LineState.NO_ANSWER),
    SimulatedPhone.Behaviour.BUSY: (timedelta(0), LineState.BUSY),
    SimulatedPhone.Behaviour.VOICEMAIL: (timedelta(seconds=5), LineState.VOICEMAIL),
}


class Simulator:
    """Calls are rows; the other end of the line is ``oncall.services.simulated_line``."""

    name = "simulator"

    def place_call(self, request: CallRequest) -> Placed:
        """Let the person's simulated telephone ring, as it has been set to behave."""
        if not User.objects.active().filter(pk=request.person_id).exists():
            raise PermanentFailure("no such telephone")
        phone = SimulatedPhone.objects.filter(person_id=request.person_id).first()
        behaviour = phone.behaviour if phone else SimulatedPhone.Behaviour.RING
        rings_for, result = _BEHAVIOUR[SimulatedPhone.Behaviour(behaviour)]
        call, _created = SimulatedCall.objects.get_or_create(
            reference=request.reference,
            defaults={
                "person_id": request.person_id,
                "text": request.text,
                "language": request.language,
                "is_drill": request.is_drill,
                "result": result.value,
                "created_at": request.at,
                "rings_until": request.at + rings_for,
            },
        )
        return Placed(str(call.sid), LineState.RINGING)

    def lookup(self, reference: str) -> Found | None:
        """The row of the call, if there is one."""
        call = SimulatedCall.objects.filter(reference=reference).first()
        if call is None:
            return None
        if call.state == SimulatedCall.State.ENDED:
            return Found(str(call.sid), LineState(call.result))
        return Found(str(call.sid), LineState(call.state))

    def cancel(self, reference: str) -> None:
        """The telephone falls silent."""
        SimulatedCall.objects.filter(reference=reference).exclude(
            state=SimulatedCall.State.ENDED
        ).update(
            state=SimulatedCall.State.ENDED, result=LineState.CANCELLED.value, rings_until=None
        )
