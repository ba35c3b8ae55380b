"""How the person who asks is called, over the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from oncall.api.views import PageSerializer
from oncall.ladder_page import WISH_CHOICES
from oncall.numbers import warnings_for
from oncall.policies import PHONE_OWNERS
from oncall.services.reach import reach_of, set_reach
from oncall.services.trials import call_myself
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView
from workflow.errors import NotFound


class WishesSerializer(serializers.Serializer[Any]):
    """Channels besides the call, by urgency; an urgency that is left out stays as it is."""

    urgent = serializers.MultipleChoiceField(choices=WISH_CHOICES, required=False)
    routine = serializers.MultipleChoiceField(choices=WISH_CHOICES, required=False)
    drill = serializers.MultipleChoiceField(choices=WISH_CHOICES, required=False)


class MyLineSerializer(serializers.Serializer[Any]):
    """Number, what is doubtful about it, and the wishes."""

    phone = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())
    wishes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class MyLineApiView(DeskApiView):
    """How I am called."""

    @extend_schema(tags=["pages"], responses={200: MyLineSerializer, 404: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """Nothing (404) for people who are never called."""
        return Response(_shown(_called(self)))

    @extend_schema(
        tags=["pages"],
        request=WishesSerializer,
        responses={
            200: MyLineSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer,
        },
    )  # fmt: skip
    def patch(self, request: Request) -> Response:
        """Change what comes besides the calls; calls are never less (R14)."""
        person = _called(self)
        given = WishesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wishes = {name: given.validated_data[name] for name in given.validated_data}
        set_reach(actor=person, wishes=wishes, now=timezone.now())
        return Response(_shown(person))


class TestCallApiView(DeskApiView):
    """Call me now as a test."""

    @extend_schema(
        tags=["pages"],
        request=None,
        responses={201: PageSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Rings the own telephone once; a test that is under way is returned as it is."""
        page = call_myself(actor=_called(self), now=timezone.now())
        return Response(PageSerializer(page).data, status=201)


def _called(view: DeskApiView) -> User:
    if not view.person.has_role(*PHONE_OWNERS):
        raise NotFound
    return view.person


def _shown(person: User) -> dict[str, Any]:
    shown = {
        "phone": person.phone,
        "warnings": warnings_for(person.phone),
        "wishes": reach_of(person),
    }
    return MyLineSerializer(shown).data
