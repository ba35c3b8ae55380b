"""Drills: planned and started by the desk, reported, filed by a supervisor who wrote nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from incidents.models.incidents import TERMINAL
from incidents.models.incidents import IncidentState as I
from readiness.models import Drill, DrillReport
from readiness.models.drills import DrillState as S
from readiness.policies.plans import effective
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    role_and_state,
    same_hands,
)

HOLDERS = (Role.SUPERVISOR, Role.SUPPORT, Role.TECH, Role.IMPLEMENTER)
OVER = (I.RESOLVED, I.CONFIRMED, I.REVIEWING, I.DOWNGRADED, *TERMINAL)


def can_plan(user: User) -> Decision:
    """Enter a drill into the calendar, or start one at once."""
    return ALLOW if user.has_role(*HOLDERS) else deny_role()


def can_start(user: User, drill: Drill) -> Decision:
    """Hold it now, by the version of the plan in force."""
    decision = role_and_state(user, drill.state, HOLDERS, [S.PLANNED])
    if decision and effective(drill.plan) is None:
        return deny_pending("no_plan", _("The plan has no effective version to drill."))
    return decision


def can_note_held(user: User, drill: Drill) -> Decision:
    """It was held outside the product, at a table or on site."""
    return role_and_state(user, drill.state, HOLDERS, [S.PLANNED])


def can_report(user: User, drill: Drill) -> Decision:
    """Write its report and send it for approval, once the drill is over."""
    decision = role_and_state(user, drill.state, HOLDERS, [S.HELD])
    if decision and drill.incident and drill.incident.state not in OVER:
        return deny_pending("running", _("The drill is still going on: resolve it first."))
    return decision


def can_approve(user: User, drill: Drill) -> Decision:
    """A supervisor who did not write the report."""
    decision = role_and_state(user, drill.state, [Role.SUPERVISOR], [S.AWAITING])
    report = last_report(drill)
    if decision and report and same_hands(user, [report.author], drill):
        return deny_person("author", _("Someone else must sign: you wrote the report."))
    return decision


def can_send_back(user: User, drill: Drill) -> Decision:
    """A supervisor."""
    return role_and_state(user, drill.state, [Role.SUPERVISOR], [S.AWAITING])


def can_cancel(user: User, drill: Drill) -> Decision:
    """A supervisor, with a reason: the year's drills are owed."""
    return role_and_state(user, drill.state, [Role.SUPERVISOR], [S.PLANNED])


def last_report(drill: Drill) -> DrillReport | None:
    """The newest report."""
    found: DrillReport | None = drill.reports.order_by("version").last()
    return found
