"""The actions of a record over the API: one address for each, so that OpenAPI lists them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from workflow.actions import Action, ActionSet
from workflow.api.base import DeskApiView
from workflow.api.forms import describe, form_data, invalid, serializer_from_form
from workflow.authority import decide
from workflow.errors import NotFound, insist
from workflow.models import FlowRecord

ErrorSerializer = inline_serializer(
    "Error",
    {
        "error": inline_serializer(
            "ErrorBody",
            {
                "code": serializers.CharField(),
                "message": serializers.CharField(),
                "fields": serializers.DictField(
                    child=serializers.ListField(child=serializers.CharField()), required=False
                ),
                "request_id": serializers.CharField(required=False),
            },
        )
    },
)
# What an act may be refused with.
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 429), ErrorSerializer)


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="The same key again gives the first record back instead of a second one.",
)


class ChoiceSerializer(serializers.Serializer[Any]):
    """One value a field may take on this record."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have labels too


class FieldSerializer(serializers.Serializer[Any]):
    """One field of an act's input, with what fits this record."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()  # type: ignore[assignment]
    initial = serializers.JSONField(allow_null=True)
    choices = ChoiceSerializer(many=True, allow_null=True)


class OfferSerializer(serializers.Serializer[Any]):
    """An act as this person meets it on this record."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have labels too
    help = serializers.CharField(allow_blank=True)
    allowed = serializers.BooleanField()
    reason_code = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    on_behalf_of = serializers.CharField(
        allow_blank=True, help_text="User name of the person in whose place it would be done (I15)."
    )
    input = FieldSerializer(many=True)


@dataclass(frozen=True)
class RecordApi:
    """How the API finds, shows and names one kind of record (``kind``: its part of the address)."""

    kind: str
    actions: ActionSet
    find: Callable[[User, str], FlowRecord]
    serializer: type[serializers.BaseSerializer[Any]]

    def routes(self) -> list[URLPattern]:
        """``<kind>/<key>/actions/`` and one address below it for each action."""
        listing = OffersApiView.as_view(api=self)
        found = [path(f"{self.kind}/<str:key>/actions/", listing, name=f"{self.kind}_actions")]
        for action in self.actions:
            view = _view_of(self, action)
            address = f"{self.kind}/<str:key>/actions/{action.code}/"
            found.append(path(address, view.as_view(), name=self.url_name(action)))
        return found

    def url_name(self, action: Action) -> str:
        """Name of an action's address."""
        return f"{self.kind}_{action.code}"


class OffersApiView(DeskApiView):
    """Which acts are possible now, and why the others are not."""

    api: RecordApi = None  # type: ignore[assignment]

    @extend_schema(
        responses={200: OfferSerializer(many=True), 401: ErrorSerializer, 404: ErrorSerializer}
    )
    def get(self, request: Request, key: str) -> Response:
        """The acts as this person meets them on this record, possible ones first."""
        record = self.api.find(self.person, key)
        offers = self.api.actions.offers(
            self.person,
            record,
            lambda code: reverse(f"api:{self.api.kind}_{code}", args=[key]),
        )
        rows = [
            {
                "code": offer.action.code,
                "label": str(offer.action.label),
                "help": str(offer.action.help),
                "allowed": offer.enabled,
                "reason_code": "" if offer.enabled else offer.decision.code,
                "reason": str(offer.decision.message),
                "url": offer.url,
                "on_behalf_of": offer.on_behalf_of.username if offer.on_behalf_of else "",
                "input": describe(offer.action.form(actor=self.person, record=record))
                if offer.enabled
                else [],
            }
            for offer in offers
        ]
        return Response(OfferSerializer(rows, many=True).data)


class ActionApiView(DeskApiView):
    """POST does one action: the page's own form checks the input, the page's own service acts."""

    api: ClassVar[RecordApi]
    action: ClassVar[Action]

    def post(self, request: Request, key: str) -> Response:
        """200 with the record · 400 input · 403 not this person · 404 · 409 not now, or stale."""
        record = self.api.find(self.person, key)
        form_class = self.action.form
        data = form_data(request.data, form_class)
        who, decision = decide(self.action.policy, self.person, record)
        form = form_class(data, request.FILES, actor=who, record=record)
        if not form.is_valid():
            insist(decision)
            raise invalid(form)
        done = self.action.run(
            record, actor=self.person, now=timezone.now(), **form.service_arguments()
        )
        return Response(self.api.serializer(done, context={"request": request}).data)


def find_by(queryset: Any, **lookup: Any) -> Any:
    """The one row, or the 404 envelope."""
    record = queryset.filter(**lookup).first()
    if record is None:
        raise NotFound
    return record


def _view_of(api: RecordApi, action: Action) -> type[ActionApiView]:
    name = "".join(part.title() for part in f"{api.actions.name}_{action.code}".split("_"))
    serializer = serializer_from_form(action.form, name)
    view: type[ActionApiView] = type(
        f"{name}View", (ActionApiView,), {"api": api, "action": action}
    )

    @extend_schema(
        operation_id=f"{api.kind}_{action.code}",
        summary=action.label,
        description=format_lazy("{help} ({ref})", help=action.help, ref=action.ref),
        tags=[api.kind],
        request=serializer,
        responses={200: api.serializer, **REFUSALS},
    )
    def post(self: ActionApiView, request: Request, key: str) -> Response:
        return ActionApiView.post(self, request, key)

    setattr(view, "post", post)  # noqa: B010 - the class was made a few lines above
    return view
