"""Versions of the service plan as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework import serializers

from sla.models import Agreement


class AgreementSerializer(serializers.ModelSerializer[Agreement]):
    """One version. Hours are elapsed hours."""

    key = serializers.IntegerField(source="version")
    state_label = serializers.CharField(source="get_state_display")
    proposed_by = serializers.CharField(source="proposed_by.name", default=None)
    decided_by = serializers.CharField(source="decided_by.name", default=None)

    class Meta:
        model: type[Model] = Agreement
        fields: ClassVar = [
            "key", "version", "state", "state_label", "effective_from", "fix_hours", "plan_hours",
            "report_hours", "plan_clock_origin", "warnings", "alert_repeat_minutes",
            "report_for_s2", "source", "reason", "proposed_by", "created_at", "decided_by",
            "decided_at", "decision_opinion", "row_version",
        ]  # fmt: skip


class ProposalSerializer(serializers.Serializer[Any]):
    """A new version. ``warnings``: for fix, plan and report a list of ``at`` and ``tell``.

    ``at``: ``50%``, ``60m`` (minutes before the end), ``duty_opened`` or ``breach``; ``tell``: 1
    handlers, 2 + supervisors, 3 + managers, 4 + superior department. Left out: as in force.
    """

    effective_from = serializers.DateTimeField()
    fix_hours = serializers.IntegerField(min_value=1, max_value=240)
    plan_hours = serializers.IntegerField(min_value=1, max_value=240)
    report_hours = serializers.IntegerField(min_value=1, max_value=240)
    plan_clock_origin = serializers.ChoiceField(
        choices=Agreement.PlanOrigin.choices, default=Agreement.PlanOrigin.T0
    )
    warnings = serializers.JSONField(required=False)
    alert_repeat_minutes = serializers.IntegerField(min_value=1, max_value=240, default=15)
    report_for_s2 = serializers.BooleanField(default=False)
    source = serializers.CharField(  # type: ignore[assignment] # DRF fields have sources too
        max_length=120, default="", allow_blank=True
    )
    reason = serializers.CharField(max_length=10_000)


class UntouchedSerializer(serializers.Serializer[Any]):
    """A running clock that keeps the version it was opened under."""

    record = serializers.CharField(source="clock.commitment.subject")
    clock = serializers.CharField(source="clock.kind")
    due_at = serializers.DateTimeField()
    would_be = serializers.DateTimeField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What a version would change, and which open clocks it leaves alone."""

    changes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    untouched = UntouchedSerializer(many=True)
    running = serializers.IntegerField()
