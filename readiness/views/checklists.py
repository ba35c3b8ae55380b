"""The checklist beside an incident: opened, ticked, taken back (R55)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from incidents.models import Incident
from incidents.scope import visible_incidents
from readiness.checklist_panel import fingerprint, panel
from readiness.models import EmergencyPlan, PlanStep, PlanUse, StepTick
from readiness.services import checklists
from readiness.views.base import ReadinessView
from workflow.errors import InvalidInput


class ChecklistView(ReadinessView):
    """The panel by itself (htmx), or as a page of its own without scripts."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """What is open and what is ticked; 204 when ``seen`` is what there is."""
        seen = request.GET.get("seen")
        if seen and seen == fingerprint(self.incident(number)):
            return HttpResponse(status=204)
        return self.show(request, number)

    def incident(self, number: str) -> Incident:
        """In the person's scope, else 404."""
        return get_object_or_404(
            visible_incidents(self.person).select_related("managed_object"), number=number
        )

    def show(self, request: HttpRequest, number: str, status: int = 200) -> HttpResponse:
        """Panel or page."""
        part = request.headers.get("HX-Request") == "true"
        name = "readiness/checklist_panel.html" if part else "readiness/checklist.html"
        context = panel(self.incident(number), self.person)
        return render(request, name, context, status=status)

    def done(self, request: HttpRequest, number: str) -> HttpResponse:
        """Back to the panel or the page."""
        if request.headers.get("HX-Request") == "true":
            answer = self.show(request, number)
            answer.headers["HX-Trigger"] = "desk:refresh"
            return answer
        return redirect("readiness:checklist", number=number)


class OpenPlanView(ChecklistView):
    """POST ``plan``: open it on the incident."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Opening it twice opens it once."""
        rows = EmergencyPlan.objects.visible_to(self.person)
        plan = get_object_or_404(rows, number=request.POST.get("plan", ""))
        incident = self.incident(number)
        checklists.open_plan(incident, actor=self.person, now=timezone.now(), plan=plan)
        return self.done(request, number)


class TickView(ChecklistView):
    """POST ``step`` and, to leave it out, ``skip=1`` with a ``note``."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str, use: int) -> HttpResponse:
        """Tick it at this moment."""
        incident = self.incident(number)
        found = get_object_or_404(
            PlanUse.objects.select_related("incident"), pk=use, incident=incident
        )
        wanted = request.POST.get("step", "")
        step = get_object_or_404(
            PlanStep, version=found.version_id, position=int(wanted) if wanted.isdecimal() else 0
        )
        try:
            checklists.tick(
                found, actor=self.person, now=timezone.now(), step=step,
                done="skip" not in request.POST, note=request.POST.get("note", "")[:300],
            )  # fmt: skip
        except InvalidInput as refusal:
            for message in refusal.fields.values():
                messages.error(request, str(message))
        return self.done(request, number)


class UntickView(ChecklistView):
    """POST: take a tick back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str, tick: int) -> HttpResponse:
        """It stays on record."""
        rows = StepTick.objects.select_related("use__incident", "step")
        found = get_object_or_404(rows, pk=tick, use__incident=self.incident(number))
        checklists.untick(found, actor=self.person, now=timezone.now())
        return self.done(request, number)
