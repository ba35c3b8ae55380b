"""Resolution and its confirmation (E13–E15)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import (
    AT_WORK,
    CONFIRMERS,
    FIXERS,
    role_and_state,
)
from workflow.decisions import (
    Decision,
    deny_pending,
    deny_person,
    same_hands,
)


def can_resolve(user: User, incident: Incident) -> Decision:
    """E13: after data protection is on record (R17)."""
    decision = role_and_state(user, incident, FIXERS, AT_WORK)
    if decision and not incident.data_protections.exists():
        return deny_pending(
            "data_protection",
            _("First record how data was protected, or a supervisor's reason why not."),
        )
    return decision


def can_confirm(user: User, incident: Incident) -> Decision:
    """E14, E15: business staff or the bank, never the person who resolved it."""
    decision = role_and_state(user, incident, CONFIRMERS, (S.RESOLVED,))
    if decision and same_hands(user, [incident.resolved_by], incident):
        return deny_person("four_eyes", _("Somebody else must confirm: you resolved it."))
    return decision
