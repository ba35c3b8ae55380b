"""Tells the tickets room whether a defect belongs to a running system-down incident (D26)."""

from __future__ import annotations

from django.db.models import Q

from incidents.models import Incident
from incidents.models.incidents import UNRESOLVED
from tickets.models import Defect


def running_for(defect: Defect) -> str:
    """Number of the unresolved S1 incident, no drill, to which ``defect`` is linked; or ""."""
    linked = Q(source_defect=defect)
    if defect.incident_number:
        linked |= Q(number=defect.incident_number)
    running = Incident.objects.filter(
        linked, severity=Incident.Severity.S1, state__in=UNRESOLVED, is_drill=False
    )
    number = running.values_list("number", flat=True).first()
    return number or ""
