"""Who is on call now, and changing a shift, over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from oncall.models import LANES, Shift
from oncall.rota import Desk, hotline, on_call
from oncall.services.replacing import replace_on_shift
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView
from workflow.errors import NotFound
from workflow.phones import mask_phone


class OnCallPersonSerializer(serializers.Serializer[User]):
    """Somebody on call, with a masked number."""

    name = serializers.CharField()
    phone = serializers.SerializerMethodField()

    def get_phone(self, person: User) -> str:
        """Masked, as in the banner."""
        return mask_phone(person.phone)


class HotlineNowSerializer(serializers.Serializer[Any]):
    """Who answers the hotline, and whether somebody has to."""

    state = serializers.ChoiceField(choices=Desk.choices)
    primary = OnCallPersonSerializer(allow_null=True)
    backup = OnCallPersonSerializer(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class OnCallNowSerializer(serializers.Serializer[Any]):
    """The two people who answer; all null when nobody is rostered."""

    primary = OnCallPersonSerializer(allow_null=True)
    backup = OnCallPersonSerializer(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    hotline = HotlineNowSerializer()


class ShiftSerializer(serializers.ModelSerializer[Shift]):
    """A shift. ``planned_version`` is null when it was entered or changed by hand."""

    primary = OnCallPersonSerializer()
    backup = OnCallPersonSerializer(allow_null=True)

    class Meta:
        model = Shift
        fields: ClassVar = [
            "id", "roster", "starts_at", "ends_at", "primary", "backup", "planned_version",
        ]  # fmt: skip


class ReplacementSerializer(serializers.Serializer[Any]):
    """Who stands in, where, from when to when, and why."""

    lane = serializers.ChoiceField(choices=LANES)
    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class OnCallNowApiView(DeskApiView):
    """Who is on call now (R11, R14): everybody who is signed in may know, as in the banner."""

    @extend_schema(tags=["roster"], responses={200: OnCallNowSerializer})
    def get(self, request: Request) -> Response:
        """Primary, backup, and until when; and the hotline."""
        now = timezone.now()
        found = on_call(now)
        answer = {
            "primary": found and found.primary,
            "backup": found and found.backup,
            "until": found and found.until,
            "hotline": hotline(now),
        }
        return Response(OnCallNowSerializer(answer).data)


class ReplaceShiftApiView(DeskApiView):
    """Somebody else stands in for a part of a shift (R14)."""

    @extend_schema(
        tags=["roster"],
        request=ReplacementSerializer,
        responses={
            200: ShiftSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer,
        },
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Supervisors only; gives back the part that changed."""
        shift = Shift.objects.visible_to(self.person).filter(pk=pk).first()
        if shift is None:
            raise NotFound
        given = ReplacementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = replace_on_shift(
            shift=shift, actor=self.person, now=timezone.now(), **given.validated_data
        )
        return Response(ShiftSerializer(changed).data)
