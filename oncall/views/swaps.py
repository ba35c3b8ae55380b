"""Swaps: what I am asked, what I have offered, and the form to offer a duty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.forms_swap import SwapForm, duties_ahead
from oncall.models import Swap
from oncall.policies import DESK
from oncall.policies_swap import can_answer_swap, can_withdraw_swap
from oncall.services.swaps import agree_to_swap, decline_swap, offer_swap, withdraw_swap
from workflow.errors import InvalidInput

HISTORY = timedelta(days=90)
MOST_ROWS = 100
ACTS = {"agree": agree_to_swap, "decline": decline_swap, "withdraw": withdraw_swap}


class SwapsView(SignedInMixin, View):
    """Offers that wait, and those of the last 90 days."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """What waits for me first."""
        now, person = timezone.now(), self.person
        rows = Swap.objects.visible_to(person).select_related("proposer", "colleague")
        waiting = [
            {
                "swap": swap,
                "answer": can_answer_swap(person, swap),
                "withdraw": can_withdraw_swap(person, swap),
            }
            for swap in rows.offered().order_by("starts_at")[:MOST_ROWS]
        ]
        context = {
            "waiting": sorted(waiting, key=lambda each: not each["answer"]),
            "ended": rows.filter(ended_at__gt=now - HISTORY)[:MOST_ROWS],
            "has_duties": bool(duties_ahead(person, now)),
        }
        return render(request, "oncall/swaps.html", context)


class OfferView(SignedInMixin, View):
    """Offers a duty to a colleague."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?duty=12:primary`` chooses it already."""
        return self.page(self.form(initial={"duty": request.GET.get("duty", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask the colleague; what speaks against it stands beside its field."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            swap = offer_swap(actor=self.person, now=form.now, **form.arguments())
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, str(message))
            return self.page(form, status=422)
        text = _("%(colleague)s has been asked.") % {"colleague": swap.colleague.name}
        messages.success(request, text, extra_tags="clear-draft")
        return redirect("oncall:swaps")

    def form(self, *data: Any, **more: Any) -> SwapForm:
        """Filled in by this person, now."""
        return SwapForm(*data, actor=self.person, now=timezone.now(), **more)

    def page(self, form: SwapForm, status: int = 200) -> HttpResponse:
        """The form as it stands."""
        return render(self.request, "oncall/swap_offer.html", {"form": form}, status=status)


class SwapActView(SignedInMixin, View):
    """Agree, decline or withdraw."""

    roles = DESK

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Refusals say why; agreeing twice does it once."""
        run = ACTS.get(act)
        if run is None:
            raise Http404
        swap = get_object_or_404(Swap.objects.visible_to(self.person), pk=pk)
        done = run(swap, actor=self.person, now=timezone.now())
        words = {
            Swap.State.AGREED: _("Agreed: the roster has been changed and both have been told."),
            Swap.State.DECLINED: _("The offer has been declined."),
            Swap.State.WITHDRAWN: _("The offer has been withdrawn."),
        }
        messages.success(request, words[done.state])
        return redirect("oncall:swaps")
