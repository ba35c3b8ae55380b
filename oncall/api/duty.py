"""Handover sheets and the load of a month over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.api.frame import DeskListApiView, DeskOnlyApiView, listed
from oncall.forms_handover import HandoverForm
from oncall.load_page import Month, load_lines
from oncall.models import HandoverSheet
from oncall.open_items import OpenItem, open_items
from oncall.services.handovers import acknowledge_sheet, write_note
from workflow.api.actions import REFUSALS, find_by
from workflow.api.forms import form_data, invalid, serializer_from_form

PEOPLE = ("leaver", "taker", "acknowledged_by")


class HandoverSerializer(serializers.ModelSerializer[HandoverSheet]):
    """A handover sheet; people by user name, null where nobody is rostered."""

    kind = serializers.CharField()
    leaver = serializers.CharField(source="leaver.username", default=None)
    taker = serializers.CharField(source="taker.username", default=None)
    acknowledged_by = serializers.CharField(source="acknowledged_by.username", default=None)

    class Meta:
        model = HandoverSheet
        fields: ClassVar = [
            "id", "at", "kind", "leaver", "taker", "note", "noted_at", "acknowledged_at",
            "acknowledged_by", "reminded_at", "frozen_at",
        ]  # fmt: skip


class OpenItemSerializer(serializers.Serializer[Any]):
    """One thing that is open, in the language asked for."""

    kind = serializers.CharField()
    number = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)


class HandoverDetailSerializer(HandoverSerializer):
    """A sheet with what is open: of this minute, or as it was kept."""

    items = serializers.SerializerMethodField()

    class Meta(HandoverSerializer.Meta):
        fields: ClassVar = [*HandoverSerializer.Meta.fields, "items"]

    @extend_schema(responses=OpenItemSerializer(many=True))
    def get_items(self, sheet: HandoverSheet) -> list[dict[str, Any]]:
        """Open items."""
        kept = [OpenItem.from_row(row) for row in sheet.items]
        rows = kept if sheet.frozen_at else open_items(timezone.now())
        return [dict(row) for row in OpenItemSerializer(rows, many=True).data]


@extend_schema_view(get=listed(HandoverSerializer))
class HandoversApiView(DeskListApiView):
    """Handover sheets (R11, R14)."""

    serializer_class = HandoverSerializer
    queryset = HandoverSheet.objects.none()
    newest_by = "at"
    related = PEOPLE


class HandoverApiView(DeskOnlyApiView):
    """One sheet."""

    @extend_schema(tags=["roster"], responses={200: HandoverDetailSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """With what is open."""
        return Response(HandoverDetailSerializer(self.find(pk)).data)

    @extend_schema(
        tags=["roster"],
        request=serializer_from_form(HandoverForm),
        responses={200: HandoverDetailSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the note: whoever leaves."""
        form = HandoverForm(form_data(request.data, HandoverForm))
        if not form.is_valid():
            raise invalid(form)
        sheet = write_note(
            self.find(pk), actor=self.person, now=timezone.now(), **form.cleaned_data
        )
        return Response(HandoverDetailSerializer(sheet).data)

    def find(self, pk: int) -> HandoverSheet:
        """Within scope."""
        rows = HandoverSheet.objects.visible_to(self.person).select_related(*PEOPLE)
        found: HandoverSheet = find_by(rows, pk=pk)
        return found


class AcknowledgeHandoverApiView(HandoverApiView):
    """I have read it and take over."""

    http_method_names = ["post", "options"]

    @extend_schema(
        tags=["roster"], request=None, responses={200: HandoverDetailSerializer, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Records who and when; twice is once."""
        acknowledge_sheet(self.find(pk), actor=self.person, now=timezone.now())
        return Response(HandoverDetailSerializer(self.find(pk)).data)


class LoadSerializer(serializers.Serializer[Any]):
    """One person's month; ``turn`` 1 has had least."""

    person = serializers.CharField(source="person.username")
    hours = serializers.IntegerField(source="load.hours")
    nights = serializers.ListField(child=serializers.DateField(), source="load.nights")
    weekends = serializers.ListField(child=serializers.DateField(), source="load.weekends")
    holidays = serializers.ListField(child=serializers.DateField(), source="load.holidays")
    received = serializers.IntegerField()
    answered = serializers.IntegerField()
    points = serializers.FloatField(source="load.points")
    turn = serializers.IntegerField(source="place")


class LoadApiView(DeskOnlyApiView):
    """Load of a month: everybody's for supervisors and managers, else one's own."""

    @extend_schema(
        tags=["roster"],
        parameters=[OpenApiParameter("month", str, description="2026-11; this month otherwise.")],
        responses={200: LoadSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Who has had least first."""
        now = timezone.now()
        month = Month.named(request.query_params.get("month", ""), timezone.localdate(now))
        return Response(LoadSerializer(load_lines(self.person, month, now), many=True).data)
