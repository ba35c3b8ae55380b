"""Machine-room reports: form, list, page, taking and judging one (R16)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from hotline import policies
from hotline.forms_machine_room import JudgementForm, ReportForm, first_values
from hotline.lists import ReportFilter
from hotline.models import MachineRoomReport
from hotline.services.judgement import judge_report, take_report
from hotline.services.machine_room import file_report
from workflow.durations import stamp
from workflow.errors import InvalidInput, NotAllowed
from workflow.keyset import keyset_page
from workflow.phones import mask_phone
from workflow.timeline import entries

READERS = (Role.MONITOR.value, *(role.value for role in DESK_ROLES))


class ReportListView(SignedInMixin, View):
    """The reports this person may see."""

    roles = READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = ReportFilter(request.GET)
        rows = form.narrow(MachineRoomReport.objects.visible_to(self.person)).select_related(
            "unit", "reporter", "managed_object", "acknowledged_by"
        )
        page = {
            "form": form,
            "page": keyset_page(rows, request.GET, by="reported_at"),
            "may_report": bool(policies.can_report(self.person)),
        }
        return render(request, "hotline/machine_room_list.html", page)


class NewReportView(SignedInMixin, View):
    """File a report."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Monitors, and those who take calls."""
        if request.user.is_authenticated and not (decision := policies.can_report(self.person)):
            raise NotAllowed(decision)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        initial = first_values(self.person, timezone.now(), uuid.uuid4())
        return self._page(ReportForm(initial=initial, actor=self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it; an error gives every word back."""
        form = ReportForm(request.POST, actor=self.person)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            report = file_report(
                actor=self.person, now=timezone.now(), reporter=form.who_reports,
                alarm=form.alarm(), token=form.cleaned_data["token"],
            )  # fmt: skip
        except InvalidInput as refusal:
            _show(form, refusal)
            return self._page(form, status=422)
        text = _("%(number)s reported. The people on call are being rung up.")
        messages.success(request, text % {"number": report.number}, extra_tags="clear-draft")
        return redirect("hotline:machine_room", report.number)

    def _page(self, form: ReportForm, status: int = 200) -> HttpResponse:
        return render(self.request, "hotline/machine_room_new.html", {"form": form}, status=status)


class ReportPage(SignedInMixin):
    """What the pages of one report share."""

    def find(self, number: str) -> MachineRoomReport:
        """In the person's scope, or 404: never another unit's report."""
        found: MachineRoomReport = get_object_or_404(
            MachineRoomReport.objects.visible_to(self.person).select_related(
                "unit", "reporter", "managed_object", "acknowledged_by", "outcome_by", "page",
                "defect", "incident__acknowledged_by",
            ),
            number=number,
        )  # fmt: skip
        return found

    def page(
        self, report: MachineRoomReport, form: JudgementForm | None = None, status: int = 200
    ) -> HttpResponse:
        """The report with what this person may do."""
        may_judge = bool(policies.can_judge(self.person, report))
        context = {
            "report": report,
            "facts": _facts(report, self.person),
            "offers": _offers(report, self.person),
            "form": (form or JudgementForm()) if may_judge else None,
            "moments": entries(report, user=self.person, labels=moments()),
        }
        return render(self.request, "hotline/machine_room.html", context, status=status)


class ReportView(ReportPage, View):
    """One report."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Phenomenon, facts, judgement, history."""
        return self.page(self.find(number))


class TakeReportView(ReportPage, View):
    """POST: I have it."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Acknowledge."""
        report = take_report(self.find(number), actor=self.person, now=timezone.now())
        text = _("%(number)s acknowledged. Nobody else is rung up any more.")
        messages.success(request, text % {"number": report.number})
        return redirect("hotline:machine_room", number)


class JudgeReportView(ReportPage, View):
    """POST: this is what it was."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Judge; an error gives the words back."""
        report, form = self.find(number), JudgementForm(request.POST)
        if not form.is_valid():
            return self.page(report, form, status=422)
        try:
            report = judge_report(
                report, actor=self.person, now=timezone.now(), **form.cleaned_data
            )
        except InvalidInput as refusal:
            _show(form, refusal)
            return self.page(report, form, status=422)
        text = f"{report.number} · {report.get_outcome_display()}"
        messages.success(request, text, extra_tags="clear-draft")
        return redirect("hotline:machine_room", number)


def moments() -> dict[str, str]:
    """Names of what the trail holds about a report."""
    return {
        "machine_room.report": _("Emergency reported"),
        "machine_room.acknowledge": _("Acknowledged"),
        "machine_room.judge": _("Judged"),
    }


def _offers(report: MachineRoomReport, person: User) -> list[dict[str, Any]]:
    decision = policies.can_acknowledge(person, report)
    if decision.kind not in ("ok", "person"):
        return []
    return [
        {
            "code": "take",
            "label": _("Acknowledge"),
            "icon": "hand-stop",
            "method": "post",
            "url": reverse("hotline:machine_room_take", args=[report.number]),
            "enabled": decision.allowed,
            "reason": decision.message,
        }
    ]


def _facts(report: MachineRoomReport, person: User) -> list[tuple[str, Any]]:
    own = person.is_desk or person.pk == report.reporter_id
    acknowledged = report.acknowledged_by
    return [
        (_("Reported by"), report.reporter.name),
        (_("Unit"), report.unit.label),
        (_("Phone"), report.phone if own else mask_phone(report.phone)),
        (_("Room, rack, device"), report.location),
        (_("System"), report.managed_object.label),
        (_("Alarm at"), stamp(report.alarm_at)),
        (_("Reported at"), stamp(report.reported_at)),
        (_("Alarm value"), report.alarm_value),
        (_("Already notified"), report.how_notified),
        (_("System down"), _("Yes") if report.system_down else _("No")),
        (_("Acknowledged by"), acknowledged.name if acknowledged else ""),
        (_("Acknowledged at"), stamp(report.acknowledged_at)),
    ]


def _show(form: Any, refusal: InvalidInput) -> None:
    for name, message in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(message))
