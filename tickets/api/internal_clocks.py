"""Internal clocks of defects over the API: apart from the contract's."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sla.models import TargetClock
from tickets.targets import visible_clocks
from workflow.api.base import DeskApiView, NewestFirst


class InternalClockSerializer(serializers.ModelSerializer[TargetClock]):
    """One step of one defect against its internal target; ``minutes`` of working time."""

    record = serializers.CharField(source="subject")
    step_label = serializers.CharField(source="get_step_display")

    class Meta:
        model: type[Model] = TargetClock
        fields: ClassVar = [
            "record", "step", "step_label", "run", "level", "minutes", "state", "origin", "due_at",
            "calendar_missing", "stopped_at", "breached_at",
        ]  # fmt: skip


class InternalClockFilter(django_filters.FilterSet):  # type: ignore[misc] # published untyped
    """What the list can be narrowed to."""

    state = django_filters.MultipleChoiceFilter(choices=TargetClock.State.choices)
    record = django_filters.CharFilter(field_name="subject")

    class Meta:
        model = TargetClock
        fields: ClassVar = ["state", "step", "record"]


class NewestClocks(NewestFirst):
    """By the instant they count from."""

    ordering = ("-origin", "-pk")


class InternalClockListApiView(DeskApiView, generics.ListAPIView[TargetClock]):
    """Internal clocks of the defects this person may see; the desk's own business."""

    serializer_class = InternalClockSerializer
    filterset_class = InternalClockFilter
    pagination_class = NewestClocks
    queryset = TargetClock.objects.none()

    def get_queryset(self) -> QuerySet[TargetClock]:
        """Within scope."""
        return visible_clocks(self.person)

    @extend_schema(tags=["internal clocks"], responses={200: InternalClockSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Narrowed by the filters, a page at a time."""
        return super().get(request, *args, **kwargs)
