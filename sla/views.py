"""The deadline ledger: why is it due then?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES
from sla.evidence import Ledger, ledger_of
from sla.export import FORMATS, as_csv, export_ledger
from sla.panels import NOT_AGREED


class LedgerView(SignedInMixin, View):
    """Every clock of one record with its account."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest, subject: str) -> HttpResponse:
        """The page; only its content when htmx asks for it."""
        page = _page(ledger_of(self.person, subject, timezone.now()))
        part = bool(request.headers.get("HX-Request"))
        return render(request, "sla/ledger_body.html" if part else "sla/ledger.html", page)


class ExportView(SignedInMixin, View):
    """The ledger as evidence; who took it stands in the trail."""

    roles = BUSINESS_ROLES

    def post(self, request: HttpRequest, subject: str) -> HttpResponse:
        """A file, or a page to print."""
        form, now = request.POST.get("form", ""), timezone.now()
        ledger = ledger_of(self.person, subject, now)
        if form not in FORMATS:
            return HttpResponseBadRequest()
        export_ledger(ledger, actor=self.person, now=now, form=form)
        if form == "print":
            page = {**_page(ledger), "reader": self.person}
            return render(request, "sla/ledger_print.html", page)
        answer = HttpResponse(
            as_csv(ledger, actor=self.person, now=now), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{ledger.subject}-clocks.csv"'
        return answer


def _page(ledger: Ledger) -> dict[str, Any]:
    return {"ledger": ledger, "not_agreed": NOT_AGREED, "now": timezone.now()}
