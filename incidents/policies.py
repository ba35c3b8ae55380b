"""Who may do what to an incident (domain section 2.3). Superuser counts for nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.models.documents import IncidentDocument
from incidents.models.incidents import IncidentState as S
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_hands,
)

# Whoever may be on call, or stand beside the on-call person.
RESPONDERS = (Role.SUPPORT, Role.TECH, Role.IMPLEMENTER, Role.SUPERVISOR, Role.AGENT)
FIXERS = (Role.TECH, Role.IMPLEMENTER)
AUTHORS = (Role.TECH, Role.IMPLEMENTER, Role.SUPPORT)
CONFIRMERS = (Role.BIZ, Role.REPORTER, Role.MONITOR)
ON_THE_INCIDENT = (*RESPONDERS, Role.BIZ)
HANDLED = (S.DECLARED, S.MITIGATED)
UNDECIDED = (S.REPORTED, S.ASSESSING)
REPORTED_ON = (S.RESOLVED, S.CONFIRMED, S.REVIEWING)


def can_report(user: User) -> Decision:
    """E1: the desk's people and the machine-room monitors; bank users call the hotline."""
    return ALLOW if user.has_role(*RESPONDERS, Role.BIZ, Role.MONITOR) else deny_role()


def can_start_drill(user: User) -> Decision:
    """A drill is reported like an incident."""
    return can_report(user)


def _role_and_state(
    user: User, incident: Incident, roles: tuple[Role, ...], states: tuple[S, ...]
) -> Decision:
    if not user.has_role(*roles):
        return deny_role()
    return ALLOW if incident.state in states else deny_state()


def can_acknowledge(user: User, incident: Incident) -> Decision:
    """E2: not by the person who reported it."""
    decision = _role_and_state(user, incident, RESPONDERS, (S.REPORTED,))
    if decision and same_hands(user, [incident.reporter], incident):
        return deny_person("reporter", _("Somebody else must take it over: you reported it."))
    return decision


def can_declare(user: User, incident: Incident) -> Decision:
    """E3, E4: one person alone may, so that nobody waits for a second one at night."""
    return _role_and_state(user, incident, RESPONDERS, UNDECIDED)


def can_dismiss(user: User, incident: Incident) -> Decision:
    """E5: a supervisor who neither reported it nor took it over."""
    decision = _role_and_state(user, incident, (Role.SUPERVISOR,), UNDECIDED)
    parts = [incident.reporter, incident.acknowledged_by]
    if decision and same_hands(user, parts, incident):
        return deny_person(
            "four_eyes",
            _("Another supervisor must decide: you reported this incident or took it over."),
        )
    return decision


def can_note(user: User, incident: Incident) -> Decision:
    """E8: rows of the recovery document."""
    return _role_and_state(user, incident, ON_THE_INCIDENT, HANDLED)


def can_protect_data(user: User, incident: Incident) -> Decision:
    """E8, R17: whoever works on the fix."""
    return _role_and_state(user, incident, FIXERS, HANDLED)


def can_waive_protection(user: User, incident: Incident) -> Decision:
    """E8, R17: the exception is signed by a supervisor."""
    return _role_and_state(user, incident, (Role.SUPERVISOR,), HANDLED)


def can_mitigate(user: User, incident: Incident) -> Decision:
    """E9."""
    return _role_and_state(user, incident, (*FIXERS, Role.SUPPORT), (S.DECLARED,))


def can_lose_mitigation(user: User, incident: Incident) -> Decision:
    """E10: anyone on the incident."""
    return _role_and_state(user, incident, ON_THE_INCIDENT, (S.MITIGATED,))


def can_resolve(user: User, incident: Incident) -> Decision:
    """E13: after data protection is on record (R17)."""
    decision = _role_and_state(user, incident, FIXERS, HANDLED)
    if decision and not incident.data_protections.exists():
        return deny_pending(
            "data_protection",
            _("First record how data was protected, or a supervisor's reason why not."),
        )
    return decision


def can_confirm(user: User, incident: Incident) -> Decision:
    """E14, E15: business staff or the bank, never the person who resolved it."""
    decision = _role_and_state(user, incident, CONFIRMERS, (S.RESOLVED,))
    if decision and same_hands(user, [incident.resolved_by], incident):
        return deny_person("four_eyes", _("Somebody else must confirm: you resolved it."))
    return decision


# --- contingency plan (E11) and fault report (E16) --------------------------------------------
def can_write_plan(user: User, incident: Incident) -> Decision:
    """E11: while the fault lasts."""
    decision = _role_and_state(user, incident, AUTHORS, HANDLED)
    if decision and incident.severity != Incident.Severity.S1:
        return deny_state(_("A contingency plan is owed for system-down incidents only."))
    return decision


def can_release_plan(user: User, incident: Incident) -> Decision:
    """E11: a supervisor who did not write it."""
    decision = _role_and_state(user, incident, (Role.SUPERVISOR,), HANDLED)
    return decision and _releasable(user, last_plan(incident))


def can_deliver_plan(user: User, incident: Incident) -> Decision:
    """E11: a released plan, before the fault is resolved (R22)."""
    decision = _role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), HANDLED)
    return decision and _deliverable(last_plan(incident))


def can_write_report(user: User, incident: Incident) -> Decision:
    """E16: once the fault is resolved (R24)."""
    return _role_and_state(user, incident, AUTHORS, REPORTED_ON)


def can_release_report(user: User, incident: Incident) -> Decision:
    """E16: a supervisor who did not write it."""
    decision = _role_and_state(user, incident, (Role.SUPERVISOR,), REPORTED_ON)
    return decision and _releasable(user, last_report(incident))


def can_deliver_report(user: User, incident: Incident) -> Decision:
    """E16: an approved report."""
    decision = _role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), REPORTED_ON)
    return decision and _deliverable(last_report(incident))


def last_plan(incident: Incident) -> ContingencyPlan | None:
    """Latest version of the contingency plan."""
    return incident.contingencyplans.order_by("version").last()


def last_report(incident: Incident) -> FaultReport | None:
    """Latest version of the fault report; one written before the present resolution is interim."""
    report = incident.faultreports.order_by("version").last()
    if report and incident.resolved_at and report.written_at < incident.resolved_at:
        return None
    return report


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
