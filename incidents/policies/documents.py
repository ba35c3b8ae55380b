"""Contingency plan (E11, E12), recovery document (R18) and fault report (E16)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.models.documents import IncidentDocument
from incidents.policies.latest import delivered, last_plan, last_report
from incidents.policies.rules import (
    AT_WORK,
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
    same_hands,
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


def can_answer_plan(user: User, incident: Incident) -> Decision:
    """E12: the bank's manager, of what was delivered; also after the fault is resolved."""
    decision = role_and_state(user, incident, (Role.MANAGER,), (*HANDLED, *REPORTED_ON))
    return decision and _answerable(user, delivered(ContingencyPlan, incident))


def can_issue_recovery(user: User, incident: Incident) -> Decision:
    """R18: as soon as there is a row to keep."""
    decision = role_and_state(user, incident, AUTHORS, (*AT_WORK, *REPORTED_ON))
    if decision and not incident.recovery_entries.exists():
        return deny_pending("empty", _("The recovery document is empty: write an entry first."))
    return decision


def can_write_report(user: User, incident: Incident) -> Decision:
    """E16: once the fault is resolved (R24)."""
    return role_and_state(user, incident, AUTHORS, REPORTED_ON)


def can_release_report(user: User, incident: Incident) -> Decision:
    """E16: a supervisor who did not write it; on S1 after the recovery document (R18)."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR,), REPORTED_ON)
    decision = decision and _releasable(user, last_report(incident))
    system_down = incident.severity == Incident.Severity.S1
    if decision and system_down and not incident.recovery_documents.exists():
        return deny_pending("recovery", _("First the recovery document must be there."))
    return decision


def can_deliver_report(user: User, incident: Incident) -> Decision:
    """E16: an approved report."""
    decision = role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), REPORTED_ON)
    return decision and _deliverable(last_report(incident))


def can_answer_report(user: User, incident: Incident) -> Decision:
    """The bank's manager accepts the delivered report or sends it back."""
    decision = role_and_state(user, incident, (Role.MANAGER,), REPORTED_ON)
    return decision and _answerable(user, delivered(FaultReport, incident))


def _releasable(user: User, document: IncidentDocument | None) -> Decision:
    if document is None:
        return deny_state(_("Nothing has been written yet."))
    if document.released_at is not None:
        return deny_state(_("The latest version is released already."))
    if same_hands(user, [document.author], document.incident):
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


def _answerable(user: User, document: IncidentDocument | None) -> Decision:
    if document is None:
        return deny_state(_("Nothing has been delivered yet."))
    if document.answer:
        return deny_state(_("The version delivered last has been answered already."))
    if same_hands(user, [document.author, document.released_by], document.incident):
        return deny_person("four_eyes", _("Somebody else must answer: you wrote or released it."))
    return ALLOW
