"""Plans, drills and risks over the API: list and read; acts come from their action sets."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from readiness.api.serializers import (
    DrillSerializer,
    PlanDetailSerializer,
    PlanSerializer,
    RiskSerializer,
)
from readiness.models import Drill, EmergencyPlan, Risk
from workflow.api.actions import ErrorSerializer, find_by
from workflow.api.base import DeskApiView, NewestFirst


class _ListView(DeskApiView, generics.ListAPIView[Any]):
    pagination_class = NewestFirst

    model: type[EmergencyPlan] | type[Drill] | type[Risk]
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet[Any]:
        """Within scope."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.person)
        return rows.select_related(*self.related).prefetch_related(*self.prefetched)


class PlanListApiView(_ListView):
    """Emergency plans."""

    model = EmergencyPlan
    serializer_class = PlanSerializer
    queryset = EmergencyPlan.objects.none()

    @extend_schema(tags=["plans"], responses={200: PlanSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page at a time."""
        return super().get(request, *args, **kwargs)


class DrillListApiView(_ListView):
    """Drills."""

    model = Drill
    related = ("plan", "incident")
    serializer_class = DrillSerializer
    queryset = Drill.objects.none()

    @extend_schema(tags=["drills"], responses={200: DrillSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page at a time."""
        return super().get(request, *args, **kwargs)


class RiskListApiView(_ListView):
    """Risks."""

    model = Risk
    related = ("owner", "plan")
    prefetched = ("measures__owner",)
    serializer_class = RiskSerializer
    queryset = Risk.objects.none()

    @extend_schema(tags=["risks"], responses={200: RiskSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page at a time."""
        return super().get(request, *args, **kwargs)


class PlanApiView(DeskApiView):
    """One plan."""

    @extend_schema(tags=["plans"], responses={200: PlanDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, key: str) -> Response:
        """By code."""
        return Response(PlanDetailSerializer(find_plan(self.person, key)).data)


class DrillApiView(DeskApiView):
    """One drill."""

    @extend_schema(tags=["drills"], responses={200: DrillSerializer, 404: ErrorSerializer})
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        return Response(DrillSerializer(find_drill(self.person, key)).data)


class RiskApiView(DeskApiView):
    """One risk."""

    @extend_schema(tags=["risks"], responses={200: RiskSerializer, 404: ErrorSerializer})
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        return Response(RiskSerializer(find_risk(self.person, key)).data)


def find_plan(user: User, key: str) -> EmergencyPlan:
    """By code, among what ``user`` may see; raises ``NotFound``."""
    found: EmergencyPlan = _find(EmergencyPlan, user, key)
    return found


def find_drill(user: User, key: str) -> Drill:
    """By number; raises ``NotFound``."""
    found: Drill = _find(Drill, user, key)
    return found


def find_risk(user: User, key: str) -> Risk:
    """By number; raises ``NotFound``."""
    found: Risk = _find(Risk, user, key)
    return found


def _find(model: type[Model], user: User, key: str) -> Any:
    return find_by(model._default_manager.all().visible_to(user), number=key)  # type: ignore[attr-defined]
