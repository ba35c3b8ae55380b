"""Pages of the emergency-plan library."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from incidents.fault_types import SCENES
from readiness.actions import PLAN_ACTIONS
from readiness.forms.drills import StartNowForm
from readiness.forms.plans import NewPlanForm
from readiness.models import Drill, EmergencyPlan
from readiness.phases import DUTIES
from readiness.plan_page import is_overdue, page, with_versions
from readiness.policies import drills as drill_policies
from readiness.policies import plans as policies
from readiness.services.drills import start_from_plan
from readiness.services.plans import create
from readiness.views.base import EnterView, ReadinessView, fresh_token
from workflow.decisions import Decision
from workflow.models import FlowRecord
from workflow.views import ActionView


def act_url(number: str, code: str) -> str:
    """Address of one act on a plan."""
    return reverse("readiness:plan_act", args=[number, code])


class PlanListView(ReadinessView):
    """The library: which plan for which scenario, in force since when, due when (R51)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """All of them: a library has dozens, not thousands."""
        rows: QuerySet[EmergencyPlan] = EmergencyPlan.objects.visible_to(self.person)
        scenario = request.GET.get("scenario", "")
        if scenario in SCENES:
            rows = rows.filter(scenario=scenario)
        today = timezone.localdate()
        context = {
            "rows": [(plan, is_overdue(plan, today)) for plan in with_versions(rows)],
            "scenarios": list(SCENES.items()),
            "scenario": scenario,
            "may_create": bool(policies.can_create(self.person)),
        }
        return render(request, "readiness/plans.html", context)


class PlanView(ReadinessView):
    """One plan."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The version in force, or the one asked for by ``?version=``."""
        rows = EmergencyPlan.objects.visible_to(self.person).select_related("holder__organisation")
        plan = get_object_or_404(rows, number=number)
        context = page(
            plan, self.person, timezone.now(), request.GET.get("version", ""),
            lambda code: act_url(number, code),
        )  # fmt: skip
        context["can_drill"] = context["can_drill"] and bool(drill_policies.can_plan(self.person))
        return render(request, "readiness/plan.html", context)


class PlanNewView(EnterView):
    """A new plan."""

    template = "readiness/plan_new.html"

    def decision(self) -> Decision:
        """Technical staff and service support."""
        return policies.can_create(self.person)

    def form(self, data: Any = None) -> NewPlanForm:
        """Code, head, sections, steps."""
        return NewPlanForm(data)

    def save(self, form: NewPlanForm) -> FlowRecord:
        """A draft."""
        return create(
            actor=self.person, now=timezone.now(), number=form.cleaned_data["number"],
            text=form.text(),
        )  # fmt: skip


class PlanActionView(ActionView):
    """One act on a plan."""

    actions = PLAN_ACTIONS
    roles = ReadinessView.roles

    def find(self, key: str) -> EmergencyPlan:
        """By code, in the person's scope."""
        found: EmergencyPlan = get_object_or_404(
            EmergencyPlan.objects.visible_to(self.person), number=key
        )
        return found

    def record_url(self, record: FlowRecord) -> str:
        """Back to the plan."""
        return cast(EmergencyPlan, record).get_absolute_url()


class DrillNowView(EnterView):
    """Start a drill from a plan: one page, one button (R51)."""

    template = "readiness/drill_start.html"

    def decision(self) -> Decision:
        """Those who hold drills."""
        return drill_policies.can_plan(self.person)

    @property
    def plan(self) -> EmergencyPlan:
        """The plan of the address; one without a version in force cannot be drilled."""
        found: EmergencyPlan = get_object_or_404(
            EmergencyPlan.objects.visible_to(self.person).filter(versions__state="effective"),
            number=self.kwargs["number"],
        )
        return found

    def form(self, data: Any = None) -> StartNowForm:
        """Filled in from the plan."""
        form = StartNowForm(data, initial=fresh_token())
        form.offer(self.plan)
        return form

    def page(self) -> dict[str, Any]:
        """What is drilled."""
        return {"plan": self.plan}

    def save(self, form: StartNowForm) -> Drill:
        """It rings."""
        return start_from_plan(
            self.plan, actor=self.person, now=timezone.now(), **form.cleaned_data
        )


class FlowView(ReadinessView):
    """The basic emergency flow of the service plan (R55)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Nine phases."""
        return render(request, "readiness/flow.html", {"phases": list(DUTIES.items())})
