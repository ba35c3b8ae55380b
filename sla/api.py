"""The deadline ledger over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sla.ledger import Line, account_of
from sla.proof import differences
from sla.scope import visible_commitment
from workflow.api.actions import ErrorSerializer
from workflow.api.base import DeskApiView


class LineSerializer(serializers.Serializer[Any]):
    """One thing that happened to a clock; ``seq`` and ``hash`` are its row in the audit trail."""

    at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField()
    person = serializers.CharField()
    reason = serializers.CharField()
    seq = serializers.IntegerField(allow_null=True)
    hash = serializers.CharField()


class AccountSerializer(serializers.Serializer[Any]):
    """The account of one clock."""

    title = serializers.CharField()
    why = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField()
    lines = LineSerializer(many=True)
    to_come = LineSerializer(many=True)


class LedgerSerializer(serializers.Serializer[Any]):
    """All clocks of a record; ``proved`` when the stored rows equal those of the trail."""

    record = serializers.CharField()
    proved = serializers.BooleanField()
    clocks = AccountSerializer(many=True)


class LedgerApiView(DeskApiView):
    """Why is it due then?"""

    @extend_schema(
        tags=["clocks"],
        responses={200: LedgerSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, subject: str) -> Response:
        """Every clock of a record with every start, stop, move and milestone."""
        commitment = visible_commitment(self.person, subject)
        clocks = [
            {
                "title": account.title,
                "why": account.why,
                "state": account.chip["state"],
                "due_at": account.chip["due_at"],
                "lines": [_as_data(line) for line in account.lines],
                "to_come": [_as_data(line) for line in account.to_come],
            }
            for account in account_of(commitment)
        ]
        proved = not differences([commitment], timezone.now())
        ledger = {"record": commitment.subject, "proved": proved, "clocks": clocks}
        return Response(LedgerSerializer(ledger).data)


def _as_data(line: Line) -> dict[str, Any]:
    return asdict(line)


urlpatterns: list[URLPattern] = [
    path("clocks/<str:subject>/", LedgerApiView.as_view(), name="clocks"),
]
