"""The rosters, and the banner that says who answers now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from calendars.services import current_calendar
from oncall.coverage import midnight
from oncall.forms import ShiftForm
from oncall.models import Roster, Shift
from oncall.policies import ROSTER_READERS, can_plan_shifts
from oncall.roster_page import roster_page
from oncall.rota import hotline, on_call
from oncall.services.roster_watch import roster_findings
from oncall.services.shifts import add_shift, remove_shift
from workflow.errors import InvalidInput, NotAllowed

WEEK = 7


class NowView(SignedInMixin, View):
    """Who answers the hotline and the on-call mobile now, for the frame of every page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Names with masked numbers, or that there is nobody (R11, R14)."""
        now = timezone.now()
        page = {
            "on_call": on_call(now),
            "hotline": hotline(now),
            "may_open_roster": self.person.has_role(*ROSTER_READERS),
        }
        return render(request, "oncall/now.html", page)


class RosterView(SignedInMixin, View):
    """A week or a month of shifts, gaps hatched; supervisors add shifts here."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?view=month``, ``?from=2026-11-23`` to begin elsewhere, ``?roster=hotline``."""
        return self.page(ShiftForm(roster=self.roster))

    @property
    def roster(self) -> Roster:
        """Which of the two."""
        given = self.request.GET.get("roster")
        return Roster.HOTLINE if given == Roster.HOTLINE else Roster.ON_CALL

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a shift."""
        decision = can_plan_shifts(self.person)
        if not decision:
            raise NotAllowed(decision)
        form = ShiftForm(request.POST, roster=self.roster)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            add_shift(actor=self.person, roster=self.roster, **form.cleaned_data)
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, str(message))
            return self.page(form, status=422)
        messages.success(request, _("The shift has been added."))
        first = timezone.localdate(form.cleaned_data["starts_at"])
        return redirect(f"{request.path}?roster={self.roster}&from={first:%Y-%m-%d}")

    def page(self, form: ShiftForm, status: int = 200) -> HttpResponse:
        """The roster with the form as it stands."""
        now = timezone.now()
        monthly = self.request.GET.get("view") == "month"
        first, count = _days(self.request.GET.get("from", ""), timezone.localdate(now), monthly)
        context = {
            **_shown(self, self.roster, first, count, timezone.localdate(now)),
            "chosen": self.roster,
            "rosters": Roster,
            "hotline": hotline(now),
            "form": form,
            "now": now,
            "monthly": monthly,
            "on_call": on_call(now),
            "ahead": roster_findings(now),
            "may_plan": bool(can_plan_shifts(self.person)),
        }
        return render(self.request, "oncall/roster.html", context, status=status)


class RemoveShiftView(SignedInMixin, View):
    """Takes back a shift that has not begun."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Supervisors only."""
        shift = get_object_or_404(Shift.objects.visible_to(self.person), pk=pk)
        remove_shift(shift, actor=self.person, now=timezone.now())
        messages.success(request, _("The shift has been taken back."))
        return redirect("oncall:roster")


def _days(given: str, today: date, monthly: bool) -> tuple[date, int]:
    """First day and number of days shown: the week (from Monday) or month around ``given``."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = today
    if not 2000 <= day.year <= 2100:
        day = today
    if not monthly:
        return day - timedelta(days=day.weekday()), WEEK
    first = day.replace(day=1)
    return first, ((first + timedelta(days=32)).replace(day=1) - first).days


def _shown(
    view: SignedInMixin, chosen: Roster, first: date, count: int, today: date
) -> dict[str, Any]:
    start, end = midnight(first), midnight(first + timedelta(days=count))
    shifts = list(
        Shift.objects.visible_to(view.person)
        .of(chosen)
        .touching(start, end)
        .select_related("primary", "backup")
        .order_by("starts_at")
    )
    calendar = current_calendar() if chosen == Roster.HOTLINE else None
    return {
        "roster": roster_page(shifts, first, count, today, chosen, calendar),
        "shifts": shifts,
        "previous": first - timedelta(days=1),
        "next": first + timedelta(days=count),
    }
