"""Review (E17) and close (E18)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import ImprovementItem, Incident
from incidents.models.incidents import IncidentState as S
from incidents.policies.latest import last_report, report_is_owed
from incidents.policies.origin import asked_change
from incidents.policies.rules import AUTHORS, ON_THE_INCIDENT, role_and_state
from incidents.policies.upward import upward_report
from sla.models import Clock
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)


def open_items(incident: Incident) -> models.QuerySet[ImprovementItem]:
    """Improvement items that are not done."""
    found: models.QuerySet[ImprovementItem] = incident.improvements.filter(done_at__isnull=True)
    return found.select_related("owner")


def may_finish(user: User, item: ImprovementItem) -> bool:
    """The owner, or a supervisor."""
    return same_person(user, item.owner) or user.has_role(Role.SUPERVISOR)


def can_begin_review(user: User, incident: Incident) -> Decision:
    """E17: a supervisor chairs, after the recovery is confirmed."""
    return role_and_state(user, incident, (Role.SUPERVISOR,), (S.CONFIRMED,))


def can_add_improvement(user: User, incident: Incident) -> Decision:
    """E17: while the review lasts."""
    return role_and_state(user, incident, (Role.SUPERVISOR, *AUTHORS), (S.REVIEWING,))


def can_finish_improvement(user: User, incident: Incident) -> Decision:
    """The owner or a supervisor; also after the incident is closed."""
    if not user.has_role(*ON_THE_INCIDENT):
        return deny_role()
    items = list(open_items(incident)) if incident.state in (S.REVIEWING, S.CLOSED) else []
    if not items:
        return deny_state(_("There is no open improvement item."))
    if not any(may_finish(user, item) for item in items):
        return deny_person("owner", _("The owner of the item or a supervisor reports it as done."))
    return ALLOW


def can_close(user: User, incident: Incident) -> Decision:
    """E18: report delivered and not sent back, report upward acknowledged, recovery document
    there, no contingency duty open, no question about T0 open."""
    decision = role_and_state(user, incident, (Role.SUPERVISOR, Role.MANAGER), (S.REVIEWING,))
    if not decision:
        return decision
    if asked_change(incident) is not None:
        return deny_pending("t0", _("A request to move T0 is not decided yet."))
    if report_is_owed(incident) or last_report(incident) is not None:
        report = last_report(incident)
        if report is None or report.delivered_at is None or report.is_returned:
            return deny_pending(
                "report", _("The fault report must be delivered to the bank, and not sent back.")
            )
    if incident.severity == Incident.Severity.S1:
        return _system_down_is_settled(incident)
    return ALLOW


def _system_down_is_settled(incident: Incident) -> Decision:
    upward = upward_report(incident)
    if not incident.is_drill and (upward is None or not upward.is_acknowledged):
        return deny_pending(
            "upward", _("The superior department must have acknowledged the report upward.")
        )
    if not incident.recovery_documents.exists():
        return deny_pending("recovery", _("The recovery document is missing."))
    owed = Clock.objects.filter(
        commitment=incident.commitment, kind=Clock.Kind.PLAN, state=Clock.State.RUNNING
    )
    if owed.exists():
        return deny_pending("plan", _("The contingency plan is still owed."))
    return ALLOW
