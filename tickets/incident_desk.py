"""What this room must know about incidents, which stand above it (D32).

The incidents room registers its desk when the product starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.models import User
from operations.models import ManagedObject
from tickets.models import Defect


@dataclass(frozen=True)
class LinkedIncident:
    """An incident as a defect's page shows it."""

    number: str
    title: str
    url: str
    state: str
    state_label: str
    severity: str
    is_open: bool
    is_drill: bool = False


class IncidentDesk(Protocol):
    """What the incidents room does for a defect; writing is inside the caller's transaction."""

    def describe(self, number: str) -> LinkedIncident | None:
        """The incident with this number."""

    def open_on(self, system: ManagedObject | None) -> list[LinkedIncident]:
        """Open incidents of a system, newest first; no drills."""

    def report(
        self, defect: Defect, *, impact: str, claimed_down: bool, actor: User, now: datetime
    ) -> str:
        """E1 out of D32; T0 is ``now`` (UTC): only now it is reported as more than a defect."""

    def note_defect(self, number: str, defect: Defect, *, actor: User, now: datetime) -> None:
        """Into the incident's own trail: a defect belongs to it."""


_desks: list[IncidentDesk] = []


def register_incident_desk(desk: IncidentDesk) -> None:
    """Called once, from ``AppConfig.ready``."""
    _desks[:] = [desk]


def incident_desk() -> IncidentDesk:
    """The incidents room."""
    return _desks[0]


def incident_of(defect: Defect) -> LinkedIncident | None:
    """The incident a defect was escalated to."""
    number = defect.incident_number
    return incident_desk().describe(number) if number else None
