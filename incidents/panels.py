"""What stands beside the course of an incident in its room: impact, grade, T0, review, links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import grading
from incidents.models import Grade, GradeDecision, ImprovementItem, Incident, Review, T0Change
from incidents.scope import visible_incidents
from incidents.snapshots import outside_total
from tickets.models import Defect
from tickets.models.defects import DefectQuerySet


@dataclass(frozen=True)
class GradeView:
    """The suggestion now, and what the bank has decided."""

    suggested: str
    interrupted: timedelta
    provinces: int | None
    business_hours: str
    decision: GradeDecision | None
    milestones: list[grading.Due]


def grade(incident: Incident, now: datetime) -> GradeView:
    """For the regulator panel; ``now`` UTC."""
    found = grading.suggestion(incident, now)
    return GradeView(
        str(Grade(found.grade).label),
        found.interrupted,
        found.provinces,
        found.business_hours,
        incident.grade_decisions.select_related("decided_by").last(),
        grading.milestones(incident, now),
    )


def impact(incident: Incident) -> list[tuple[str, Any]]:
    """Scope of the impact as (name, figure); a dash for what is not known."""
    amount = incident.failed_amount
    return [
        (_("Business impact"), incident.business_impact or incident.assessment),
        (_("Provinces affected"), incident.provinces),
        (_("Institutions"), incident.institutions),
        (_("Merchants affected"), incident.merchants),
        (_("Terminals affected"), incident.terminals),
        (_("Failed transactions"), incident.failed_transactions),
        (_("Amount of failed transactions, yuan"), f"{amount:,.2f}" if amount is not None else ""),
        (_("Complaints"), incident.complaints),
    ]


def t0_changes(incident: Incident) -> list[T0Change]:
    """Every correction of T0 with both values, in order."""
    return list(incident.t0_changes.select_related("asked_by", "decided_by"))


def outside(incident: Incident) -> dict[str, Any]:
    """Times others answer for, and their length together."""
    rows = list(incident.outside_times.select_related("recorded_by"))
    return {"rows": rows, "total": outside_total(incident) if rows else None}


@dataclass(frozen=True)
class ReviewView:
    """The review with its items; ``late`` items are overdue."""

    review: Review
    participants: list[User]
    items: list[tuple[ImprovementItem, bool]]


def review(incident: Incident, now: datetime) -> ReviewView | None:
    """None before it is held."""
    found = Review.objects.select_related("chair").filter(incident=incident).first()
    if found is None:
        return None
    items = incident.improvements.select_related("owner", "done_by")
    return ReviewView(
        found,
        list(found.participants.all()),
        [(item, item.done_at is None and item.due_at < now) for item in items],
    )


@dataclass(frozen=True)
class Link:
    """A related record: what it is to this one, number, title, address."""

    what: str
    number: str
    title: str
    url: str


def links(incident: Incident, user: User) -> list[Link]:
    """Related incidents and the defects escalated to it, as far as ``user`` may see them."""
    near = Q(merged_into=incident) | Q(recurrence_of=incident)
    near |= Q(pk__in=[incident.merged_into_id or 0, incident.recurrence_of_id or 0])
    rows: models.QuerySet[Incident] = visible_incidents(user).filter(near).order_by("pk")
    found = [Link(_what(row, incident), row.number, row.title, _room(row)) for row in rows]
    return found + [
        Link(
            _("Came from defect") if row.pk == incident.source_defect_id else _("Joined by defect"),
            row.label, row.title, reverse("tickets:defect", args=[row.key]),
        )
        for row in _defects(incident).visible_to(user).order_by("pk")
    ]  # fmt: skip


def _defects(incident: Incident) -> DefectQuerySet:
    return Defect.objects.filter(
        Q(pk=incident.source_defect_id or 0) | Q(incident_number=incident.number)
    )


def _what(row: Incident, incident: Incident) -> str:
    if row.pk == incident.merged_into_id:
        return _("Merged into")
    if row.pk == incident.recurrence_of_id:
        return _("Recurrence of")
    if row.merged_into_id == incident.pk:
        return _("Merged into this one")
    return _("Came back as")


def _room(row: Incident) -> str:
    return reverse("incidents:room", args=[row.number])
