"""The escalation ladders over the API: in force, their versions, and a new one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from oncall import ladder
from oncall.api.frame import DeskOnlyApiView, VersionsApiView, listed, reason_and_version
from oncall.models import LadderVersion, Urgency
from oncall.policies import DESK, can_change_ladders
from oncall.services.ladders import change_ladder, in_force
from workflow.api.actions import REFUSALS, find_by
from workflow.errors import NotFound, insist


class StepSerializer(serializers.Serializer[Any]):
    """One step of a ladder; ``person`` (id) when ``target`` is one named person."""

    target = serializers.ChoiceField(choices=ladder.TARGETS)
    person = serializers.IntegerField(
        allow_null=True, default=None, min_value=1, max_value=2**31 - 1
    )
    wait_seconds = serializers.IntegerField(min_value=1, max_value=ladder.LONGEST_WAIT)
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=ladder.CHANNELS), default=["voice"]
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A person exactly where one is called by name."""
        if (attrs["target"] == ladder.PERSON) != (attrs["person"] is not None):
            words = _("Name a person exactly where the step calls one named person.")
            raise serializers.ValidationError({"person": words})
        return attrs


class LadderSerializer(serializers.Serializer[Any]):
    """A ladder in force; version 0 is the one that ships."""

    urgency = serializers.ChoiceField(choices=Urgency.choices)
    version = serializers.IntegerField(min_value=0)
    steps = StepSerializer(many=True)
    rounds = serializers.IntegerField(
        min_value=0, max_value=100, help_text="Repetitions of the last step; 0 is without limit."
    )
    rearm_seconds = serializers.IntegerField(
        min_value=0, max_value=86_400, help_text="Calls again after; 0 is never."
    )


class LadderVersionSerializer(serializers.ModelSerializer[LadderVersion]):
    """One version: its steps, who put it in force, when and why."""

    urgency = serializers.ChoiceField(choices=Urgency.choices)
    steps = StepSerializer(many=True)
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = LadderVersion
        fields: ClassVar = [
            "urgency", "version", "reason", "created_at", "created_by", "steps", "rounds",
            "rearm_seconds",
        ]  # fmt: skip


class NewLadderSerializer(LadderSerializer):
    """A new ladder; ``version`` is the one that was read."""

    reason = serializers.CharField(max_length=200)
    not_a_card = serializers.BooleanField(required=False)


class LadderApiView(DeskOnlyApiView):
    """For those who work by the ladders and those who set them up; 404 for others."""

    roles = (*DESK, Role.SYSADMIN.value)

    def turn_away(self) -> None:
        """There is nothing to see."""
        raise NotFound


class LaddersApiView(LadderApiView):
    """The ladders in force, and putting a new one in force (R16)."""

    @extend_schema(tags=["pages"], responses={200: LadderSerializer(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        """Those who may see ladders see all three."""
        return Response(LadderSerializer([_row(each) for each in Urgency], many=True).data)

    @extend_schema(
        tags=["pages"],
        request=NewLadderSerializer,
        responses={201: LadderVersionSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Supervisors and system administrators; 409 when somebody was faster."""
        insist(can_change_ladders(self.person))
        given = NewLadderSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        steps = tuple(ladder.Step(**each) for each in data["steps"])
        row = change_ladder(
            actor=self.person, urgency=data["urgency"], now=timezone.now(),
            new=ladder.Ladder(steps, data["rounds"], data["rearm_seconds"]),
            **reason_and_version(data),
        )  # fmt: skip
        return Response(LadderVersionSerializer(row).data, status=201)


@extend_schema_view(get=listed(LadderVersionSerializer, "pages"))
class LadderVersionsApiView(LadderApiView, VersionsApiView):
    """Every version of one ladder, the newest first; 404 for a ladder that there is not."""

    serializer_class = LadderVersionSerializer
    queryset = LadderVersion.objects.none()
    related = ("created_by",)
    named_by, names = "urgency", Urgency


class LadderVersionApiView(LadderApiView):
    """One version of one ladder."""

    @extend_schema(tags=["pages"], responses={200: LadderVersionSerializer, **REFUSALS})
    def get(self, request: Request, urgency: str, version: int) -> Response:
        """As it was put in force."""
        rows = LadderVersion.objects.visible_to(self.person).select_related("created_by")
        return Response(
            LadderVersionSerializer(find_by(rows, urgency=urgency, version=version)).data
        )


def _row(urgency: Urgency) -> dict[str, Any]:
    version, present = in_force(urgency)
    return {
        "urgency": urgency.value, "version": version, "steps": present.as_rows(),
        "rounds": present.rounds, "rearm_seconds": present.rearm_seconds,
    }  # fmt: skip
