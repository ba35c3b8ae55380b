"""Acts around a record over the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from teamwork.acts import ACTS
from teamwork.records import kind_named
from teamwork.services.around import nudged, watchers
from workflow.api.actions import REFUSALS
from workflow.api.base import DeskApiView
from workflow.api.forms import form_data, invalid
from workflow.errors import NotFound


class AroundSerializer(serializers.Serializer[Any]):
    """How often the holder was nudged in this state, and who follows (user names, desk only)."""

    nudged = serializers.IntegerField()
    watchers = serializers.ListField(child=serializers.CharField())


class AroundInputSerializer(serializers.Serializer[Any]):
    """``opinion`` for nudge, note and comment; ``person`` (id) for the watchers' acts."""

    opinion = serializers.CharField(required=False)
    person = serializers.IntegerField(required=False)


class AroundApiView(DeskApiView):
    """The people around one record (``kind``: defect, consultation, incident)."""

    @extend_schema(tags=["around"], responses={200: AroundSerializer, **REFUSALS})
    def get(self, request: Request, kind: str, key: str) -> Response:
        """Nudges and watchers."""
        found = kind_named(kind)
        if found is None:
            raise NotFound
        record = found.find(self.person, key)
        people = watchers(found, record) if self.person.is_desk else []
        names = [person.username for person in people]
        return Response({"nudged": nudged(record), "watchers": names})


class AroundActApiView(DeskApiView):
    """nudge, watch, unwatch, add_watcher, remove_watcher, note, comment."""

    @extend_schema(
        tags=["around"],
        request=AroundInputSerializer,
        responses={200: AroundSerializer, **REFUSALS},
    )
    def post(self, request: Request, kind: str, key: str, act: str) -> Response:
        """Do it: 403 not this person, 404 out of scope, 409 not now."""
        found, chosen = kind_named(kind), ACTS.get(act)
        if found is None or chosen is None:
            raise NotFound
        record = found.find(self.person, key)
        form = chosen.form(form_data(request.data, chosen.form), actor=self.person, record=record)
        if not form.is_valid():
            raise invalid(form)
        chosen.run(found, record, actor=self.person, now=timezone.now(), **form.cleaned_data)
        people = watchers(found, record) if self.person.is_desk else []
        names = [person.username for person in people]
        return Response({"nudged": nudged(record), "watchers": names})
