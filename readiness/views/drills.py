"""The drill calendar and its drills."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from readiness.actions import DRILL_ACTIONS
from readiness.forms.drills import DrillEntryForm
from readiness.labels import DRILL_LABELS
from readiness.models import Drill, DrillReport
from readiness.policies import drills as policies
from readiness.score import sheet
from readiness.services.drills import plan_drill
from readiness.views.base import EnterView, ReadinessView
from workflow.actions import Action
from workflow.decisions import Decision
from workflow.models import FlowRecord
from workflow.timeline import entries
from workflow.views import ActionView


def act_url(number: str, code: str) -> str:
    """Address of one act on a drill."""
    return reverse("readiness:drill_act", args=[number, code])


class DrillListView(ReadinessView):
    """The drills of one year, planned and held."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?year=2026``, this year by default."""
        this_year = timezone.localdate().year
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= 2099 else this_year
        zone = ZoneInfo(settings.TIME_ZONE)
        first, after = (
            datetime(each, 1, 1, tzinfo=zone).astimezone(UTC) for each in (year, year + 1)
        )
        rows = Drill.objects.visible_to(self.person).filter(
            planned_at__gte=first, planned_at__lt=after
        )
        drills = list(rows.select_related("plan", "incident", "holder").order_by("planned_at"))
        context = {
            "drills": drills,
            "year": year,
            "now": timezone.now(),
            # At least one system-wide drill a year (domain section 4.3).
            "full_missing": not any(
                each.mode == Drill.Mode.FULL and each.state != Drill.State.CANCELLED
                for each in drills
            ),
            "may_plan": bool(policies.can_plan(self.person)),
        }
        return render(request, "readiness/drills.html", context)


class DrillNewView(EnterView):
    """A line of the calendar."""

    template = "readiness/drill_new.html"

    def decision(self) -> Decision:
        """Those who hold drills."""
        return policies.can_plan(self.person)

    def form(self, data: Any = None) -> DrillEntryForm:
        """Plan, purpose, way, time, departments."""
        return DrillEntryForm(data)

    def save(self, form: DrillEntryForm) -> FlowRecord:
        """Into the calendar."""
        return plan_drill(actor=self.person, now=timezone.now(), entry=form.entry())


class DrillView(ReadinessView):
    """One drill: calendar entry, score sheet, report."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The score is computed from what was recorded."""
        rows = Drill.objects.visible_to(self.person).select_related(
            "plan", "version", "incident", "planned_by", "held_by_person", "holder__organisation"
        )
        drill = get_object_or_404(rows, number=number)
        context = {
            "drill_record": drill,
            "drill": True,
            "offers": DRILL_ACTIONS.offers(
                self.person, drill, lambda code: act_url(drill.number, code)
            ),
            "sheet": sheet(drill),
            "report": report_parts(policies.last_report(drill)),
            "moments": entries(drill, user=self.person, labels=DRILL_LABELS),
        }
        return render(request, "readiness/drill.html", context)


def report_parts(report: DrillReport | None) -> dict[str, Any] | None:
    """The newest report as (heading, text)."""
    if report is None:
        return None
    parts = [
        (str(DrillReport._meta.get_field(name).verbose_name).capitalize(), getattr(report, name))  # type: ignore[union-attr]
        for name in DrillReport.PARTS
    ]
    return {"version": report, "parts": parts}


class DrillActionView(ActionView):
    """One act on a drill."""

    actions = DRILL_ACTIONS
    roles = ReadinessView.roles

    def find(self, key: str) -> Drill:
        """By number, in the person's scope."""
        rows = Drill.objects.visible_to(self.person).select_related("plan", "incident")
        found: Drill = get_object_or_404(rows, number=key)
        return found

    def record_url(self, record: FlowRecord) -> str:
        """Back to the drill; into the room when it has just begun."""
        drill = cast(Drill, record)
        if self.action.code == "start" and drill.incident:
            return reverse("incidents:room", args=[drill.incident.number])
        return drill.get_absolute_url()

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """What is approved or sent back."""
        if action.code in ("approve", "send_back"):
            return {"report": report_parts(policies.last_report(cast(Drill, record)))}
        return {}
