"""Pages over the API: list, read, take."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.models import Attempt, Page
from oncall.services.pages import acknowledge
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView, NewestFirst
from workflow.errors import NotFound
from workflow.phones import mask_phone


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try to reach one person."""

    person = serializers.CharField(source="person.name")
    number = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields: ClassVar = [
            "rung", "person", "number", "channel", "state", "digits", "created_at", "sent_at",
            "placed_at", "answered_at", "ended_at", "error",
        ]  # fmt: skip

    def get_number(self, attempt: Attempt) -> str:
        """Masked, as everywhere in lists."""
        return mask_phone(attempt.number)


class PageSerializer(serializers.ModelSerializer[Page]):
    """A page in a list."""

    acknowledged_by = serializers.CharField(source="acknowledged_by.name", default=None)

    class Meta:
        model = Page
        fields: ClassVar = [
            "id", "subject", "title", "kind", "urgency", "is_drill", "state", "step_index",
            "started_at", "acknowledged_at", "acknowledged_by", "acknowledged_via", "closed_at",
        ]  # fmt: skip


class PageDetailSerializer(PageSerializer):
    """A page with its attempts."""

    attempts = AttemptSerializer(many=True)

    class Meta(PageSerializer.Meta):
        fields: ClassVar = [*PageSerializer.Meta.fields, "next_step_at", "rearm_at", "attempts"]


class PageFilter(django_filters.FilterSet):  # type: ignore[misc] # published untyped
    """What the list can be narrowed to."""

    class Meta:
        model = Page
        fields: ClassVar = ["state", "subject", "kind", "is_drill"]


class NewestPagesFirst(NewestFirst):
    """By the time the calling began."""

    ordering = ("-started_at", "-pk")


class PageListApiView(DeskApiView, generics.ListAPIView[Page]):
    """The pages this person may see."""

    serializer_class = PageSerializer
    filterset_class = PageFilter
    pagination_class = NewestPagesFirst
    queryset = Page.objects.none()

    def get_queryset(self) -> QuerySet[Page]:
        """Within scope, newest first."""
        return Page.objects.visible_to(self.person).select_related("acknowledged_by")

    @extend_schema(tags=["pages"], responses={200: PageSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Narrowed by the filters, a page at a time."""
        return super().get(request, *args, **kwargs)


class PageApiView(DeskApiView):
    """One page."""

    @extend_schema(tags=["pages"], responses={200: PageDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """With every attempt."""
        return Response(PageDetailSerializer(_find(self, pk)).data)


class TakePageApiView(DeskApiView):
    """I take it."""

    @extend_schema(
        tags=["pages"],
        request=None,
        responses={
            200: PageDetailSerializer, 403: ErrorSerializer, 404: ErrorSerializer,
            409: ErrorSerializer,
        },
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Taking what somebody has already taken changes nothing and shows who did."""
        page = _find(self, pk)
        acknowledge(page=page, person=self.person, via="browser", now=timezone.now())
        return Response(PageDetailSerializer(_find(self, pk)).data)


def _find(view: DeskApiView, pk: int) -> Page:
    visible = Page.objects.visible_to(view.person).select_related("acknowledged_by")
    found: Page | None = visible.prefetch_related("attempts__person").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
