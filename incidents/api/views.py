"""Incidents over the API: list and read."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from incidents.api.serializers import IncidentDetailSerializer, IncidentSerializer
from incidents.models import Incident
from incidents.scope import visible_incidents
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView, NewestFirst
from workflow.errors import NotFound


class IncidentFilter(django_filters.FilterSet):  # type: ignore[misc] # published untyped
    """What the list can be narrowed to."""

    state = django_filters.MultipleChoiceFilter(choices=Incident.State.choices)

    class Meta:
        model = Incident
        fields: ClassVar = ["state", "severity", "is_drill"]


class IncidentListApiView(DeskApiView, generics.ListAPIView[Incident]):
    """The incidents this person may see."""

    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    pagination_class = NewestFirst
    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        """Within scope, newest first."""
        return visible_incidents(self.person).select_related("unit", "managed_object", "holder")

    @extend_schema(tags=["incidents"], responses={200: IncidentSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Narrowed by the filters, a page at a time."""
        return super().get(request, *args, **kwargs)


class IncidentApiView(DeskApiView):
    """One incident."""

    @extend_schema(
        tags=["incidents"],
        responses={200: IncidentDetailSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        incident = find_incident(self.person, key)
        return Response(IncidentDetailSerializer(incident, context={"request": request}).data)


def find_incident(user: User, key: str) -> Incident:
    """By number, among what ``user`` may see; raises ``NotFound``."""
    rows = visible_incidents(user).select_related("unit", "managed_object", "holder")
    found = rows.filter(number=key).first()
    if found is None:
        raise NotFound
    return found
