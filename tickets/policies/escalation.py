"""Who escalates a defect to an incident (D32)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.incident_desk import incident_of
from tickets.models import Defect
from tickets.models.defect_states import TERMINAL, DefectState
from tickets.policies_consultations import can_take_calls
from workflow.decisions import Decision, deny_pending, deny_state

S = DefectState


def can_escalate(user: User, defect: Defect) -> Decision:
    """D32: the help desk, service support, and whoever is on call; any open defect, once."""
    decision = can_take_calls(user)
    if not decision:
        return decision
    if defect.state in (*TERMINAL, S.NEW, S.DRAFT):
        return deny_state()
    incident = incident_of(defect)
    if incident is not None and incident.is_open:
        return deny_pending("escalated", _("It has been escalated already."))
    return decision
