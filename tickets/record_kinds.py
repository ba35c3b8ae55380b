"""Defects and consultations, as people gather around them."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from teamwork.records import RecordKind
from tickets.models import Consultation, Defect
from workflow.decisions import Text
from workflow.errors import NotFound


def _find_consultation(user: User, key: str) -> Consultation:
    rows = Consultation.objects.visible_to(user).select_related("holder", "unit", "caller")
    found: Consultation | None = rows.filter(number=key).first()
    if found is None:
        raise NotFound
    return found


def _find_defect(user: User, key: str) -> Defect:
    from tickets.views.defects import find_defect

    return find_defect(user, key)


def _defect_labels() -> Mapping[str, Text]:
    from tickets.timeline import EVENTS

    return {action: label for action, (label, _icon) in EVENTS.items()}


def _consultation_labels() -> Mapping[str, Text]:
    from tickets.actions_consultations import CONSULTATION_MOMENTS

    return CONSULTATION_MOMENTS


DEFECT = RecordKind(
    name="defect",
    label=_("Defect"),
    model=Defect,
    visible=lambda user: Defect.objects.visible_to(user),
    find=_find_defect,
    is_open=lambda record: record.is_open and record.number is not None,
    asker=lambda record: record.reporter,
    title=lambda record: str(record.title),
    url=lambda record: str(record.get_absolute_url()),
    labels=_defect_labels,
)
CONSULTATION = RecordKind(
    name="consultation",
    label=_("Consultation"),
    model=Consultation,
    visible=lambda user: Consultation.objects.visible_to(user),
    find=_find_consultation,
    is_open=lambda record: record.state == Consultation.State.OPEN,
    asker=lambda record: record.caller,
    title=lambda record: str(record.title),
    url=lambda record: reverse("tickets:consultation", args=[record.number]),
    labels=_consultation_labels,
)
