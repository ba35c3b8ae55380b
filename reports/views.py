"""The dashboard, and the lists behind its numbers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from reports.availability import of_month
from reports.dashboard import dashboard
from reports.figures import FIGURES, Figure, Scope
from reports.periods import month_of, read_month
from sla.panels import clock_view, target_view
from workflow.keyset import KeysetPage, keyset_page

READERS = (Role.MANAGER, Role.SUPERVISOR, Role.SUPPORT, Role.SUPERIOR)


class DashboardView(SignedInMixin, View):
    """Contract clocks, flow, where it hurts: on one screen."""

    roles = READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month asked for."""
        scope = _scope(request, self.person)
        this_month = month_of(timezone.localdate(scope.now))
        page = {
            "month": scope.month,
            "previous": scope.month.previous,
            "next": scope.month.next if scope.month != this_month else None,
            "with_demo": scope.demo,
            **dashboard(scope),
        }
        return render(request, "reports/dashboard.html", page)


class AvailabilityView(SignedInMixin, View):
    """Availability of every object in one month, with the incidents behind each number (R02)."""

    roles = READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Worst first."""
        scope = _scope(request, self.person)
        this_month = month_of(timezone.localdate(scope.now))
        page = {
            "month": scope.month,
            "previous": scope.month.previous,
            "next": scope.month.next if scope.month != this_month else None,
            "with_demo": scope.demo,
            "lines": of_month(scope),
        }
        return render(request, "reports/availability.html", page)


class FigureView(SignedInMixin, View):
    """The rows that one number of the dashboard counts."""

    roles = READERS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """List them, newest first."""
        figure = FIGURES.get(code)
        if figure is None:
            raise Http404
        scope = _scope(request, self.person)
        rows, place = _narrowed(request, figure, figure.rows(scope))
        page = {
            "figure": figure,
            "place": place,
            "month": scope.month if figure.monthly else None,
            "with_demo": scope.demo,
            "rows": _ready(figure, scope, keyset_page(rows, request.GET, by=figure.by, size=50)),
        }
        return render(request, "reports/figure.html", page)


def _scope(request: HttpRequest, person: User) -> Scope:
    """Month and switch from the address; demonstration records count by default in a demo."""
    now = timezone.now()
    demo = {"1": True, "0": False}.get(request.GET.get("demo", ""), bool(settings.DEMO))
    month = read_month(request.GET.get("month", ""), timezone.localdate(now))
    return Scope(person, now, month, demo)


def _narrowed(
    request: HttpRequest, figure: Figure, rows: QuerySet[Any]
) -> tuple[QuerySet[Any], str]:
    """Only the rows of one unit or object (0: of none), and its name."""
    if figure.kind != "defect":
        return rows, ""
    if unit := request.GET.get("unit", ""):
        found = get_object_or_404(Organisation, pk=_id(unit))
        return rows.filter(unit=found), found.label
    if thing := request.GET.get("object", ""):
        if thing == "0":
            return rows.filter(managed_object=None), _("no system given")
        known = get_object_or_404(ManagedObject, pk=_id(thing))
        return rows.filter(managed_object=known), known.label
    return rows, ""


def _id(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _ready(figure: Figure, scope: Scope, page: KeysetPage) -> KeysetPage:
    """Clocks get what their chip needs."""
    if figure.kind == "clock":
        for clock in page.rows:
            clock.view = clock_view(clock, scope.now)
    if figure.kind == "target":
        for clock in page.rows:
            clock.view = target_view(clock, scope.now)
    return page
