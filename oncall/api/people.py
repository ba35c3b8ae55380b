"""Leave, swaps and calendar feeds over the API: the same forms and services as on the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.services import absolute
from oncall.api.frame import DeskListApiView, DeskOnlyApiView, listed
from oncall.forms_leave import CalendarFileForm, LeaveForm
from oncall.forms_swap import SwapForm
from oncall.models import Leave, RosterFeed, Swap
from oncall.services.feeds import make_feed, revoke_feed
from oncall.services.leave import add_leave, check_may_enter, withdraw_leave
from oncall.services.leave_import import Plan, plan_import, take_import
from oncall.services.swaps import agree_to_swap, decline_swap, offer_swap, withdraw_swap
from workflow.api.actions import REFUSALS, find_by
from workflow.api.base import DeskApiView
from workflow.api.forms import form_data, invalid, serializer_from_form
from workflow.errors import InvalidInput, NotFound

ACTS = {"agree": agree_to_swap, "decline": decline_swap, "withdraw": withdraw_swap}


class LeaveSerializer(serializers.ModelSerializer[Leave]):
    """Leave of a person (user name)."""

    person = serializers.CharField(source="person.username")
    imported = serializers.BooleanField(source="uid")

    class Meta:
        model = Leave
        fields: ClassVar = [
            "id", "person", "starts_at", "ends_at", "note", "imported", "withdrawn_at",
        ]  # fmt: skip


class LeaveLineSerializer(serializers.Serializer[Any]):
    """One time of a calendar file: new, changed, same, or gone from the calendar."""

    key = serializers.CharField(help_text="The same when the file is read again.")
    effect = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    note = serializers.CharField()


class LeavePlanSerializer(serializers.Serializer[Any]):
    """What a file does, or did: ``over`` and ``too_far`` were left out."""

    lines = LeaveLineSerializer(many=True)
    over = serializers.IntegerField()
    too_far = serializers.IntegerField()


class LeaveFileSerializer(serializers.Serializer[Any]):
    """A calendar file; ``take`` false or absent only shows what it would do."""

    file = serializers.FileField()
    person = serializers.IntegerField(required=False)
    take = serializers.BooleanField(required=False)
    without = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Keys of lines that are left out; the field is sent once for each.",
    )


@extend_schema_view(get=listed(LeaveSerializer))
class LeavesApiView(DeskListApiView):
    """One's own leave; everybody's for supervisors and managers (R14)."""

    serializer_class = LeaveSerializer
    queryset = Leave.objects.none()
    newest_by = "starts_at"
    related = ("person",)

    def get_queryset(self) -> Any:
        """Without what was withdrawn."""
        return super().get_queryset().standing()

    @extend_schema(
        tags=["roster"],
        request=serializer_from_form(LeaveForm),
        responses={201: LeaveSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Enter leave: Beijing days, with or without times."""
        data, now = form_data(request.data, LeaveForm), timezone.now()
        form = LeaveForm(data, actor=self.person, now=now)
        if not form.is_valid():
            raise invalid(form)
        leave = add_leave(actor=self.person, now=now, **form.arguments())
        return Response(LeaveSerializer(leave).data, status=201)


class WithdrawLeaveApiView(DeskOnlyApiView):
    """Take leave back."""

    @extend_schema(tags=["roster"], request=None, responses={200: LeaveSerializer, **REFUSALS})
    def post(self, request: Request, pk: int) -> Response:
        """One's own; supervisors anybody's."""
        leave = find_by(Leave.objects.visible_to(self.person), pk=pk)
        done = withdraw_leave(leave, actor=self.person, now=timezone.now())
        return Response(LeaveSerializer(done).data)


class LeaveFileApiView(DeskOnlyApiView):
    """Leave from a calendar file."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        tags=["roster"],
        request=LeaveFileSerializer,
        responses={200: LeavePlanSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Shows what it would do; with ``take`` it is done, all or nothing.

        The file is sent and read each time; lines are left out by their ``key``.
        """
        now = timezone.now()
        form = CalendarFileForm(request.data, request.FILES, actor=self.person, now=now)
        if not form.is_valid():
            raise invalid(form)
        check_may_enter(self.person, form.whose)
        plan = plan_import(form.whose, form.read, now)
        sent: Any = request.data
        without = sent.getlist("without")
        only = _kept(plan, without) if without else None
        if str(form.data.get("take", "")).lower() in ("1", "true", "on"):
            plan = take_import(
                person=form.whose, read=form.read, actor=self.person, now=now, only=only
            )
        elif only is not None:
            plan = plan.of(only)
        return Response(LeavePlanSerializer(plan).data)


def _kept(plan: Plan, without: list[str]) -> set[str]:
    """The keys that are left; a key of no line is an error, so that nothing unwanted is taken."""
    keys = {line.key for line in plan.lines}
    if unknown := sorted(set(without) - keys):
        words = _("There is no line with the key %(key)s in this file.")
        raise InvalidInput({"without": words % {"key": unknown[0]}})
    if not keys - set(without):
        raise InvalidInput({"without": _("Please choose at least one time.")})
    return keys - set(without)


class SwapSerializer(serializers.ModelSerializer[Swap]):
    """A swap; people by user name, ``back_…`` is what is taken in return."""

    proposer = serializers.CharField(source="proposer.username")
    colleague = serializers.CharField(source="colleague.username")
    roster = serializers.CharField()
    lane = serializers.CharField()
    back_roster = serializers.CharField()
    back_lane = serializers.CharField()
    state = serializers.CharField()
    ending = serializers.CharField()

    class Meta:
        model = Swap
        fields: ClassVar = [
            "id", "proposer", "colleague", "roster", "lane", "starts_at", "ends_at",
            "back_roster", "back_lane", "back_starts_at", "back_ends_at", "note", "state",
            "ending", "offered_at", "ended_at",
        ]  # fmt: skip


@extend_schema_view(get=listed(SwapSerializer))
class SwapsApiView(DeskListApiView):
    """One's own swaps; all for supervisors and managers (R14)."""

    serializer_class = SwapSerializer
    queryset = Swap.objects.none()
    newest_by = "offered_at"
    related = ("proposer", "colleague")

    @extend_schema(
        tags=["roster"],
        request=serializer_from_form(SwapForm),
        responses={201: SwapSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Offer a duty; ``duty`` and ``back`` are ``<shift id>:<primary or backup>``."""
        data, now = form_data(request.data, SwapForm), timezone.now()
        form = SwapForm(data, actor=self.person, now=now)
        if not form.is_valid():
            raise invalid(form)
        swap = offer_swap(actor=self.person, now=now, **form.arguments())
        return Response(SwapSerializer(swap).data, status=201)


class SwapActApiView(DeskOnlyApiView):
    """agree, decline, withdraw."""

    @extend_schema(
        tags=["roster"],
        operation_id="swaps_act",
        request=None,
        responses={200: SwapSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int, act: str) -> Response:
        """403 not this person, 404 out of scope, 409 not any more, with the reason."""
        run = ACTS.get(act)
        if run is None:
            raise NotFound
        swap = find_by(Swap.objects.visible_to(self.person), pk=pk)
        return Response(SwapSerializer(run(swap, actor=self.person, now=timezone.now())).data)


class FeedSerializer(serializers.ModelSerializer[RosterFeed]):
    """A calendar feed, without its secret."""

    scope = serializers.CharField()

    class Meta:
        model = RosterFeed
        fields: ClassVar = ["id", "scope", "made_at", "read_at"]


class NewFeedSerializer(serializers.Serializer[Any]):
    """mine, on_call or hotline."""

    scope = serializers.CharField()


class MadeFeedSerializer(FeedSerializer):
    """A new feed with its address, which is told only now."""

    address = serializers.CharField()

    class Meta(FeedSerializer.Meta):
        fields: ClassVar = [*FeedSerializer.Meta.fields, "address"]


class FeedsApiView(DeskApiView):
    """One's own calendar feeds (R14)."""

    @extend_schema(tags=["roster"], responses={200: FeedSerializer(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        """Those that work."""
        rows = RosterFeed.objects.visible_to(self.person).standing()
        return Response(FeedSerializer(rows, many=True).data)

    @extend_schema(
        tags=["roster"], request=NewFeedSerializer, responses={201: MadeFeedSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """A new address; the one before it stops working."""
        given = NewFeedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        feed, token = make_feed(actor=self.person, now=timezone.now(), **given.validated_data)
        address = absolute(reverse("oncall:feed", args=[feed.key, token]))
        return Response({**FeedSerializer(feed).data, "address": address}, status=201)


class RevokeFeedApiView(DeskApiView):
    """Make an address stop working."""

    @extend_schema(tags=["roster"], request=None, responses={200: FeedSerializer, **REFUSALS})
    def post(self, request: Request, pk: int) -> Response:
        """One's own."""
        feed = find_by(RosterFeed.objects.visible_to(self.person), pk=pk)
        done = revoke_feed(feed, actor=self.person, now=timezone.now())
        return Response(FeedSerializer(done).data)
