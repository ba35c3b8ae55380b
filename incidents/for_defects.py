"""What the tickets room may ask about incidents (D32): registered in ``AppConfig.ready``."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from audit import services as audit
from incidents.models import Incident
from incidents.models.incidents import TERMINAL
from incidents.services.reporting import report_incident
from operations.models import ManagedObject
from tickets.incident_desk import LinkedIncident
from tickets.models import Defect


class IncidentsForDefects:
    """See ``tickets.incident_desk.IncidentDesk``."""

    def describe(self, number: str) -> LinkedIncident | None:
        """The incident with this number."""
        incident = Incident.objects.filter(number=number).first()
        return _told(incident) if incident else None

    def open_on(self, system: ManagedObject | None) -> list[LinkedIncident]:
        """Open incidents of a system, newest first; no drills."""
        rows = Incident.objects.open().filter(managed_object=system, is_drill=False)
        return [_told(each) for each in rows.order_by("-created_at")[:20]]

    def report(
        self, defect: Defect, *, impact: str, claimed_down: bool, actor: User, now: datetime
    ) -> str:
        """E1: T0 is ``now``, not the older defect's own time (domain section 2.4)."""
        assert defect.managed_object is not None  # a numbered defect names its system (R35)
        incident = report_incident(
            actor=actor,
            now=now,
            title=defect.title,
            phenomenon=f"{impact}\n\n{defect.number}\n{defect.phenomenon}",
            managed_object=defect.managed_object,
            unit=defect.unit,
            reporter=defect.reporter,
            reporter_name=defect.reporter.name,
            reporter_phone=defect.contact_phone,
            claimed_down=claimed_down,
            source_defect=defect,
            is_demo=defect.is_demo,
        )
        return incident.number

    def note_defect(self, number: str, defect: Defect, *, actor: User, now: datetime) -> None:
        """Into the incident's trail."""
        incident = Incident.objects.get(number=number)
        audit.record(
            actor=actor,
            action="incident.link_defect",
            target=incident,
            label=incident.number,
            happened_at=now,
            from_state=incident.state,
            to_state=incident.state,
            data={"defect": defect.number},
        )


def _told(incident: Incident) -> LinkedIncident:
    return LinkedIncident(
        number=incident.number,
        title=incident.title,
        url=reverse("incidents:room", args=[incident.number]),
        state=incident.state,
        state_label=incident.get_state_display(),
        severity=incident.severity,
        is_open=incident.state not in TERMINAL,
        is_drill=incident.is_drill,
    )
