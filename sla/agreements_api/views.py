"""Agreements over the API: list, read, preview, propose."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from sla import policies, schedule, versions
from sla.agreements_api.serializers import (
    AgreementSerializer,
    PreviewSerializer,
    ProposalSerializer,
)
from sla.models import Agreement
from sla.terms import MOST_WARNINGS, Terms, read_at
from workflow.api.actions import REFUSALS, ErrorSerializer, find_by
from workflow.api.base import DeskApiView, NewestFirst
from workflow.errors import NotAllowed

KINDS = (schedule.FIX, schedule.PLAN, schedule.REPORT)
AS_THEY_ARE = (schedule.DUTY_OPENED, schedule.BREACH)


class NewestVersions(NewestFirst):
    """By number."""

    ordering = ("-version", "-pk")


class AgreementListApiView(DeskApiView, generics.ListAPIView[Agreement]):
    """The versions this person may see; POST proposes a new one."""

    serializer_class = AgreementSerializer
    pagination_class = NewestVersions
    queryset = Agreement.objects.none()

    def get_queryset(self) -> QuerySet[Agreement]:
        """Newest first."""
        return Agreement.objects.visible_to(self.person).select_related("proposed_by", "decided_by")

    @extend_schema(tags=["agreements"], responses={200: AgreementSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page at a time."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["agreements"], request=ProposalSerializer,
        responses={201: AgreementSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Propose a version (R56); somebody else confirms it."""
        _must_be_allowed(self.person)
        agreement = versions.propose(
            actor=self.person, now=timezone.now(), wanted=_terms(request.data)
        )
        return Response(AgreementSerializer(agreement).data, status=201)


class PreviewApiView(DeskApiView):
    """What a version would mean; nothing is saved."""

    @extend_schema(
        tags=["agreements"], request=ProposalSerializer,
        responses={200: PreviewSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Differences, and the open records that keep their version."""
        _must_be_allowed(self.person)
        shown = versions.preview(_terms(request.data), now=timezone.now())
        return Response(PreviewSerializer(shown).data)


class AgreementApiView(DeskApiView):
    """One version."""

    @extend_schema(
        tags=["agreements"],
        responses={200: AgreementSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """By its number."""
        return Response(AgreementSerializer(find_agreement(self.person, key)).data)


def find_agreement(user: User, key: str) -> Agreement:
    """By number of version; raises ``NotFound``."""
    number = key.removeprefix("v")
    known = int(number) if number.isdecimal() and len(number) < 9 else 0
    rows = Agreement.objects.visible_to(user).select_related("proposed_by", "decided_by")
    found: Agreement = find_by(rows, version=known)
    return found


def _must_be_allowed(person: User) -> None:
    decision = policies.can_propose(person)
    if not decision and decision.kind != "pending":
        raise NotAllowed(decision)


def _terms(body: Any) -> Terms:
    given = ProposalSerializer(data=body)
    given.is_valid(raise_exception=True)
    values = dict(given.validated_data)
    known = versions.in_force(timezone.now())
    default = known.warnings if known else schedule.default_warnings()
    values["warnings"] = _warnings(values.get("warnings"), default)
    return Terms(**values)


def _warnings(given: Any, default: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The milestones of the body in one spelling; clocks it leaves out keep theirs."""
    if given is None:
        return default
    try:
        unknown = set(given) - set(KINDS)
        found = {kind: [_row(row) for row in rows] for kind, rows in given.items()}
        if unknown or any(len(rows) > MOST_WARNINGS for rows in found.values()):
            raise ValueError(unknown)
    except (AttributeError, KeyError, TypeError, ValueError):
        text = _("For fix, plan and report a list of “at” (50%, 60m) and “tell” (1 to 4), please.")
        raise ValidationError({"warnings": [text]}) from None
    return {**default, **found}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    at, tell = str(row["at"]), int(row["tell"])
    if not schedule.HANDLERS <= tell <= schedule.SUPERIORS:
        raise ValueError(tell)
    return {"at": at if at in AS_THEY_ARE else read_at(at), "tell": tell}
