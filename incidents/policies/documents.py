"""Contingency plan (E11) and fault report (E16)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from incidents.models.documents import IncidentDocument
from incidents.policies.latest import last_plan, last_report
from incidents.policies.rules import (
    AUTHORS,
    HANDLED,
    REPORTED_ON,
    role_and_state,
)
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_state,
    same_person,
)


def can_write_plan(user: User, incident: Incident) -> Decision:
    """E11: while the fault lasts."""
    decision = role_and_state(user, incident, AUTHORS, HANDLED)
    if decision and incident.severity != Incident.Severity.S1:
        return deny_state(_("A contingency plan is owed for system-down incidents only."))
    return decision


def can_release_plan(user: User, incident: Incident) -> Decision:
    """E11: a supervisor who did not write it."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), HANDLED)
    return decision and _releasable(user, last_plan(incident))


def can_deliver_plan(user: User, incident: Incident) -> Decision:
    """E11: a released plan, before the fault is resolved (R22)."""
    decision = role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), HANDLED)
    return decision and _deliverable(last_plan(incident))


def can_write_report(user: User, incident: Incident) -> Decision:
    """E16: once the fault is resolved (R24)."""
    return role_and_state(user, incident, AUTHORS, REPORTED_ON)


def can_release_report(user: User, incident: Incident) -> Decision:
    """E16: a supervisor who did not write it."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), REPORTED_ON)
    return decision and _releasable(user, last_report(incident))


def can_deliver_report(user: User, incident: Incident) -> Decision:
    """E16: an approved report."""
    decision = role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), REPORTED_ON)
    return decision and _deliverable(last_report(incident))


def _releasable(user: User, document: IncidentDocument | None) -> Decision:
    if document is None:
        return deny_state(_("Nothing has been written yet."))
    if document.released_at is not None:
        return deny_state(_("The latest version is released already."))
    if same_person(user, document.author):
        return deny_person(
            "author", _("Someone else must sign: you wrote this version of the document.")
        )
    return ALLOW


def _deliverable(document: IncidentDocument | None) -> Decision:
    if document is None:
        return deny_state(_("Nothing has been written yet."))
    if document.delivered_at is not None:
        return deny_state(_("The latest version is delivered already."))
    if document.released_at is None:
        return deny_pending("unreleased", _("A supervisor must release this version first."))
    return ALLOW
