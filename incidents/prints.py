"""Documents as A4 forms (domain 5.2, 5.3, R18), printed from what was kept when written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.actions.labels import TIMELINE_LABELS
from incidents.documents import (
    FIGURES,
    PLAN_SECTIONS,
    REPORT_SECTIONS,
    Version,
    sections_of,
    version_of,
)
from incidents.models import ContingencyPlan, FaultReport, Grade, Incident
from sla.models import Clock
from sla.panels import LABELS
from workflow.durations import length, stamp

DocumentT = TypeVar("DocumentT", ContingencyPlan, FaultReport)


@dataclass(frozen=True)
class Printed:
    """A form: its title, sections and, of a report, what the snapshot says."""

    title: str
    version: int
    author: User
    written_at: datetime
    document: Version | None = None
    summary: str = ""
    parts: list[tuple[str, Any]] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    facts: list[tuple[str, Any]] = field(default_factory=list)
    figures: list[tuple[str, Any]] = field(default_factory=list)
    limits: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def printed(incident: Incident, user: User, kind: str, version: int) -> Printed:
    """The form of one version; 404 outside the desk unless it was delivered to the bank."""
    if kind == "recovery":
        rows = incident.recovery_documents.select_related("author")
        found = get_object_or_404(rows if user.is_desk else rows.none(), version=version)
        return Printed(
            _("Recovery document"), found.version, found.author, found.written_at,
            summary=found.summary, rows=[_row(row) for row in found.rows],
            facts=_base(incident),
        )  # fmt: skip
    if kind == "plan":
        plan = get_object_or_404(_given(ContingencyPlan, incident, user), version=version)
        return Printed(
            _("Contingency plan (this incident)"), version, plan.author, plan.written_at,
            version_of(plan), parts=sections_of(plan, PLAN_SECTIONS), facts=_base(incident),
        )  # fmt: skip
    report = get_object_or_404(_given(FaultReport, incident, user), version=version)
    return _report(incident, report, _("Fault report"))


def _given(model: type[DocumentT], incident: Incident, user: User) -> models.QuerySet[DocumentT]:
    """All versions for the desk, the delivered ones for the bank."""
    rows = model._default_manager.filter(incident=incident)
    if not user.is_desk:
        rows = rows.filter(delivered_at__isnull=False)
    return rows.select_related("author", "released_by", "answered_by")


def _report(incident: Incident, document: FaultReport, title: str) -> Printed:
    kept: dict[str, Any] = document.snapshot
    return Printed(
        title,
        document.version,
        document.author,
        document.written_at,
        version_of(document, resolved_at=incident.resolved_at),
        # The loss in figures stands in one table after the words.
        parts=sections_of(document, [name for name in REPORT_SECTIONS if name not in FIGURES]),
        figures=sections_of(document, FIGURES),
        rows=[_row(row) for row in kept.get("course", [])],
        facts=_base(incident) + _times(kept),
        limits=[(_clock(row), _limit(row)) for row in kept.get("clocks", [])],
        notes=_notes(kept),
    )


def _base(incident: Incident) -> list[tuple[str, Any]]:
    return [
        (_("Number"), incident.number),
        (_("System"), incident.managed_object.label),
        (_("Reporting unit"), incident.unit.label),
        (_("Severity"), incident.get_severity_display()),
    ]


def _times(kept: dict[str, Any]) -> list[tuple[str, Any]]:
    times = kept.get("times", {})
    names = {name: Incident._meta.get_field(name).verbose_name for name in times}  # type: ignore[union-attr]
    rows: list[tuple[str, Any]] = [
        (str(names[name])[:1].upper() + str(names[name])[1:], _at(value))
        for name, value in times.items()
    ]
    began = parse_datetime(times.get("occurred_at") or times.get("first_contact_at") or "")
    ended = parse_datetime(times.get("resolved_at") or "")
    if began and ended:
        rows.append((_("Duration"), length(ended - began, ended)))
    if kept.get("grade"):
        rows.append((_("Grade"), Grade(kept["grade"]).label))
    return rows


def _clock(row: dict[str, Any]) -> str:
    return f"{LABELS[Clock.Kind(row['kind'])]} {row['run']}"


def _limit(row: dict[str, Any]) -> str:
    said = [
        str(Clock.State(row["state"]).label),
        _("due %(time)s") % {"time": _at(row["due_at"])},
    ]
    if row["stopped_at"]:
        said.append(_("stopped %(time)s") % {"time": _at(row["stopped_at"])})
    if row["breached_at"]:
        said.append(_("breached %(time)s") % {"time": _at(row["breached_at"])})
    return " · ".join(said)


def _notes(kept: dict[str, Any]) -> list[str]:
    """Corrections of T0 with both values, and time others answer for."""
    said = [
        _("T0 corrected from %(before)s to %(after)s: %(reason)s (%(who)s)")
        % {
            "before": _at(row["before"]),
            "after": _at(row["after"]),
            "reason": row["reason"],
            "who": " / ".join(name for name in (row["asked_by"], row["decided_by"]) if name),
        }
        for row in kept.get("t0_changes", [])
    ]
    said += [
        _("Outside our responsibility (%(party)s): %(start)s to %(end)s, %(reason)s")
        % {
            "party": row["party"],
            "start": _at(row["from"]),
            "end": _at(row["to"]),
            "reason": row["reason"],
        }
        for row in kept.get("outside", [])
    ]
    if seconds := kept.get("outside_seconds"):
        said.append(
            _("Outside our responsibility together: %(minutes)s minutes; it changes no time limit.")
            % {"minutes": seconds // 60}
        )
    return said


def _row(row: dict[str, str]) -> dict[str, str]:
    label = TIMELINE_LABELS.get(row.get("code", ""), "")
    event = row.get("event") or row.get("action", "")
    return {
        "at": _at(row["at"]),
        "event": f"{label}: {event}" if label and event else str(label or event),
        "operator": row["operator"],
        "result": row["result"],
    }


def _at(value: str) -> str:
    at = parse_datetime(value) if value else None
    return stamp(at, "s") if at else "—"
