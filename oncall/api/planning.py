"""The rosters, their rotations, and planning them, over the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from oncall.api.frame import ReadersApiView
from oncall.api.roster import ShiftSerializer
from oncall.coverage import DAY, midnight
from oncall.dates import WRONG_YEAR, sensible
from oncall.models import Roster, Shift
from oncall.proposal import Line, Proposal
from oncall.services.publishing import preview, publish
from oncall.services.roster_watch import roster_findings
from oncall.services.shifts import check_planner
from oncall.services.stretches import fill_stretch
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView

LONGEST = timedelta(days=400)
_REFUSALS = {400: ErrorSerializer, 403: ErrorSerializer, 409: ErrorSerializer}


class PeriodSerializer(serializers.Serializer[Any]):
    """Beijing days of one roster; without ``last`` a week."""

    roster = serializers.ChoiceField(choices=Roster.choices, default=Roster.ON_CALL)
    first = serializers.DateField()
    last = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In order, and no longer than LONGEST."""
        first: date = attrs["first"]
        for name in ("first", "last"):
            if name in attrs and not sensible(attrs[name]):
                raise serializers.ValidationError({name: WRONG_YEAR})
        attrs.setdefault("last", first + timedelta(days=6))
        if not first <= attrs["last"] < first + LONGEST:
            words = _("Please choose a last day from the first one on, within %(days)d days.")
            raise serializers.ValidationError({"last": words % {"days": LONGEST.days}})
        return attrs


class PublishSerializer(PeriodSerializer):
    """What to publish; ``fingerprint`` is that of the preview."""

    by_hand_too = serializers.BooleanField(default=False)
    fingerprint = serializers.CharField(required=False, max_length=64)


class StretchSerializer(serializers.Serializer[Any]):
    """Who is put in from one instant to another."""

    roster = serializers.ChoiceField(choices=Roster.choices, default=Roster.ON_CALL)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    primary = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), required=False, allow_null=True, default=None
    )
    backup = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class RosterFindingSerializer(serializers.Serializer[Any]):
    """Something wrong with a roster."""

    roster = serializers.CharField()
    kind = serializers.CharField()
    what = serializers.CharField(source="kind.label")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    person = serializers.CharField()


class ProposedShiftSerializer(serializers.Serializer[Any]):
    """A line of a preview."""

    change = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    primary = serializers.CharField(source="primary.name")
    backup = serializers.CharField(source="backup.name", default=None)
    layer = serializers.CharField()
    instead_of = serializers.SerializerMethodField()
    problems = serializers.ListField(child=serializers.CharField())

    def get_instead_of(self, line: Line) -> list[str]:
        """Names of the people on leave for whom somebody stands in."""
        return [person.name for person in line.instead_of]


class UncoveredSerializer(serializers.Serializer[Any]):
    """Time that nobody covers."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()


class RosterProposalSerializer(serializers.Serializer[Any]):
    """What publishing does."""

    version = serializers.IntegerField()
    fingerprint = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
    lines = ProposedShiftSerializer(many=True)
    gaps = UncoveredSerializer(many=True)
    kept = ShiftSerializer(many=True)


class ShiftsApiView(DeskApiView):
    """The shifts of one roster in a period (R11, R14)."""

    @extend_schema(
        tags=["roster"], parameters=[PeriodSerializer],
        responses={200: ShiftSerializer(many=True), 400: ErrorSerializer},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """In order of time; those who do not read the roster get none."""
        period = _period(request)
        start, end = midnight(period["first"]), midnight(period["last"] + DAY)
        rows = Shift.objects.visible_to(self.person).of(period["roster"]).touching(start, end)
        return Response(
            ShiftSerializer(
                rows.select_related("primary", "backup").order_by("starts_at"), many=True
            ).data
        )

    @extend_schema(
        tags=["roster"], request=StretchSerializer,
        responses={200: ShiftSerializer(many=True), **_REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Fill or override a stretch: supervisors only; gives back what was written."""
        check_planner(self.person)
        given = StretchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        written = fill_stretch(actor=self.person, now=timezone.now(), **given.validated_data)
        return Response(ShiftSerializer(written, many=True).data)


class RosterFindingsApiView(ReadersApiView):
    """What is wrong with both rosters from now on (R11, R14)."""

    @extend_schema(
        tags=["roster"],
        responses={200: RosterFindingSerializer(many=True), 403: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Seven days ahead and to the end of each roster."""
        return Response(RosterFindingSerializer(roster_findings(timezone.now()), many=True).data)


class PublishApiView(DeskApiView):
    """GET previews, POST publishes a period from the rotations in force (R11, R14)."""

    @extend_schema(
        tags=["roster"],
        parameters=[PeriodSerializer, OpenApiParameter("by_hand_too", bool)],
        responses={200: RosterProposalSerializer, **_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Supervisors only; nothing changes."""
        check_planner(self.person)
        given = PublishSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = {key: value for key, value in given.validated_data.items() if key != "fingerprint"}
        return _answer(preview(now=timezone.now(), **asked))

    @extend_schema(
        tags=["roster"],
        request=PublishSerializer,
        responses={200: RosterProposalSerializer, **_REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Supervisors only; 409 when the preview's ``fingerprint`` is out of date."""
        check_planner(self.person)
        given = PublishSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _answer(publish(actor=self.person, now=timezone.now(), **given.validated_data))


def _answer(found: Proposal) -> Response:
    return Response(RosterProposalSerializer(found).data)


def _period(request: Request) -> dict[str, Any]:
    given = PeriodSerializer(data=request.query_params)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
