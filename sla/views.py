"""The deadline ledger: why is it due then?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES
from sla.export import FORMATS, as_csv, export_ledger
from sla.ledger import account_of
from sla.models import Commitment
from sla.proof import differences
from sla.scope import visible_commitment


class LedgerView(SignedInMixin, View):
    """Every clock of one record with its account."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest, subject: str) -> HttpResponse:
        """The page; only its content when htmx asks for it."""
        commitment = visible_commitment(self.person, subject)
        page = _page(commitment)
        page["accounts"] = account_of(commitment)
        part = bool(request.headers.get("HX-Request"))
        return render(request, "sla/ledger_body.html" if part else "sla/ledger.html", page)


class ExportView(SignedInMixin, View):
    """The ledger as evidence; who took it stands in the trail."""

    roles = BUSINESS_ROLES

    def post(self, request: HttpRequest, subject: str) -> HttpResponse:
        """A file, or a page to print."""
        commitment = visible_commitment(self.person, subject)
        form, now = request.POST.get("form", ""), timezone.now()
        if form not in FORMATS:
            return HttpResponseBadRequest()
        accounts = export_ledger(commitment, actor=self.person, now=now, form=form)
        if form == "print":
            page = {**_page(commitment), "accounts": accounts, "reader": self.person}
            return render(request, "sla/ledger_print.html", page)
        answer = HttpResponse(
            as_csv(commitment, accounts, actor=self.person, now=now),
            content_type="text/csv; charset=utf-8",
        )
        answer["Content-Disposition"] = f'attachment; filename="{commitment.subject}-clocks.csv"'
        return answer


def _page(commitment: Commitment) -> dict[str, Any]:
    now = timezone.now()
    return {
        "commitment": commitment,
        "drill": commitment.is_drill,
        "now": now,
        "differences": differences([commitment], now),
    }
