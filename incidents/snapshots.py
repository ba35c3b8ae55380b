"""The course of an incident as it stood when a document was written: what is printed later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from audit.models import Event
from incidents.models import Incident, T0Change
from sla.models import Clock

TIMES = (
    "occurred_at", "first_contact_at", "acknowledged_at", "declared_at", "mitigated_at",
    "resolved_at", "confirmed_at", "fault_point_at", "restored_to_at",
)  # fmt: skip


def snapshot(incident: Incident) -> dict[str, Any]:
    """Times, clocks, course, corrections of T0 and outside time; ISO instants (UTC) and codes, so
    that every reader gets them in the own language."""
    return {
        "times": {name: _iso(getattr(incident, name)) for name in TIMES},
        "severity": incident.severity,
        "grade": _grade(incident),
        "clocks": kept_clocks(incident),
        "course": course(incident),
        "t0_changes": [
            {"before": _iso(row.before), "after": _iso(row.after), "reason": row.reason,
             "asked_by": row.asked_by.name,
             "decided_by": row.decided_by.name if row.decided_by else ""}
            for row in incident.t0_changes.filter(
                state=T0Change.State.IN_FORCE
            ).select_related("asked_by", "decided_by")
        ],
        "outside": [
            {"from": _iso(row.from_at), "to": _iso(row.to_at), "party": row.party,
             "reason": row.reason}
            for row in incident.outside_times.all()
        ],
        "outside_seconds": int(outside_total(incident).total_seconds()),
        "protections": [
            {"at": _iso(row.protected_at), "scope": row.scope, "method": row.method,
             "location": row.location, "exempt_reason": row.exempt_reason,
             "operator": row.operator.name, "verified_by": row.verified_by.name}
            for row in incident.data_protections.select_related("operator", "verified_by")
        ],
    }  # fmt: skip


def course(incident: Incident) -> list[dict[str, str]]:
    """Time, event, operator, result: public acts and rows of the recovery document, in order."""
    acts = Event.objects.about(incident).filter(outcome=Event.Outcome.DONE, public=True)
    rows = [
        {
            "at": event.happened_at.isoformat(),
            "code": event.action,
            "event": event.opinion,
            "operator": event.actor_name,
            "result": "",
        }
        for event in acts
    ]
    rows += [
        {
            "at": row.happened_at.isoformat(),
            "code": "",
            "event": row.action,
            "operator": row.operator.name,
            "result": row.result,
        }
        for row in incident.recovery_entries.select_related("operator")
    ]
    return sorted(rows, key=lambda row: row["at"])


def outside_total(incident: Incident) -> timedelta:
    """Length of the union of the outside times: overlapping ones count once."""
    return union((row.from_at, row.to_at) for row in incident.outside_times.all())


def union(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """Total length of the union of spans."""
    total, reached = timedelta(0), None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        if end > begin:
            total += end - begin
        reached = end if reached is None else max(reached, end)
    return total


def _grade(incident: Incident) -> str:
    last = incident.grade_decisions.last()
    return last.grade if last else ""


def kept_clocks(incident: Incident) -> list[dict[str, Any]]:
    """Every clock with its due time and how it ended."""
    if incident.commitment is None:
        return []
    rows = Clock.objects.filter(commitment=incident.commitment).order_by("pk")
    return [
        {
            "kind": row.kind,
            "run": row.run,
            "state": row.state,
            "due_at": _iso(row.due_at),
            "stopped_at": _iso(row.stopped_at),
            "breached_at": _iso(row.breached_at),
        }
        for row in rows
    ]


def _iso(value: datetime | None) -> str:
    return value.isoformat() if value else ""
