"""Live incidents with their next deadline, for the handover sheet (R11, R14)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from incidents.models import Incident
from oncall.open_items import MOST_OF_A_KIND, ItemKind, OpenItem, in_languages
from sla.models import Clock
from sla.panels import LABELS


def live_incidents(now: datetime, until: datetime) -> list[OpenItem]:
    """Every incident that is not at its end, drills apart, with the clock that is due next."""
    rows = Incident.objects.filter(is_drill=False).open().select_related("commitment")
    found = list(
        rows.prefetch_related("commitment__clocks").order_by("created_at")[:MOST_OF_A_KIND]
    )
    return [_item(incident) for incident in found]


def _item(incident: Incident) -> OpenItem:
    clock = _next(incident)
    return OpenItem(
        ItemKind.INCIDENT, incident.number, in_languages(lambda: _words(incident, clock)),
        reverse("incidents:room", args=[incident.number]), clock.due_at if clock else None,
    )  # fmt: skip


def _next(incident: Incident) -> Clock | None:
    if incident.commitment is None:
        return None
    running = [
        clock for clock in incident.commitment.clocks.all() if clock.state == Clock.State.RUNNING
    ]
    return min(running, key=lambda clock: clock.due_at, default=None)


def _words(incident: Incident, clock: Clock | None) -> str:
    parts = [incident.severity, incident.title, incident.get_state_display()]
    if clock is not None:
        parts.append(str(LABELS[Clock.Kind(clock.kind)]))
    return " · ".join(str(part) for part in parts if part)
