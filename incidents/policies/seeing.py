"""Saying that an alert has been seen (R20, domain section 2.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident
from incidents.policies.rules import HANDLED, ON_THE_INCIDENT, REPORTED_ON, role_and_state
from sla.alerts import waiting_alert
from workflow.decisions import Decision, deny_state


def can_see_alert(user: User, incident: Incident) -> Decision:
    """Whoever works on incidents, while an alert of this one waits to be seen."""
    decision = role_and_state(user, incident, ON_THE_INCIDENT, (*HANDLED, *REPORTED_ON))
    if not decision:
        return decision
    if incident.commitment is None or waiting_alert(incident.commitment) is None:
        return deny_state(_("No alert waits to be seen."), "no_alert")
    return decision
