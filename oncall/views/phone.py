"""The telephone of the signed-in person, in the browser (``PHONE_PROVIDER=simulator``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views import View

from accounts.mixins import SignedInMixin
from oncall import board
from oncall.models import SimulatedPhone, SimulatedText
from oncall.phone_screen import KEYS, recent_calls, screen_of
from oncall.policies import PHONE_OWNERS
from oncall.rota import on_call
from oncall.services import simulated_line
from workflow.errors import InvalidInput


class PhoneMixin(SignedInMixin):
    """Everybody who may be on call has one telephone; with a real provider there is none here."""

    roles = PHONE_OWNERS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 unless calls go through the simulator."""
        if settings.PHONE_PROVIDER != "simulator":
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def screen(self) -> HttpResponse:
        """The screen alone for the script, the whole page otherwise."""
        if not self.request.headers.get("X-Requested-With"):
            return redirect("oncall:phone")
        page = {"screen": screen_of(self.person, timezone.now()), "keys": KEYS}
        response = render(self.request, "oncall/phone_screen.html", page)
        add_never_cache_headers(response)
        return response


class PhoneView(PhoneMixin, View):
    """The page with the telephone on it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Screen, keypad, recent calls and how the telephone behaves."""
        now = timezone.now()
        phone = SimulatedPhone.objects.filter(person=self.person).first()
        page = {
            "screen": screen_of(self.person, now),
            "keys": KEYS,
            "recent": recent_calls(self.person),
            "behaviours": SimulatedPhone.Behaviour.choices,
            "behaviour": phone.behaviour if phone else SimulatedPhone.Behaviour.RING,
            "on_call": on_call(now),
            "board": board.token(self.person),
            "texts": SimulatedText.objects.filter(person=self.person).order_by("-pk")[:3],
        }
        return render(request, "oncall/phone.html", page)


class ScreenView(PhoneMixin, View):
    """What the script asks for every second."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The screen as it is now."""
        return self.screen()


class BoardView(View):
    """The screen for a page whose log-in may have ended: shows that it rings, never what about."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The whole screen while its owner is signed in, else only the ringing."""
        owner = board.owner(token)
        if owner is None or settings.PHONE_PROVIDER != "simulator":
            raise Http404
        page = {
            "screen": screen_of(owner, timezone.now()),
            "keys": KEYS,
            "signed_out": request.user != owner,
        }
        with translation.override(owner.language):
            response = render(request, "oncall/phone_screen.html", page)
        add_never_cache_headers(response)
        return response


class AnswerView(PhoneMixin, View):
    """Picks up."""

    def post(self, request: HttpRequest, sid: UUID) -> HttpResponse:
        """Show what became of it."""
        simulated_line.answer(sid, person=self.person, now=timezone.now())
        return self.screen()


class HangUpView(PhoneMixin, View):
    """Declines or ends."""

    def post(self, request: HttpRequest, sid: UUID) -> HttpResponse:
        """Hang up."""
        simulated_line.hang_up(sid, person=self.person, now=timezone.now())
        return self.screen()


class PressView(PhoneMixin, View):
    """Presses a key."""

    def post(self, request: HttpRequest, sid: UUID) -> HttpResponse:
        """One digit; ``position`` tells a doubled press from a second one."""
        digit, position = request.POST.get("digit", ""), request.POST.get("position", "")
        if digit not in KEYS or not position.isdecimal() or len(position) > 3:
            raise InvalidInput({})
        simulated_line.press(
            sid, digit, position=int(position), person=self.person, now=timezone.now()
        )
        return self.screen()


class BehaviourView(PhoneMixin, View):
    """How the telephone behaves."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it for the calls to come."""
        behaviour = request.POST.get("behaviour", "")
        if behaviour not in SimulatedPhone.Behaviour.values:
            raise InvalidInput({})
        simulated_line.behave(self.person, behaviour)
        return redirect("oncall:phone")
