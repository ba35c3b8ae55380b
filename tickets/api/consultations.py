"""Consultations over the API: list, read, record."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from tickets import policies_consultations as policies
from tickets.api.filters import ConsultationFilter
from tickets.api.find import find_consultation
from tickets.api.forms import ApiConsultationForm
from tickets.api.serializers import ConsultationDetailSerializer, ConsultationSerializer
from tickets.models import Consultation
from tickets.services.consultations import record_consultation
from workflow.api.actions import IDEMPOTENCY_KEY, REFUSALS, ErrorSerializer
from workflow.api.base import DeskApiView, NewestFirst, submission_token
from workflow.api.forms import form_data, invalid, serializer_from_form
from workflow.errors import NotAllowed

NewConsultationSerializer = serializer_from_form(ApiConsultationForm, "NewConsultation")


class ConsultationListApiView(DeskApiView, generics.ListAPIView[Consultation]):
    """The consultations this person may see; POST records a new one."""

    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilter
    pagination_class = NewestFirst
    queryset = Consultation.objects.none()

    def get_queryset(self) -> QuerySet[Consultation]:
        """Within scope, newest first."""
        rows = Consultation.objects.visible_to(self.person)
        return rows.select_related("unit", "agent", "holder")

    @extend_schema(tags=["consultations"], responses={200: ConsultationSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Narrowed by the filters, a page at a time."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["consultations"], request=NewConsultationSerializer, parameters=[IDEMPOTENCY_KEY],
        responses={201: ConsultationDetailSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Record a consultation (C1, C2): the same key again gives the same consultation."""
        decision = policies.can_take_calls(self.person)
        if not decision:
            raise NotAllowed(decision)
        form = ApiConsultationForm(form_data(request.data, ApiConsultationForm))
        if not form.is_valid():
            raise invalid(form)
        consultation = record_consultation(
            actor=self.person,
            now=timezone.now(),
            question=form.question_of(),
            answer=form.cleaned_data["answer"],
            close=form.cleaned_data["close"],
            token=submission_token(request),
        )
        return Response(
            ConsultationDetailSerializer(consultation, context={"request": request}).data,
            status=201,
        )


class ConsultationApiView(DeskApiView):
    """One consultation."""

    @extend_schema(
        tags=["consultations"],
        responses={200: ConsultationDetailSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        found = find_consultation(self.person, key)
        return Response(ConsultationDetailSerializer(found, context={"request": request}).data)
