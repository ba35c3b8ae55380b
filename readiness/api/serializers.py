"""Plans, drills and risks as JSON. Times UTC, days ISO."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework import serializers

from readiness.models import Drill, EmergencyPlan, PlanVersion, Risk, RiskMeasure
from readiness.sections import SECTIONS


class PlanSerializer(serializers.ModelSerializer[EmergencyPlan]):
    """A plan in a list."""

    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model: type[Model] = EmergencyPlan
        fields: ClassVar = [
            "number", "state", "state_label", "scenario", "title", "title_en", "next_review_on",
            "row_version",
        ]  # fmt: skip


class PlanDetailSerializer(PlanSerializer):
    """A plan with the version in force."""

    effective = serializers.SerializerMethodField()

    class Meta(PlanSerializer.Meta):
        fields: ClassVar = [*PlanSerializer.Meta.fields, "effective"]

    def get_effective(self, plan: EmergencyPlan) -> dict[str, Any] | None:
        """Sections by code in the reader's language, and the checklist; null when there is none."""
        version = plan.versions.filter(state=PlanVersion.State.EFFECTIVE).first()
        if version is None or plan.state == EmergencyPlan.State.RETIRED:
            return None
        return {
            "version": version.version,
            "rto_minutes": version.rto_minutes,
            "rpo_minutes": version.rpo_minutes,
            "approved_at": version.approved_at,
            "sections": {code: version.text(code) for code in SECTIONS},
            "steps": [
                {"position": step.position, "phase": step.phase, "text": step.label}
                for step in version.steps.all()
            ],
        }


class DrillSerializer(serializers.ModelSerializer[Drill]):
    """A drill."""

    state_label = serializers.CharField(source="get_state_display")
    plan = serializers.CharField(source="plan.number")
    incident = serializers.CharField(source="incident.number", default=None)

    class Meta:
        model: type[Model] = Drill
        fields: ClassVar = [
            "number", "state", "state_label", "plan", "title", "purpose", "mode", "planned_at",
            "departments", "held_at", "incident", "row_version",
        ]  # fmt: skip


class MeasureSerializer(serializers.ModelSerializer[RiskMeasure]):
    """A measure of a risk."""

    owner = serializers.CharField(source="owner.name")

    class Meta:
        model: type[Model] = RiskMeasure
        fields: ClassVar = ["kind", "text", "owner", "due_on", "done_on", "result"]


class RiskSerializer(serializers.ModelSerializer[Risk]):
    """A risk with its measures."""

    state_label = serializers.CharField(source="get_state_display")
    owner = serializers.CharField(source="owner.name")
    plan = serializers.CharField(source="plan.number", default=None)
    measures = MeasureSerializer(many=True)

    class Meta:
        model: type[Model] = Risk
        fields: ClassVar = [
            "number", "state", "state_label", "title", "scenario", "cause", "consequence",
            "likelihood", "impact", "level", "residual_likelihood", "residual_impact",
            "residual_level", "owner", "plan", "review_on", "measures", "row_version",
        ]  # fmt: skip
