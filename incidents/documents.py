"""Versions of an incident's documents as the room shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import fault_types
from incidents.models import ContingencyPlan, FaultReport
from tickets.differences import Piece, difference
from workflow.durations import stamp

# In the order of documents 5.3 and 5.2.
PLAN_SECTIONS = (
    "current_status", "difficulty", "business_impact", "interim_operation", "resources", "steps",
    "data_consistency", "risk", "notify", "expected_recovery_at", "stop_condition",
)  # fmt: skip
FIGURES = ("outage_minutes", "failed_transactions", "loss_amount", "complaints")
REPORT_SECTIONS = (
    "phenomenon", "impact", "fault_type", "direct_cause", "root_cause", "method", "loss",
    "outage_minutes", "failed_transactions", "loss_amount", "complaints", "data_loss", "recovery",
    "measures", "plan_evaluation",
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One version with its sections as (name, text), and how far it has come."""

    document: ContingencyPlan | FaultReport
    sections: list[tuple[str, Any]]
    state: str
    tone: str
    interim: bool = False
    changes: list[tuple[str, list[Piece]]] = field(default_factory=list)


def documents_of(
    rows: models.Manager[Any], user: User, *, resolved_at: datetime | None = None
) -> list[Version]:
    """All versions, latest first; the bank's people see what was delivered to them."""
    found = rows.select_related("author", "released_by", "answered_by").order_by("-version")
    if not user.is_desk:
        found = found.filter(delivered_at__isnull=False)
    versions = list(found)
    return [
        version_of(row, resolved_at=resolved_at, before=before)
        for row, before in zip_longest(versions, versions[1:])
    ]


def earlier(document: ContingencyPlan | FaultReport) -> ContingencyPlan | FaultReport | None:
    """The version before; None for the first."""
    rows = type(document)._default_manager.filter(incident=document.incident_id)
    found: ContingencyPlan | FaultReport | None = (
        rows.filter(version__lt=document.version).order_by("version").last()
    )
    return found


def version_of(
    document: ContingencyPlan | FaultReport,
    *,
    resolved_at: datetime | None = None,
    before: ContingencyPlan | FaultReport | None = None,
) -> Version:
    """A version ready for a template; a report older than the resolution is interim (E15)."""
    names = PLAN_SECTIONS if isinstance(document, ContingencyPlan) else REPORT_SECTIONS
    sections = sections_of(document, names)
    if document.is_returned:
        state, tone = _("Sent back by the bank, a new version is expected"), "late"
    elif document.answer:
        state, tone = _("Accepted by the bank"), "ok"
    elif document.delivered_at:
        state, tone = _("Delivered"), "ok"
    elif document.released_at:
        state, tone = _("Released, not delivered"), "warn"
    else:
        state, tone = _("Waits for a supervisor"), "warn"
    interim = bool(resolved_at and document.written_at < resolved_at)
    changes = _changes(document, before, names) if before is not None else []
    return Version(document, sections, state, tone, interim=interim, changes=changes)


def _changes(
    document: models.Model, before: models.Model, names: Iterable[str]
) -> list[tuple[str, list[Piece]]]:
    """The sections that differ from the version before, as a person reads it."""
    return [
        (_label(document, name), difference(str(old or ""), str(new or "")))
        for name in names
        if (old := _value(before, name)) != (new := _value(document, name))
    ]


def sections_of(document: models.Model, names: Iterable[str]) -> list[tuple[str, Any]]:
    """The named sections as (name in the reader's language, text)."""
    return [(_label(document, name), _value(document, name)) for name in names]


def _label(document: models.Model, name: str) -> str:
    return str(document._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def _value(document: models.Model, name: str) -> Any:
    value = getattr(document, name)
    if name == "fault_type":
        return fault_types.label(value)
    return stamp(value) if isinstance(value, datetime) else value
