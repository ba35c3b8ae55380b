"""Incidents, as people gather around them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident
from incidents.models.incidents import TERMINAL
from oncall.rota import on_call
from teamwork.records import RecordKind, present_holders
from workflow.decisions import Text
from workflow.errors import NotFound


def _find(user: User, key: str) -> Incident:
    rows = Incident.objects.visible_to(user).select_related("holder", "unit", "reporter")
    found: Incident | None = rows.filter(number=key).first()
    if found is None:
        raise NotFound
    return found


def _holders(incident: Incident, now: datetime) -> list[User]:
    """While nobody has taken it over: the people on call at ``now`` (UTC)."""
    if incident.holder is None and incident.holder_role == "oncall":
        duty = on_call(now)
        return [duty.primary, duty.backup] if duty else []
    return present_holders(incident, now)


def _labels() -> Mapping[str, Text]:
    from incidents.actions import TIMELINE_LABELS

    return TIMELINE_LABELS


INCIDENT = RecordKind(
    name="incident",
    label=_("Incident"),
    model=Incident,
    visible=lambda user: Incident.objects.visible_to(user),
    find=_find,
    is_open=lambda record: record.state not in TERMINAL,
    asker=lambda record: record.reporter,
    title=lambda record: str(record.title),
    url=lambda record: reverse("incidents:room", args=[record.number]),
    labels=_labels,
    holders=_holders,
)
