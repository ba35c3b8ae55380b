"""Incidents as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework import serializers

from incidents import panels
from incidents.models import Incident
from sla.models import Clock
from workflow.phones import mask_phone


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """One promise and how it stands."""

    class Meta:
        model = Clock
        fields: ClassVar = ["kind", "run", "state", "origin", "due_at", "stopped_at", "breached_at"]


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """An incident in a list."""

    state_label = serializers.CharField(source="get_state_display")
    unit = serializers.CharField(source="unit.label")
    managed_object = serializers.CharField(source="managed_object.label")
    holder = serializers.CharField(source="holder.name", default=None)

    class Meta:
        model: type[Model] = Incident
        fields: ClassVar = [
            "number", "state", "state_label", "severity", "is_drill", "title", "unit",
            "managed_object", "holder_role", "holder", "state_since", "created_at",
            "first_contact_at", "row_version",
        ]  # fmt: skip


class IncidentDetailSerializer(IncidentSerializer):
    """An incident with its course and its clocks."""

    reporter_phone = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()
    grade = serializers.SerializerMethodField()
    recurrence_of = serializers.CharField(source="recurrence_of.number", default=None)
    merged_into = serializers.CharField(source="merged_into.number", default=None)
    links = serializers.SerializerMethodField()

    class Meta(IncidentSerializer.Meta):
        fields: ClassVar = [
            *IncidentSerializer.Meta.fields, "phenomenon", "reporter_name", "reporter_phone",
            "claimed_down", "occurred_at", "acknowledged_at", "declared_at", "business_impact",
            "mitigated_at", "mitigation_method", "mitigation_limits", "resolved_at",
            "resolution_method", "confirmed_at", "closed_at", "clocks", "provinces",
            "institutions", "merchants", "terminals", "failed_transactions", "failed_amount",
            "complaints", "grade", "downgraded_at", "recurrence_of", "merged_into", "links",
        ]  # fmt: skip

    def get_links(self, incident: Incident) -> list[dict[str, str]]:
        """Related incidents and defects that this person may see: what, number, title, address."""
        return [
            {"what": link.what, "number": link.number, "title": link.title, "url": link.url}
            for link in panels.links(incident, self.context["request"].user)
        ]

    def get_reporter_phone(self, incident: Incident) -> str:
        """In full for the desk and the reporter."""
        request = self.context.get("request")
        asker = request.user if request else None
        if asker is not None and (asker.is_desk or asker.pk == incident.reporter_id):
            return incident.reporter_phone
        return mask_phone(incident.reporter_phone)

    def get_grade(self, incident: Incident) -> str:
        """The regulator's grade as the bank decided it; empty before."""
        last = incident.grade_decisions.last()
        return last.grade if last else ""

    def get_clocks(self, incident: Incident) -> list[dict[str, Any]]:
        """The contract clocks of an S1."""
        clocks = Clock.objects.filter(commitment=incident.commitment_id).order_by("due_at", "pk")
        return list(ClockSerializer(clocks, many=True).data)
