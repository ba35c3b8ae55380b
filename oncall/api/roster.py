"""Who is on call now, over the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from oncall.rota import on_call
from workflow.api.base import DeskApiView
from workflow.phones import mask_phone


class OnCallPersonSerializer(serializers.Serializer[User]):
    """Somebody on call, with a masked number."""

    name = serializers.CharField()
    phone = serializers.SerializerMethodField()

    def get_phone(self, person: User) -> str:
        """Masked, as in the banner."""
        return mask_phone(person.phone)


class OnCallNowSerializer(serializers.Serializer[Any]):
    """The two people who answer; all null when nobody is rostered."""

    primary = OnCallPersonSerializer(allow_null=True)
    backup = OnCallPersonSerializer(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class OnCallNowApiView(DeskApiView):
    """Who is on call now (R14): everybody who is signed in may know, as in the banner."""

    @extend_schema(tags=["roster"], responses={200: OnCallNowSerializer})
    def get(self, request: Request) -> Response:
        """Primary, backup, and until when."""
        found = on_call(timezone.now())
        nobody = {"primary": None, "backup": None, "until": None}
        return Response(OnCallNowSerializer(found or nobody).data)
