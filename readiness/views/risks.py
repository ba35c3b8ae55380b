"""The risk register."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from readiness.actions import RISK_ACTIONS
from readiness.forms.risks import AssessmentFields
from readiness.models import Level, Risk
from readiness.policies import risks as policies
from readiness.risk_page import TONES, is_overdue, matrix, page
from readiness.services.risks import create
from readiness.views.base import EnterView, ReadinessView
from workflow.decisions import Decision
from workflow.keyset import keyset_page
from workflow.models import FlowRecord
from workflow.views import ActionView


def act_url(number: str, code: str) -> str:
    """Address of one act on a risk."""
    return reverse("readiness:risk_act", args=[number, code])


class RiskListView(ReadinessView):
    """The matrix, and the register below it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """``?likelihood=&impact=`` opens one field of the matrix."""
        everything: QuerySet[Risk] = Risk.objects.visible_to(self.person)
        open_ones = everything.exclude(state=Risk.State.CLOSED)
        rows = everything if request.GET.get("closed") == "1" else open_ones
        for name in ("likelihood", "impact"):
            if request.GET.get(name, "") in {"1", "2", "3", "4", "5"}:
                rows = rows.filter(**{name: int(request.GET[name])})
        listed = keyset_page(rows.select_related("owner", "plan"), request.GET, by="created_at")
        today = timezone.localdate()
        context = {
            "matrix": matrix(open_ones),
            "page": listed,
            "rows": [(row, TONES[Level(row.level)], is_overdue(row, today)) for row in listed],
            "may_create": bool(policies.can_create(self.person)),
        }
        return render(request, "readiness/risks.html", context)


class RiskView(ReadinessView):
    """One risk with its measures."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Grades, measures, history."""
        rows = Risk.objects.visible_to(self.person).select_related(
            "owner", "author", "accepted_by", "plan", "managed_object", "holder__organisation"
        )
        risk = get_object_or_404(rows, number=number)
        context = page(risk, self.person, timezone.now(), lambda code: act_url(number, code))
        return render(request, "readiness/risk.html", context)


class RiskNewView(EnterView):
    """Enter a risk."""

    template = "readiness/risk_new.html"

    def decision(self) -> Decision:
        """Technical staff, service support, supervisors."""
        return policies.can_create(self.person)

    def form(self, data: Any = None) -> AssessmentFields:
        """The assessment."""
        return AssessmentFields(data, initial={"owner": self.person})

    def save(self, form: AssessmentFields) -> FlowRecord:
        """A draft for the supervisors."""
        return create(actor=self.person, now=timezone.now(), assessment=form.assessment())


class RiskActionView(ActionView):
    """One act on a risk."""

    actions = RISK_ACTIONS
    roles = ReadinessView.roles

    def find(self, key: str) -> Risk:
        """By number, in the person's scope."""
        rows = Risk.objects.visible_to(self.person).select_related("owner", "author", "plan")
        found: Risk = get_object_or_404(rows, number=key)
        return found

    def record_url(self, record: FlowRecord) -> str:
        """Back to the risk."""
        return cast(Risk, record).get_absolute_url()
