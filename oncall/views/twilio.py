"""What Twilio asks and tells. Every request must carry Twilio's signature."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator

from oncall.models import Attempt, Page
from oncall.phone_screen import KEYS
from oncall.providers import twilio_words
from oncall.providers.base import LineState
from oncall.providers.twilio import CALL_STATES, TEXT_STATES
from oncall.providers.twilio_addresses import callback, public
from oncall.providers.twilio_words import Tongue
from oncall.services import call_events
from oncall.services.call_events import Answer, line_moved, pressed


def is_signed(request: HttpRequest) -> bool:
    """True when the signature fits the public address and one of our tokens; no token, no entry."""
    signature = request.headers.get("X-Twilio-Signature", "")
    tokens = [each for each in (settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_OLD) if each]
    url = public(request.get_full_path())
    return bool(signature) and any(
        RequestValidator(token).validate(url, request.POST, signature) for token in tokens
    )


@method_decorator(csrf_exempt, name="dispatch")
class SignedView(View):
    """Refuses (403) whatever Twilio has not signed; knows nothing (404) of foreign calls."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Check the signature first: who forges one learns nothing about our calls."""
        if request.method == "POST" and not is_signed(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def attempt(self, reference: str) -> Attempt:
        """The attempt of a call that is ours."""
        found = Attempt.objects.select_related("page", "person").filter(idempotency_key=reference)
        attempt = found.first()
        if attempt is None:
            raise Http404
        return attempt


class VoiceView(SignedView):
    """Somebody, or a machine, has picked up: what is to be said?"""

    spare = False

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The words of the page; when it was taken meanwhile, just that."""
        attempt = self.attempt(reference)
        now = timezone.now()
        line_moved(reference, LineState.ANSWERED, now=now, provider_id=_sid(request))
        if attempt.page.state != Page.State.OPEN:
            text = call_events.over(attempt.page, attempt.person.language)
            return _twiml(twilio_words.goodbye(text, tongue=Tongue(attempt.language, self.spare)))
        return _again(attempt, position=0, silent=0, spare=self.spare)


class SpareView(VoiceView):
    """Twilio could not say, or not fetch, what it was told to: asked for once more, without the
    chosen voice.
    """

    spare = True


class DigitView(SignedView):
    """A key was pressed, or none within the time."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Act on the key; what it brought about is said."""
        attempt = self.attempt(reference)
        position, silent = _count(request, "position"), _count(request, "silent")
        spare = _count(request, "spare") == 1
        tongue = Tongue(attempt.language, spare)
        digit = request.POST.get("Digits", "")[:1]
        if digit not in KEYS:
            if silent + 1 >= twilio_words.TIMES:
                return _twiml(twilio_words.no_key(tongue))
            return _again(attempt, position=position, silent=silent + 1, spare=spare)
        reply = pressed(reference, digit, position=position, now=timezone.now())
        if reply.answer in (Answer.REPEAT, Answer.NOT_UNDERSTOOD):
            return _again(
                attempt, position=position + 1, silent=silent, spare=spare, first=reply.text
            )
        return _twiml(twilio_words.goodbye(reply.text, tongue=tongue))


class StatusView(SignedView):
    """Where a call stands."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Doubled and in any order; unknown words of Twilio's change nothing."""
        state = CALL_STATES.get(request.POST.get("CallStatus", ""))
        if state == LineState.COMPLETED and "machine" in request.POST.get("AnsweredBy", ""):
            state = LineState.VOICEMAIL
        return _noted(request, reference, state, _sid(request))


class TextView(SignedView):
    """Where a text message stands."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The same for messages."""
        state = TEXT_STATES.get(request.POST.get("MessageStatus", ""))
        return _noted(request, reference, state, request.POST.get("MessageSid", "")[:80])


VIEWS: dict[str, type[SignedView]] = {
    "voice": VoiceView,
    "spare": SpareView,
    "digit": DigitView,
    "status": StatusView,
    "text": TextView,
}


def _noted(request: HttpRequest, reference: str, state: LineState | None, sid: str) -> HttpResponse:
    if state is not None:
        number = request.POST.get("SequenceNumber", "")
        line_moved(
            reference,
            state,
            now=timezone.now(),
            error=request.POST.get("ErrorCode", "")[:20],
            provider_id=sid,
            sequence=int(number) if number.isdecimal() and len(number) < 9 else None,
        )
    return HttpResponse(status=204)


def _again(
    attempt: Attempt, *, position: int, silent: int, spare: bool, first: str = ""
) -> HttpResponse:
    action = callback("digit", attempt.idempotency_key)
    place = f"position={position}&silent={silent}" + ("&spare=1" if spare else "")
    return _twiml(
        twilio_words.speaking(
            f"{first}\n{attempt.text}".strip(),
            tongue=Tongue(attempt.language, spare),
            action=f"{action}?{place}",
        )
    )


def _count(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _sid(request: HttpRequest) -> str:
    return request.POST.get("CallSid", "")[:80]


def _twiml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
