"""Loading the demonstration data; repeated loading adds only what is missing."""

from __future__ import annotations

from datetime import datetime

from audit import services as audit
from servicedesk.demo.calls import replay_calls
from servicedesk.demo.defects import replay_defects
from servicedesk.demo.incidents import replay_incidents
from servicedesk.demo.library import fill_library
from servicedesk.demo.people import create_organisations, create_people
from servicedesk.demo.roster import extend_roster
from servicedesk.demo.systems import create_systems
from tickets.models import Consultation


def load_people(now: datetime) -> None:
    """Organisations, people, systems, roster up to five weeks after ``now`` (UTC)."""
    create_organisations()
    create_people()
    create_systems()
    extend_roster(now)
    fill_library(now)


def samples_loaded() -> bool:
    """True once the sample tickets have been replayed."""
    return Consultation.objects.filter(is_demo=True).exists()


def load_samples() -> None:
    """Replay the twenty sample tickets through the services, all or nothing."""
    with audit.unit_of_work():
        replay_incidents()
        replay_defects()
        replay_calls()
