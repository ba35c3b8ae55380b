"""Previewing and publishing a period of a roster."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.addresses import roster_at
from oncall.models import Roster
from oncall.policies import ROSTER_READERS, can_plan_shifts
from oncall.proposal import Change, Proposal
from oncall.rotation_form import DayInput
from oncall.services.publishing import preview, publish
from workflow.errors import InvalidInput, NotAllowed, StaleVersion

TONES = {Change.NEW: "accent", Change.CHANGED: "warn", Change.SAME: "idle", Change.LEFT_OUT: "late"}


class PeriodForm(forms.Form):
    """Which days of which roster, and whether changes by hand give way."""

    roster = forms.ChoiceField(label=gettext_lazy("Roster"), choices=Roster.choices)
    first = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    last = forms.DateField(label=gettext_lazy("To"), widget=DayInput)
    by_hand_too = forms.BooleanField(
        label=gettext_lazy("Replace what was entered by hand too"), required=False
    )


class PublishView(SignedInMixin, View):
    """GET previews, POST publishes exactly what was previewed."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Without dates: the coming month."""
        self.check()
        form = PeriodForm({**_next_month(timezone.localdate()), **request.GET.dict()})
        return self.page(form, 200 if form.is_valid() else 422)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Publish; when the roster changed meanwhile, the new preview is shown instead."""
        self.check()
        form = PeriodForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            done = publish(
                actor=self.person, now=timezone.now(),
                fingerprint=request.POST.get("fingerprint", ""), **form.cleaned_data,
            )  # fmt: skip
        except StaleVersion:
            form.add_error(None, _("The roster has changed since the preview: please look again."))
            return self.page(form, 409)
        except InvalidInput as refusal:
            form.add_error(None, str(refusal.message))
            return self.page(form, 422)
        messages.success(request, _said(done))
        given = form.cleaned_data
        return redirect(roster_at(given["roster"], given["first"], monthly=True))

    def check(self) -> None:
        """Planners only."""
        if not (decision := can_plan_shifts(self.person)):
            raise NotAllowed(decision)

    def page(self, form: PeriodForm, status: int) -> HttpResponse:
        """The period, and what publishing it would do."""
        found: Proposal | None = None
        if hasattr(form, "cleaned_data") and set(form.fields) <= set(form.cleaned_data):
            try:
                found = preview(now=timezone.now(), **form.cleaned_data)
            except InvalidInput as refusal:
                if status == 200:
                    status = 422
                    for name, message in refusal.fields.items():
                        form.add_error(name, str(message))
        page: dict[str, Any] = {
            "form": form, "found": found, "crumbs": _crumbs(),
            "rows": _rows(found) if found else [],
            "counts": [(change, found.count(change)) for change in Change] if found else [],
        }  # fmt: skip
        return render(self.request, "oncall/publish.html", page, status=status)


def _rows(found: Proposal) -> list[tuple[str, Any, str]]:
    """What it would do, leave and not cover, as (kind, row, tone) in the order of time."""
    rows: list[tuple[str, Any, str]] = [
        *(("line", line, TONES[line.change]) for line in found.lines),
        *(("gap", gap, "late") for gap in found.gaps),
        *(("removed", shift, "warn") for shift in found.removed),
        *(("kept", shift, "idle") for shift in found.kept),
    ]
    return sorted(rows, key=lambda row: row[1].starts_at)


def _next_month(today: date) -> dict[str, str]:
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {"roster": Roster.ON_CALL, "first": first.isoformat(), "last": last.isoformat()}


def _said(done: Proposal) -> str:
    words = _("Published: %(new)s new, %(changed)s changed, %(same)s unchanged, %(left_out)s open.")
    return words % done.counts


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Rotations"), "url": reverse("oncall:rotations")}]
