"""Leave: the list, the form, the calendar file with its preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.absence import shifts_during
from oncall.forms_leave import CalendarFileForm, LeaveForm
from oncall.models import Leave
from oncall.policies import DESK, can_enter_leave, can_see_all_leave
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
        context = {
            "rows": [
                {
                    "row": row,
                    "shifts": met[row.pk],
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
        plan = plan_import(form.whose, form.read, form.now)
        sealed = seal(form.read, form.whose, self.person)
        return render(request, "oncall/leave_preview.html", {"plan": plan, "sealed": sealed})


class TakeLeaveView(LeavePage):
    """Takes what the preview showed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """All of it or nothing."""
        now = timezone.now()
        try:
            person, read = unseal(request.POST.get("sealed", ""), self.person)
        except InvalidInput as refusal:
            form = CalendarFileForm({}, {}, actor=self.person, now=now)
            form.is_valid()
            form.errors.clear()
            form.add_error("file", str(refusal.message))
            return self.page(file_form=form, status=422)
        done = take_import(person=person, read=read, actor=self.person, now=now).changes
        text = ngettext("%(count)d time has been taken.", "%(count)d times have been taken.", done)
        messages.success(request, text % {"count": done})
        return redirect("oncall:leave")
