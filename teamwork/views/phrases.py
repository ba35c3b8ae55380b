"""The page of canned phrases, and the offer beside a field."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from teamwork.forms.phrases import PhraseForm
from teamwork.policies import phrases as policies
from teamwork.services import phrases as services
from workflow.errors import InvalidInput, NotAllowed

OFFERED = 30
_ID = re.compile(r"[\w-]{1,60}")


class PhrasesView(SignedInMixin, View):
    """One's own and the shared ones, by kind."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list and the form."""
        kind = request.GET.get("kind", "")
        return self._page(request, PhraseForm(actor=self.person, initial={"kind": kind}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep one more."""
        form = PhraseForm(request.POST, actor=self.person)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            services.keep_phrase(actor=self.person, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("text", str(refusal.message))
            return self._page(request, form, status=422)
        messages.success(request, _("The phrase is kept."), extra_tags="clear-draft")
        return redirect("teamwork:phrases")

    def _page(self, request: HttpRequest, form: PhraseForm, status: int = 200) -> HttpResponse:
        if not (decision := policies.can_keep(self.person)):
            raise NotAllowed(decision)
        rows: list[dict[str, Any]] = [
            {"phrase": phrase, "may_remove": bool(policies.can_remove(self.person, phrase))}
            for phrase in services.visible_phrases(self.person)
        ]
        return render(request, "teamwork/phrases.html", {"rows": rows, "form": form}, status=status)


class RemoveView(SignedInMixin, View):
    """Take one away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One's own, or a shared one."""
        phrase = get_object_or_404(services.visible_phrases(self.person), pk=pk)
        services.remove_phrase(phrase, actor=self.person, now=timezone.now())
        messages.success(request, _("The phrase is gone."))
        return redirect("teamwork:phrases")


class OfferView(SignedInMixin, View):
    """Buttons for one field, one's own first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A part of a page; an unknown kind offers nothing."""
        target, kind = request.GET.get("for", ""), request.GET.get("kind", "")
        rows = services.visible_phrases(self.person).filter(kind=kind)
        page = {
            "phrases": sorted(rows[:OFFERED], key=lambda row: row.owner_id is None),
            "target": target if _ID.fullmatch(target) else "",
            "kind": kind,
        }
        return render(request, "teamwork/phrases_offer.html", page)
