"""How I am reached: my number, what I get besides calls, and a test call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from notifications import robots
from oncall.models import Page, Reach
from oncall.numbers import warnings_for
from oncall.policies import PHONE_OWNERS, can_try_phone
from oncall.services.trials import call_myself, set_reach


class MyLineView(SignedInMixin, View):
    """The page; for htmx only the panel, which the profile shows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Number with its warnings, wishes, the last test calls."""
        template = "oncall/my_line_panel.html"
        if not request.headers.get("HX-Request"):
            template = "oncall/my_line.html"
        return render(request, template, self.page())

    def page(self) -> dict[str, Any]:
        """What the panel shows; nothing for people who are never called."""
        tests = Page.objects.filter(key=f"test-call:{self.person.pk}").order_by("-pk")
        decision = can_try_phone(self.person)
        return {
            "is_called": self.person.has_role(*PHONE_OWNERS),
            "decision": decision,
            "person": self.person,
            "warnings": warnings_for(self.person.phone),
            "reach": Reach.objects.filter(person=self.person).first(),
            "has_robot": bool(robots.configured()),
            "tests": tests[:3],
        }


class TestCallView(SignedInMixin, View):
    """Rings the person's own telephone."""

    roles = PHONE_OWNERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it, then show it."""
        page = call_myself(actor=self.person, now=timezone.now())
        messages.success(request, _("Your phone will ring in a moment. Press 1 to end the test."))
        return redirect("oncall:page", pk=page.pk)


class ReachView(SignedInMixin, View):
    """What I get besides the calls."""

    roles = PHONE_OWNERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it."""
        set_reach(
            actor=self.person,
            by_sms="by_sms" in request.POST,
            by_message="by_message" in request.POST,
            by_robot="by_robot" in request.POST,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("oncall:my_line_page")
