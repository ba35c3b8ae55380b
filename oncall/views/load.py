"""Load of a month, and what is behind each number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from calendars.services import current_calendar
from oncall.fair_share import fair_share, in_words
from oncall.load import WEIGHTS, Load, loads
from oncall.load_page import Month, load_lines, pages_of, shifts_in
from oncall.models import Roster
from oncall.policies import DESK, can_see_all_load

DAYS = {"nights": _("Nights"), "weekends": _("Weekend days"), "holidays": _("Holidays")}
PAGES = {"received": _("Call-outs received"), "answered": _("Call-outs answered")}
FIGURES = {"hours": _("Hours"), **DAYS, **PAGES}


class LoadView(SignedInMixin, View):
    """A line for each person; one's own only, unless one compares."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?month=2026-11``."""
        now = timezone.now()
        month = Month.named(request.GET.get("month", ""), timezone.localdate(now))
        sees_all = bool(can_see_all_load(self.person))
        shares = {each: fair_share(each, month.first, now) for each in Roster if sees_all}
        context = {
            "lines": load_lines(self.person, month, now),
            "month": month,
            "sees_all": sees_all,
            "least": {found[0].person.pk for found in shares.values() if len(found) > 1},
            "weights": WEIGHTS,
            "hints": [(each.label, in_words(found, month.first)) for each, found in shares.items()],
        }
        return render(request, "oncall/load.html", context)


class LoadDetailView(SignedInMixin, View):
    """The shifts, days or call-outs behind one number."""

    roles = DESK

    def get(self, request: HttpRequest, pk: int, figure: str) -> HttpResponse:
        """One's own; supervisors and managers anybody's."""
        if figure not in FIGURES or (pk != self.person.pk and not can_see_all_load(self.person)):
            raise Http404
        person = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
        month = Month.named(request.GET.get("month", ""), timezone.localdate())
        shifts = shifts_in(month, person)
        found = loads(shifts, current_calendar(), month.start, month.end).get(pk, Load())
        pages = pages_of(month, person) if figure in PAGES else None
        if pages is not None and figure == "answered":
            pages = pages.filter(acknowledged_by=person)
        context = {
            "of": person,
            "figure": FIGURES[figure],
            "month": month,
            "shifts": [each for each in shifts if each.starts_at < month.end]
            if figure == "hours"
            else [],
            "days": sorted(getattr(found, figure)) if figure in DAYS else [],
            "pages": pages,
            "load": found,
        }
        return render(request, "oncall/load_detail.html", context)
