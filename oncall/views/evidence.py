"""A page as evidence, to print or as CSV; every export is noted in the trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from audit import services as audit
from oncall import evidence
from oncall.models import Page
from oncall.policies import DESK


class EvidenceView(SignedInMixin, View):
    """The whole record of a page on paper; ``?format=csv`` gives the attempts as a table."""

    roles = DESK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note who took it, then give it."""
        visible = Page.objects.visible_to(self.person).select_related("acknowledged_by")
        page = get_object_or_404(visible, pk=pk)
        as_csv = request.GET.get("format") == "csv"
        now = timezone.now()
        with audit.unit_of_work():
            audit.record(
                actor=self.person, action="oncall.page_exported", target=page, label=page.subject,
                happened_at=now, data={"format": "csv" if as_csv else "print"},
            )  # fmt: skip
        if as_csv:
            return _download(page)
        context = {
            "page": page,
            "rows": evidence.rows(page),
            "printed_at": now,
            "printed_by": self.person,
            "drill": page.is_drill,
        }
        return render(request, "oncall/evidence.html", context)


def _download(page: Page) -> HttpResponse:
    response = HttpResponse(evidence.as_csv(page), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="page-{page.subject}-{page.pk}.csv"'
    )
    return response
