"""Impact, grade and time outside our responsibility."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.policies.rules import DECIDED, ON_RECORD, ON_THE_INCIDENT, RESPONDERS, role_and_state
from workflow.decisions import Decision

# The bank's people, who answer for the bank.
BANK = (Role.MANAGER, Role.SUPERIOR)


def can_record_impact(user: User, incident: Incident) -> Decision:
    """Whoever is on the incident."""
    return role_and_state(user, incident, ON_THE_INCIDENT, ON_RECORD)


def can_decide_grade(user: User, incident: Incident) -> Decision:
    """The bank decides: its manager or its superior department."""
    return role_and_state(user, incident, BANK, DECIDED)


def can_note_outside_time(user: User, incident: Incident) -> Decision:
    """Whoever may be on call."""
    return role_and_state(user, incident, RESPONDERS, DECIDED)
