"""The rotations over the API: in force, their versions, and a new one."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from oncall import rotation
from oncall.api.frame import (
    ReadersApiView,
    VersionsApiView,
    listed,
    reason_and_version,
)
from oncall.models import Roster, RotationVersion
from oncall.policies import ROSTER_READERS
from oncall.rotation_form import FOLLOWS, ZONES
from oncall.services.rotations import change_rotations, configuration_of, rotations_in_force
from oncall.services.shifts import check_planner
from workflow.api.actions import REFUSALS, find_by
from workflow.errors import InvalidInput

COUNTS = (rotation.DAYS, rotation.WORKING_DAYS)


def _people(**more: Any) -> serializers.ListField:
    """Primary keys, as the database counts them."""
    key = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    return serializers.ListField(child=key, **more)


class LayerSerializer(serializers.Serializer[Any]):
    """One layer: people in order by id, the length of a turn, and when it speaks."""

    name = serializers.CharField(max_length=40)
    people = _people()
    backups = _people(default=list)
    first_day = serializers.DateField()
    every_days = serializers.IntegerField(default=7)
    counts = serializers.ChoiceField(
        choices=COUNTS, default=rotation.DAYS, help_text="Which days of a turn count."
    )
    handover = serializers.TimeField(format="%H:%M", default=time(9))
    zone = serializers.ChoiceField(choices=ZONES, default=ZONES[0])
    weekdays = serializers.ListField(
        child=serializers.IntegerField(), default=list(rotation.ALL_DAYS), help_text="0 is Monday."
    )
    follow = serializers.ChoiceField(
        choices=list(FOLLOWS), default=rotation.ANY_TIME, allow_blank=True
    )
    from_time = serializers.TimeField(format="%H:%M", allow_null=True, default=None)
    until_time = serializers.TimeField(format="%H:%M", allow_null=True, default=None)


class RotationsSerializer(serializers.Serializer[Any]):
    """The layers in force, the highest first."""

    roster = serializers.CharField()
    version = serializers.IntegerField()
    layers = LayerSerializer(many=True)


class RotationVersionSerializer(serializers.ModelSerializer[RotationVersion]):
    """One version: its layers, who put it in force, when and why."""

    roster = serializers.CharField()
    layers = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by_name")

    class Meta:
        model = RotationVersion
        fields: ClassVar = ["roster", "version", "reason", "created_at", "created_by", "layers"]

    @extend_schema_field(LayerSerializer(many=True))
    def get_layers(self, row: RotationVersion) -> list[dict[str, Any]]:
        """As they are read today, also of versions that did not know a field yet."""
        return list(LayerSerializer(configuration_of(row).layers, many=True).data)


class NewRotationsSerializer(serializers.Serializer[Any]):
    """New rotations of a roster; ``version`` is the one that was read, 0 when there was none."""

    roster = serializers.ChoiceField(choices=Roster.choices)
    version = serializers.IntegerField(min_value=0)
    reason = serializers.CharField(max_length=200)
    layers = LayerSerializer(many=True)
    not_a_card = serializers.BooleanField(required=False)


class RotationsApiView(ReadersApiView):
    """The rotations in force, and putting new ones in force (R11, R14)."""

    @extend_schema(tags=["roster"], responses={200: RotationsSerializer(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        """Of both rosters."""
        rows = []
        for roster in Roster:
            version, present = rotations_in_force(roster)
            rows.append({"roster": roster.value, "version": version, "layers": present.layers})
        return Response(RotationsSerializer(rows, many=True).data)

    @extend_schema(
        tags=["roster"],
        request=NewRotationsSerializer,
        responses={201: RotationVersionSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Supervisors only; 409 when somebody was faster. Publishing them is an act of its own."""
        check_planner(self.person)
        given = NewRotationsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            row = change_rotations(
                actor=self.person, roster=data["roster"], now=timezone.now(),
                layers=tuple(_layer(each) for each in data["layers"]), **reason_and_version(data),
            )  # fmt: skip
        except InvalidInput as refusal:
            # ``layers-2-people`` as the serializers spell it: ``layers.2.people``.
            places = {key.replace("-", "."): text for key, text in refusal.fields.items()}
            raise InvalidInput(places) from refusal
        return Response(RotationVersionSerializer(row).data, status=201)


@extend_schema_view(get=listed(RotationVersionSerializer))
class RotationVersionsApiView(VersionsApiView):
    """Every version of one roster's rotations, the newest first; 404 for an unknown roster."""

    roles = ROSTER_READERS
    serializer_class = RotationVersionSerializer
    queryset = RotationVersion.objects.none()
    named_by, names = "roster", Roster


class RotationVersionApiView(ReadersApiView):
    """One version of the rotations of one roster."""

    @extend_schema(tags=["roster"], responses={200: RotationVersionSerializer, **REFUSALS})
    def get(self, request: Request, roster: str, version: int) -> Response:
        """As it was put in force."""
        rows = RotationVersion.objects.visible_to(self.person)
        found = find_by(rows, roster=roster, version=version)
        return Response(RotationVersionSerializer(found).data)


def _layer(given: dict[str, Any]) -> rotation.Layer:
    lists = {name: tuple(given[name]) for name in ("people", "backups", "weekdays")}
    return rotation.Layer(**{**given, **lists})
