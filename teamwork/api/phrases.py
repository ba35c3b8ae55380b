"""Canned phrases over the API."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from teamwork.forms.phrases import PhraseForm
from teamwork.models import Phrase
from teamwork.services import phrases as services
from workflow.api.actions import REFUSALS, find_by
from workflow.api.base import DeskApiView
from workflow.api.forms import form_data, invalid, serializer_from_form

NewPhraseSerializer = serializer_from_form(PhraseForm, "NewPhrase")


class PhraseSerializer(serializers.ModelSerializer[Phrase]):
    """One phrase; without an owner it is everybody's."""

    shared = serializers.SerializerMethodField()

    class Meta:
        model = Phrase
        fields: ClassVar = ["id", "kind", "text", "shared"]

    def get_shared(self, row: Phrase) -> bool:
        """Everybody's."""
        return row.owner_id is None


class PhrasesApiView(DeskApiView):
    """One's own and the shared ones."""

    @extend_schema(tags=["phrases"], responses={200: PhraseSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """All of them."""
        rows = services.visible_phrases(self.person)
        return Response(PhraseSerializer(rows, many=True).data)

    @extend_schema(
        tags=["phrases"], request=NewPhraseSerializer,
        responses={201: PhraseSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Keep one."""
        form = PhraseForm(form_data(request.data, PhraseForm), actor=self.person)
        if not form.is_valid():
            raise invalid(form)
        row = services.keep_phrase(actor=self.person, now=timezone.now(), **form.cleaned_data)
        return Response(PhraseSerializer(row).data, status=201)


class PhraseApiView(DeskApiView):
    """One phrase."""

    @extend_schema(tags=["phrases"], responses={204: None, **REFUSALS})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it away."""
        row = find_by(services.visible_phrases(self.person), pk=pk)
        services.remove_phrase(row, actor=self.person, now=timezone.now())
        return Response(status=204)
