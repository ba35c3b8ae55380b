"""Versions of an incident's documents as the room shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import fault_types
from incidents.models import ContingencyPlan, FaultReport
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


def documents_of(
    rows: models.Manager[Any], user: User, *, resolved_at: datetime | None = None
) -> list[Version]:
    """All versions, latest first; the bank's people see what was delivered to them."""
    found = rows.select_related("author", "released_by", "answered_by").order_by("-version")
    if not user.is_desk:
        found = found.filter(delivered_at__isnull=False)
    return [version_of(row, resolved_at=resolved_at) for row in found]


def version_of(
    document: ContingencyPlan | FaultReport, *, resolved_at: datetime | None = None
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
    return Version(document, sections, state, tone, interim=interim)


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
