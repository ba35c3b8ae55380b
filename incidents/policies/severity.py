"""Raised to system down later (E6), or found never to have been that (E7)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import HANDLED, RESPONDERS, role_and_state
from sla.models import Clock
from workflow.decisions import Decision, deny_person, deny_state, same_hands


def can_raise_to_s1(user: User, incident: Incident) -> Decision:
    """E6: one person alone, like E3; an incident whose clocks were voided is reported anew."""
    decision = role_and_state(user, incident, RESPONDERS, (S.DECLARED,))
    if decision and incident.severity == Incident.Severity.S1:
        return deny_state(_("It is declared as system down already."))
    # One that only owed a report as an S2 gets its clocks now.
    fix = Clock.objects.filter(commitment=incident.commitment_id, kind=Clock.Kind.FIX)
    if decision and incident.commitment_id is not None and fix.exists():
        return deny_state(
            _("Its clocks have been voided. If the system is down now, report a new incident.")
        )
    return decision


def can_downgrade(user: User, incident: Incident) -> Decision:
    """E7: a supervisor, never the one who declared it."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), HANDLED)
    if decision and incident.severity != Incident.Severity.S1:
        return deny_state(_("Only a system-down incident is downgraded."))
    if decision and same_hands(user, [incident.declared_by], incident):
        return deny_person(
            "four_eyes", _("Another supervisor must decide: you declared it as system down.")
        )
    return decision
