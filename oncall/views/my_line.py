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
from oncall import ladder
from oncall.ladder_page import WISH_LABELS
from oncall.models import Page, Urgency
from oncall.numbers import warnings_for
from oncall.policies import PHONE_OWNERS, can_try_phone
from oncall.services.reach import reach_of, set_reach
from oncall.services.trials import call_myself


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
            "channels": [WISH_LABELS[each] for each in _offered()],
            "wishes": _wishes(reach_of(self.person)),
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
    """What I get besides the calls, for each urgency."""

    roles = PHONE_OWNERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it; a channel that the form did not offer stays as it was."""
        present, offered = reach_of(self.person), _offered()
        wishes = {
            urgency: request.POST.getlist(urgency) + [each for each in kept if each not in offered]
            for urgency, kept in present.items()
        }
        set_reach(actor=self.person, wishes=wishes, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("oncall:my_line_page")


def _offered() -> list[str]:
    """Channels that lead somewhere in this house."""
    return [each for each in ladder.WISHES if each != "robot" or robots.configured()]


def _wishes(reach: dict[str, list[str]]) -> list[dict[str, Any]]:
    """A row for each urgency with a box for each channel."""
    return [
        {
            "urgency": Urgency(urgency),
            "boxes": [
                {"channel": each, "label": WISH_LABELS[each], "chosen": each in channels}
                for each in _offered()
            ],
        }
        for urgency, channels in reach.items()
    ]
