"""Asking the rooms above for the incident of a consultation (C5); see also ``incident_desk``.

Incidents stand to the left of this room: whoever can open one registers here at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from tickets.models import Consultation


@dataclass(frozen=True)
class Emergency:
    """Why a ticket is more than a ticket; ``claimed_down`` is the wording of R20."""

    impact: str
    claimed_down: bool = False


# Opens the incident in the caller's transaction and returns its number.
Opener = Callable[[Consultation, Emergency, User, datetime], str]
_openers: list[Opener] = []


def opens_incident_for_consultations(opener: Opener) -> None:
    """``opener(consultation, emergency, actor, now)`` answers C5 with the incident's number."""
    _openers[:] = [opener]


def open_incident(
    consultation: Consultation, emergency: Emergency, *, actor: User, now: datetime
) -> str:
    """The number of the incident opened for it; raises what the opener refuses with."""
    return _openers[0](consultation, emergency, actor, now)
