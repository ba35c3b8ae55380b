"""Reporting a system-down incident to the superior department (R47, E18)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident, UpwardReport
from incidents.policies.latest import last_report
from incidents.policies.rules import AUTHORS, DECIDED, role_and_state
from workflow.decisions import ALLOW, Decision, deny_person, deny_state, same_hands


def upward_report(incident: Incident) -> UpwardReport | None:
    """The report upward, once it is sent."""
    return UpwardReport.objects.select_related("sent_by").filter(incident=incident).first()


def can_report_upward(user: User, incident: Incident) -> Decision:
    """Once, on a real system-down incident; the superior department is not told of drills."""
    decision = role_and_state(user, incident, (*AUTHORS, Role.SUPERVISOR), DECIDED)
    if not decision:
        return decision
    if incident.is_drill:
        return deny_state(_("Drills are not reported upward."))
    if incident.severity != Incident.Severity.S1:
        return deny_state(_("Only system-down incidents are reported upward."))
    if upward_report(incident) is not None:
        return deny_state(_("It has been reported upward already."))
    return ALLOW


def can_acknowledge_upward(user: User, incident: Incident) -> Decision:
    """The superior department; never the sender, nor who wrote or approved the fault report."""
    decision = role_and_state(user, incident, (Role.SUPERIOR,), DECIDED)
    if not decision:
        return decision
    report = upward_report(incident)
    if report is None or report.is_acknowledged:
        return deny_state(_("There is no report waiting for acknowledgement."))
    written = last_report(incident)
    authors = [written.author, written.released_by] if written else []
    if same_hands(user, [report.sent_by, *authors], incident):
        return deny_person(
            "four_eyes", _("Someone else must acknowledge: you sent, wrote or approved it.")
        )
    return ALLOW
