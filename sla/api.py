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

from sla.evidence import ledger_of
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


class DaySerializer(serializers.Serializer[Any]):
    """A day an internal clock ran through: the hours that counted, and the sum so far."""

    date = serializers.DateField()
    what = serializers.CharField()
    works = serializers.BooleanField()
    hours = serializers.CharField()
    counted = serializers.CharField()
    total = serializers.CharField()


class AccountSerializer(serializers.Serializer[Any]):
    """The account of one clock; ``due_at`` null while an internal one is paused."""

    title = serializers.CharField()
    why = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    lines = LineSerializer(many=True)
    to_come = LineSerializer(many=True)
    days = DaySerializer(many=True)


class LedgerSerializer(serializers.Serializer[Any]):
    """All clocks of a record; ``proved`` when the stored rows equal those of the trail."""

    record = serializers.CharField()
    internal = serializers.BooleanField()
    proved = serializers.BooleanField()
    clocks = AccountSerializer(many=True)


class LedgerApiView(DeskApiView):
    """Why is it due then?"""

    @extend_schema(
        tags=["clocks"],
        responses={200: LedgerSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, subject: str) -> Response:
        """Every clock of a record with every start, pause, stop, move and milestone.

        The contract clocks of an incident; the internal clocks of a defect, with each working day
        that counted.
        """
        found = ledger_of(self.person, subject, timezone.now())
        clocks = [
            {
                "title": account.title,
                "why": account.why,
                "state": account.chip["state"],
                "due_at": account.chip["due_at"],
                "lines": [asdict(line) for line in account.lines],
                "to_come": [asdict(line) for line in account.to_come],
                "days": [asdict(day) for day in account.days],
            }
            for account in found.accounts
        ]
        ledger = {
            "record": found.subject,
            "internal": found.internal,
            "proved": not found.differences,
            "clocks": clocks,
        }
        return Response(LedgerSerializer(ledger).data)


urlpatterns: list[URLPattern] = [
    path("clocks/<str:subject>/", LedgerApiView.as_view(), name="clocks"),
]
