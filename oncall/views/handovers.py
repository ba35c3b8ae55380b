"""Handover sheets: the list, one sheet, its note, its acknowledgement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.forms_handover import HandoverForm
from oncall.models import HandoverSheet
from oncall.open_items import OpenItem, grouped, open_items
from oncall.policies import DESK
from oncall.policies_handover import can_acknowledge_sheet, can_write_sheet
from oncall.services.handovers import OPEN_AHEAD, acknowledge_sheet, waiting_for, write_note
from workflow.keyset import keyset_page

PEOPLE = ("leaver", "taker", "acknowledged_by")


class HandoversView(SignedInMixin, View):
    """What waits for me, what comes next, and the sheets of the past."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, a page at a time."""
        rows = HandoverSheet.objects.visible_to(self.person).select_related(*PEOPLE)
        now = timezone.now()
        page = keyset_page(rows, request.GET, by="at")
        context = {
            "page": page,
            "now": now,
            "mine": {each.pk for each in waiting_for(self.person, now)},
            "hours": OPEN_AHEAD.total_seconds() / 3600,
        }
        return render(request, "oncall/handovers.html", context)


class HandoverView(SignedInMixin, View):
    """One sheet: who hands over to whom, the note, and what is open."""

    roles = DESK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Before it is frozen the open items are those of this minute."""
        sheet = self.find(pk)
        return self.page(sheet, HandoverForm(initial={"note": sheet.note}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the note."""
        sheet, form = self.find(pk), HandoverForm(request.POST)
        if not form.is_valid():
            return self.page(sheet, form, status=422)
        write_note(sheet, actor=self.person, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The note has been saved."), extra_tags="clear-draft")
        return redirect("oncall:handover", pk=pk)

    def find(self, pk: int) -> HandoverSheet:
        """Within scope."""
        rows = HandoverSheet.objects.visible_to(self.person).select_related(*PEOPLE, "noted_by")
        found: HandoverSheet = get_object_or_404(rows, pk=pk)
        return found

    def page(self, sheet: HandoverSheet, form: forms.Form, status: int = 200) -> HttpResponse:
        """The sheet as it stands."""
        now = timezone.now()
        frozen: Any = sheet.frozen_at
        items = [OpenItem.from_row(row) for row in sheet.items] if frozen else open_items(now)
        context = {
            "sheet": sheet,
            "form": form,
            "groups": grouped(items),
            "count": len(items),
            "now": now,
            "write": can_write_sheet(self.person, sheet),
            "take": can_acknowledge_sheet(self.person, sheet, now),
        }
        return render(self.request, "oncall/handover.html", context, status=status)


class AcknowledgeHandoverView(SignedInMixin, View):
    """One click: I have read it and take over."""

    roles = DESK

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Records who and when."""
        sheet = get_object_or_404(HandoverSheet.objects.visible_to(self.person), pk=pk)
        acknowledge_sheet(sheet, actor=self.person, now=timezone.now())
        messages.success(request, _("You have taken over."))
        return redirect("oncall:handover", pk=pk)
