"""The rosters by week and month, and the banner that says who answers now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from calendars.models import CalendarDay
from calendars.services import current_calendar
from oncall.addresses import roster_at
from oncall.coverage import midnight
from oncall.fair_share import points_hint
from oncall.lanes import lanes_of
from oncall.models import Roster, Shift
from oncall.month_grid import day_rows, month_grid, whole_weeks
from oncall.policies import ROSTER_READERS, can_plan_shifts
from oncall.roster_page import roster_page
from oncall.rota import hotline, next_on_call, on_call
from oncall.services.roster_watch import roster_findings
from oncall.services.shifts import remove_shift
from oncall.services.stretches import fill_stretch
from oncall.stretch_forms import LineForm, StretchForm, chosen, soonest, tell
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
    """A week or a month of a roster, gaps hatched; supervisors fill stretches here."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?roster=hotline``, ``?view=month``, ``?from=2026-11-23``, ``?day=…&until=…``."""
        return self.page(StretchForm(initial=chosen(request.GET.dict(), timezone.now())))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Fill a stretch, from the form or from one typed line."""
        decision = can_plan_shifts(self.person)
        if not decision:
            raise NotAllowed(decision)
        form = LineForm(request.POST) if "line" in request.POST else StretchForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        stretch = form.stretch
        try:
            fill_stretch(actor=self.person, roster=self.roster, now=timezone.now(), **stretch)
        except InvalidInput as refusal:
            tell(refusal, form)
            return self.page(form, status=422)
        messages.success(request, _("The roster has been changed."))
        first = timezone.localdate(stretch["starts_at"])
        # To the top, where the word about it stands: the form's own address ends in #stretch.
        return redirect(f"{roster_at(self.roster, first, monthly=self.monthly)}#main")

    @property
    def roster(self) -> Roster:
        """Which of the two."""
        given = self.request.GET.get("roster")
        return Roster.HOTLINE if given == Roster.HOTLINE else Roster.ON_CALL

    @property
    def monthly(self) -> bool:
        """A month, not a week."""
        return _monthly(self.request)

    def page(self, form: StretchForm | LineForm, status: int = 200) -> HttpResponse:
        """The roster with the forms as they stand."""
        now = timezone.now()
        today = timezone.localdate(now)
        first, count = _days(self.request.GET.get("from", ""), today, self.monthly)
        current = on_call(now)
        stretch = form if isinstance(form, StretchForm) else StretchForm()
        stretch.fields["primary"].help_text = points_hint(self.roster, max(first, today), now)
        context = {
            **_shown(self, first, count, now),
            "form": stretch,
            "line": form if isinstance(form, LineForm) else LineForm(),
            "now": now,
            "soonest": soonest(now),
            "monthly": self.monthly,
            "chosen": self.roster,
            "rosters": Roster,
            "on_call": current,
            "then": next_on_call(current.until if current else now),
            "hotline": hotline(now),
            "ahead": roster_findings(now),
            "may_plan": bool(can_plan_shifts(self.person)),
        }
        return render(self.request, "oncall/roster.html", context, status=status)


class RemoveShiftView(SignedInMixin, View):
    """Takes back a shift that has not begun."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Supervisors only; back to the days it stood in, where the gap is seen now."""
        shift = get_object_or_404(Shift.objects.visible_to(self.person), pk=pk)
        remove_shift(shift, actor=self.person, now=timezone.now())
        messages.success(request, _("The shift has been taken back."))
        first = timezone.localdate(shift.starts_at)
        return redirect(roster_at(shift.roster, first, monthly=_monthly(request)))


def _monthly(request: HttpRequest) -> bool:
    return request.GET.get("view") == "month"


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


def _shown(view: RosterView, first: date, count: int, now: datetime) -> dict[str, Any]:
    begin, length = whole_weeks(first, count)
    start, end = midnight(begin), midnight(begin + timedelta(days=length))
    shifts = list(
        Shift.objects.visible_to(view.person)
        .of(view.roster)
        .touching(start, end)
        .select_related("primary", "backup")
        .order_by("starts_at")
    )
    calendar, today = current_calendar(), timezone.localdate(now)
    rows = CalendarDay.objects.filter(date__gte=begin, date__lt=begin + timedelta(days=length))
    drawn: dict[str, Any] = {
        "roster": view.roster, "calendar": calendar,
        "marks": {row.date: (row.label, row.kind) for row in rows},
    }  # fmt: skip
    page = roster_page(shifts, first, count, today, view.roster, calendar)
    seen = [each for each in shifts if page.start < each.ends_at and each.starts_at < page.end]
    found: dict[str, Any] = {
        "roster": page,
        "days": day_rows(page.days, shifts, page.gaps, now=now, **drawn),
        "lanes": lanes_of(shifts, view.roster),
        "lines": sorted([*seen, *page.gaps], key=lambda each: each.starts_at),
        "has_past": page.days[0].is_past and not page.days[-1].is_past,
        "previous": first - timedelta(days=1),
        "next": first + timedelta(days=count),
    }
    if view.monthly:
        whole = roster_page(shifts, begin, length, today, view.roster, calendar)
        found["weeks"] = month_grid(whole.days, shifts, whole.gaps, month=first.month, **drawn)
    return found
