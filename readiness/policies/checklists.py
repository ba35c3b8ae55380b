"""Who opens a plan on an incident and ticks its steps (R55)."""

from __future__ import annotations

from accounts.models import User
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import ON_THE_INCIDENT
from workflow.decisions import Decision, role_and_state

GOING_ON = (
    S.REPORTED, S.ASSESSING, S.DECLARED, S.MITIGATED, S.DOWNGRADED, S.RESOLVED, S.CONFIRMED,
    S.REVIEWING,
)  # fmt: skip


def can_use(user: User, incident: Incident) -> Decision:
    """Everybody who handles it, until it is closed."""
    return role_and_state(user, incident.state, ON_THE_INCIDENT, GOING_ON)
