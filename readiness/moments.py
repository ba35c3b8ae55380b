"""The key moments of a drill, as lines for its report (document 5.3)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from audit.models import Event
from incidents.actions import TIMELINE_LABELS
from incidents.models import Incident
from workflow.durations import stamp


def key_moments(incident: Incident) -> list[str]:
    """``2026-11-23 09:05:10 张伟 已接手``, oldest first."""
    rows = Event.objects.filter(
        target_type="incidents.incident", target_id=str(incident.pk), outcome="done"
    ).order_by("happened_at", "seq")
    return [
        _line(row.happened_at, row.actor_name, str(TIMELINE_LABELS[row.action]), row.opinion)
        for row in rows
        if row.action in TIMELINE_LABELS
    ]


def _line(at: datetime, person: str, what: str, words: str) -> str:
    said = _("%(time)s %(person)s: %(what)s") % {
        "time": stamp(at, "s"), "person": person.partition(" (")[0], "what": what,
    }  # fmt: skip
    return f"{said} · {words}" if words else said
