"""Report, take over, decide what it is (E1–E5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.rules import (
    RESPONDERS,
    UNDECIDED,
    role_and_state,
)
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_person,
    deny_role,
    same_hands,
)


def can_report(user: User) -> Decision:
    """E1: the desk's people and the machine-room monitors; bank users call the hotline."""
    return ALLOW if user.has_role(*RESPONDERS, Role.BIZ, Role.MONITOR) else deny_role()


def can_start_drill(user: User) -> Decision:
    """A drill is reported like an incident."""
    return can_report(user)


def can_acknowledge(user: User, incident: Incident) -> Decision:
    """E2: not by the person who reported it."""
    decision = role_and_state(user, incident, RESPONDERS, (S.REPORTED,))
    if decision and same_hands(user, [incident.reporter], incident):
        return deny_person("reporter", _("Somebody else must take it over: you reported it."))
    return decision


def can_declare(user: User, incident: Incident) -> Decision:
    """E3, E4: one person alone may, so that nobody waits for a second one at night."""
    return role_and_state(user, incident, RESPONDERS, UNDECIDED)


def can_dismiss(user: User, incident: Incident) -> Decision:
    """E5: a supervisor who neither reported it nor took it over."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), UNDECIDED)
    parts = [incident.reporter, incident.acknowledged_by]
    if decision and same_hands(user, parts, incident):
        return deny_person(
            "four_eyes",
            _("Another supervisor must decide: you reported this incident or took it over."),
        )
    return decision
