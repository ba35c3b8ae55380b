"""Who and when: what the policies of incidents are made of."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from workflow import decisions
from workflow.decisions import Decision

# Whoever may be on call, or stand beside the on-call person.
RESPONDERS = (Role.SUPPORT, Role.TECH, Role.IMPLEMENTER, Role.SUPERVISOR, Role.AGENT)
FIXERS = (Role.TECH, Role.IMPLEMENTER)
AUTHORS = (Role.TECH, Role.IMPLEMENTER, Role.SUPPORT)
CONFIRMERS = (Role.BIZ, Role.REPORTER, Role.MONITOR)
ON_THE_INCIDENT = (*RESPONDERS, Role.BIZ)
HANDLED = (S.DECLARED, S.MITIGATED)
UNDECIDED = (S.REPORTED, S.ASSESSING)
AT_WORK = (*HANDLED, S.DOWNGRADED)
REPORTED_ON = (S.RESOLVED, S.CONFIRMED, S.REVIEWING)
# Since its severity was decided, until the end.
DECIDED = (*AT_WORK, *REPORTED_ON)
ON_RECORD = (*UNDECIDED, *DECIDED)


def role_and_state(
    user: User, incident: Incident, roles: tuple[Role, ...], states: tuple[S, ...]
) -> Decision:
    """The two first questions about an incident."""
    return decisions.role_and_state(user, incident.state, roles, states)
