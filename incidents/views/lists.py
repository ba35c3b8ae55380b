"""The list of incidents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents import policies
from incidents.listing import IncidentFilter, chip
from incidents.views.base import BusinessView
from workflow.keyset import keyset_page


class IncidentListView(BusinessView):
    """The incidents and drills this person may see, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = IncidentFilter(request.GET)
        rows = form.narrow(self.incidents()).prefetch_related("commitment__clocks__commitment")
        page = keyset_page(rows, request.GET, by="created_at")
        now = timezone.now()
        context = {
            "form": form,
            "page": page,
            "rows": [(row, chip(row, now)) for row in page],
            "may_report": bool(policies.can_report(self.person)),
            "may_drill": bool(policies.can_start_drill(self.person)),
        }
        return render(request, "incidents/list.html", context)
