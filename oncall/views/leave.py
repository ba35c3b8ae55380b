"""Leave: the list, the form, the calendar file with its preview."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from calendars.arithmetic import SHANGHAI
from oncall.absence import shifts_during
from oncall.forms_leave import CalendarFileForm, LeaveForm
from oncall.ics import CalendarRead
from oncall.models import Leave, Roster, Shift
from oncall.policies import DESK, can_enter_leave, can_plan_shifts, can_see_all_leave
from oncall.services.leave import add_leave, withdraw_leave
from oncall.services.leave_import import plan_import, seal, take_import, unseal
from workflow.errors import InvalidInput

MOST_ROWS = 200


class LeavePage(SignedInMixin, View):
    """What the three addresses of leave share: one page with two forms."""

    roles = DESK

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """Leave that is not over, and the forms as they stand."""
        now, person = timezone.now(), self.person
        rows = Leave.objects.visible_to(person).standing().filter(ends_at__gt=now)
        leaves = list(rows.select_related("person", "entered_by")[:MOST_ROWS])
        met = shifts_during(leaves)
        may_plan = bool(can_plan_shifts(person))
        context = {
            "rows": [
                {
                    "row": row,
                    "shifts": met[row.pk],
                    "anew": _anew(met[row.pk], now) if may_plan else [],
                    "may_withdraw": bool(can_enter_leave(person, row.person)),
                }
                for row in leaves
            ],
            "now": now,
            "sees_all": bool(can_see_all_leave(person)),
            "form": LeaveForm(actor=person, now=now),
            "file_form": CalendarFileForm(actor=person, now=now),
            **given,
        }
        return render(self.request, "oncall/leave.html", context, status=status)


def _anew(shifts: list[Shift], now: datetime) -> list[tuple[str, str]]:
    """Roster and address by which published shifts to come get somebody who stands in."""
    found = []
    for roster in Roster:
        days = [
            timezone.localdate(shift.starts_at, SHANGHAI)
            for shift in shifts
            if shift.roster == roster and shift.planned_version and shift.starts_at > now
        ]
        if days:
            asked = {"roster": roster.value, "first": days[0], "last": days[-1]}
            found.append((str(roster.label), f"{reverse('oncall:publish')}?{urlencode(asked)}"))
    return found


class LeaveView(LeavePage):
    """One's own leave; supervisors see and enter everybody's."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What is coming."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter leave."""
        form = LeaveForm(request.POST, actor=self.person, now=timezone.now())
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            leave = add_leave(actor=self.person, now=form.now, **form.arguments())
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, str(message))
            return self.page(form=form, status=422)
        messages.success(request, _("The leave has been entered."), extra_tags="clear-draft")
        if shifts_during([leave])[leave.pk]:
            messages.warning(request, _("It meets a shift; the supervisors have been told."))
        return redirect("oncall:leave")


class WithdrawLeaveView(SignedInMixin, View):
    """Takes leave back."""

    roles = DESK

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One's own; supervisors anybody's."""
        leave = get_object_or_404(Leave.objects.visible_to(self.person), pk=pk)
        withdraw_leave(leave, actor=self.person, now=timezone.now())
        messages.success(request, _("The leave has been withdrawn."))
        return redirect("oncall:leave")


class LeaveFileView(LeavePage):
    """A calendar file: shows what would be taken; nothing is changed yet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form stands on the page of leave."""
        return redirect("oncall:leave")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read it, and show the preview."""
        form = CalendarFileForm(request.POST, request.FILES, actor=self.person, now=timezone.now())
        if not form.is_valid():
            return self.page(file_form=form, status=422)
        sealed = seal(form.read, form.whose, self.person)
        return self.preview(form.whose, form.read, sealed)

    def preview(
        self, person: User, read: CalendarRead, sealed: str, error: str = ""
    ) -> HttpResponse:
        """Every line chosen; ``sealed`` is what the file held, signed, for the next request."""
        context = {
            "plan": plan_import(person, read, timezone.now()), "sealed": sealed, "error": error,
        }  # fmt: skip
        status = 422 if error else 200
        return render(self.request, "oncall/leave_preview.html", context, status=status)


class TakeLeaveView(LeaveFileView):
    """Takes the lines that were chosen of the preview."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """All of them or nothing; what a line says comes out of the signed reading."""
        now, sealed = timezone.now(), request.POST.get("sealed", "")
        try:
            person, read = unseal(sealed, self.person)
        except InvalidInput as refusal:
            form = CalendarFileForm({}, {}, actor=self.person, now=now)
            form.is_valid()
            form.errors.clear()
            form.add_error("file", str(refusal.message))
            return self.page(file_form=form, status=422)
        lines = request.POST.getlist("line")
        try:
            plan = take_import(person=person, read=read, actor=self.person, now=now, only=lines)
        except InvalidInput as refusal:
            return self.preview(person, read, sealed, error=str(refusal.message))
        done = plan.changes
        text = ngettext("%(count)d time has been taken.", "%(count)d times have been taken.", done)
        messages.success(request, text % {"count": done})
        return redirect("oncall:leave")
