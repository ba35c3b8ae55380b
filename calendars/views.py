"""The working calendar, for everybody who is signed in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from calendars.arrangements import FIRST_YEAR, LAST_YEAR
from calendars.models import CalendarYear
from calendars.services import missing_years
from calendars.year_page import WEEKDAY_HEADS, year_page


class IndexView(SignedInMixin, View):
    """Leads to this year."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the year of today's local date."""
        return redirect("calendars:year", year=timezone.localdate().year)


class YearView(SignedInMixin, View):
    """Twelve months with their holidays and make-up workdays."""

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        """Show the year, or what its absence means (R11)."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        now = timezone.now()
        loaded = CalendarYear.objects.visible_to(self.person).filter(year=year).first()
        page = {
            "year": year,
            "previous": year - 1 if year > FIRST_YEAR else None,
            "next": year + 1 if year < LAST_YEAR else None,
            "loaded": loaded,
            "shown": year_page(year, timezone.localdate(now)) if loaded else None,
            "weekdays": WEEKDAY_HEADS,
            "missing": [each for each in missing_years(now) if each != year],
        }
        return render(request, "calendars/year.html", page)
