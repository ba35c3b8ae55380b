"""One act on an incident."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.roles import BUSINESS_ROLES
from incidents import policies
from incidents.actions import INCIDENT_ACTIONS
from incidents.documents import earlier, version_of
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.room import chips, facts
from incidents.scope import visible_incidents
from incidents.views.base import RELATED
from workflow.actions import Action
from workflow.models import FlowRecord
from workflow.views import ActionView


class IncidentActionView(ActionView):
    """One act on an incident."""

    actions = INCIDENT_ACTIONS
    roles = BUSINESS_ROLES

    def find(self, key: str) -> Incident:
        """By number, in the person's scope."""
        return get_object_or_404(
            visible_incidents(self.person).select_related(*RELATED), number=key
        )

    def record_url(self, record: FlowRecord) -> str:
        """Back to the room."""
        return reverse("incidents:room", args=[cast(Incident, record).number])

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """What it is about: the facts, or the document that is signed or sent."""
        incident = cast(Incident, record)
        document: ContingencyPlan | FaultReport | None = None
        if action.code in ("release_plan", "deliver_plan", "accept_plan", "return_plan"):
            document = policies.last_plan(incident)
        elif action.code in ("release_report", "deliver_report", "accept_report", "return_report"):
            document = policies.last_report(incident)
        return {
            "incident": incident,
            "drill": incident.is_drill,
            "version": version_of(document, before=earlier(document)) if document else None,
            "facts": facts(incident),
            "chips": chips(incident, timezone.now()),
        }
