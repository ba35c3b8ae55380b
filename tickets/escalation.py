"""Asking the rooms above to open an incident for a ticket (C5, D32).

Incidents stand to the left of this room: whoever can open one registers here at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from accounts.models import User
from tickets.models import Consultation, Defect


@dataclass(frozen=True)
class Emergency:
    """Why a ticket is more than a ticket; ``claimed_down`` is the wording of R20."""

    impact: str
    claimed_down: bool = False


TicketT = TypeVar("TicketT", Consultation, Defect)
# Opens the incident in the caller's transaction and returns its number.
Opener = Callable[[TicketT, Emergency, User, datetime], str]
_consultations: list[Opener[Consultation]] = []
_defects: list[Opener[Defect]] = []


def opens_incident_for_consultations(opener: Opener[Consultation]) -> None:
    """``opener(consultation, emergency, actor, now)`` answers C5 with the incident's number."""
    _consultations[:] = [opener]


def opens_incident_for_defects(opener: Opener[Defect]) -> None:
    """``opener(defect, emergency, actor, now)`` answers D32 with the incident's number."""
    _defects[:] = [opener]


def open_incident(
    ticket: Consultation | Defect, emergency: Emergency, *, actor: User, now: datetime
) -> str:
    """The number of the incident opened for ``ticket``; raises what the opener refuses with."""
    if isinstance(ticket, Consultation):
        return _consultations[0](ticket, emergency, actor, now)
    return _defects[0](ticket, emergency, actor, now)
