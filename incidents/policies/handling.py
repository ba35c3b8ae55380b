"""While the fault lasts (E8–E10)."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import (
    AT_WORK,
    FIXERS,
    ON_THE_INCIDENT,
    role_and_state,
)
from workflow.decisions import (
    Decision,
)


def can_note(user: User, incident: Incident) -> Decision:
    """E8: rows of the recovery document."""
    return role_and_state(user, incident, ON_THE_INCIDENT, (*AT_WORK, S.RESOLVED))


def can_protect_data(user: User, incident: Incident) -> Decision:
    """E8, R17: whoever works on the fix."""
    return role_and_state(user, incident, FIXERS, AT_WORK)


def can_waive_protection(user: User, incident: Incident) -> Decision:
    """E8, R17: the exception is signed by a supervisor."""
    return role_and_state(user, incident, (Role.SUPERVISOR,), AT_WORK)


def can_mitigate(user: User, incident: Incident) -> Decision:
    """E9."""
    return role_and_state(user, incident, (*FIXERS, Role.SUPPORT), (S.DECLARED,))


def can_lose_mitigation(user: User, incident: Incident) -> Decision:
    """E10: anyone on the incident."""
    return role_and_state(user, incident, ON_THE_INCIDENT, (S.MITIGATED,))
