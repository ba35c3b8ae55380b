"""Delegations over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Delegation
from teamwork.forms.delegation import DelegationForm, EndForm
from teamwork.services import delegation as services
from teamwork.views.delegation import visible_delegations
from workflow.api.actions import REFUSALS, find_by
from workflow.api.base import DeskApiView, NewestFirst
from workflow.api.forms import form_data, invalid


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """Who acts for whom; ``role`` is empty for all business roles."""

    giver = serializers.CharField(source="giver.username")
    receiver = serializers.CharField(source="receiver.username")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Delegation
        fields: ClassVar = [
            "id", "giver", "receiver", "role", "starts_at", "ends_at", "reason", "made_at",
            "ended_at", "end_reason", "state",
        ]  # fmt: skip

    def get_state(self, row: Delegation) -> str:
        """coming, effective, over or ended."""
        return row.state(timezone.now())


class NewDelegationSerializer(serializers.Serializer[Any]):
    """Input of a delegation; people by id. ``giver`` is for the security administrator."""

    giver = serializers.IntegerField(required=False)
    receiver = serializers.IntegerField()
    role = serializers.CharField(required=False, allow_blank=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField()


class EndSerializer(serializers.Serializer[Any]):
    """Why it ends early."""

    reason = serializers.CharField()


class NewestMade(NewestFirst):
    """Newest first."""

    ordering = ("-made_at", "-pk")


class DelegationsApiView(DeskApiView, generics.ListAPIView[Delegation]):
    """One's own; all for the audit and the security administrator (I15)."""

    serializer_class = DelegationSerializer
    pagination_class = NewestMade
    queryset = Delegation.objects.none()

    def get_queryset(self) -> Any:
        """Within scope."""
        return visible_delegations(self.person)

    @extend_schema(tags=["delegations"], responses={200: DelegationSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first, a page at a time."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["delegations"],
        request=NewDelegationSerializer,
        responses={201: DelegationSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Pass work on for a while."""
        now = timezone.now()
        form = DelegationForm(form_data(request.data, DelegationForm), actor=self.person, now=now)
        if not form.is_valid():
            raise invalid(form)
        row = services.delegate(actor=self.person, now=now, **form.arguments())
        return Response(DelegationSerializer(row).data, status=201)


class EndApiView(DeskApiView):
    """End one."""

    @extend_schema(
        tags=["delegations"],
        request=EndSerializer,
        responses={200: DelegationSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Before its time, with a reason."""
        row = find_by(visible_delegations(self.person), pk=pk)
        form = EndForm(form_data(request.data, EndForm))
        if not form.is_valid():
            raise invalid(form)
        row = services.end(row, actor=self.person, now=timezone.now(), **form.cleaned_data)
        return Response(DelegationSerializer(row).data)
