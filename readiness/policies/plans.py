"""Emergency plans: technical staff write, another person who is a supervisor approves (R51)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from readiness.models import EmergencyPlan, PlanVersion
from readiness.models.plans import PlanState as S
from workflow.decisions import (
    ALLOW,
    Decision,
    among,
    deny_pending,
    deny_person,
    deny_role,
    role_and_state,
)

WRITERS = (Role.TECH, Role.IMPLEMENTER, Role.SUPPORT)


def can_create(user: User) -> Decision:
    """Begin a new plan."""
    return ALLOW if user.has_role(*WRITERS) else deny_role()


def can_write(user: User, plan: EmergencyPlan) -> Decision:
    """Write its next version, or go on with the draft."""
    return role_and_state(user, plan.state, WRITERS, [S.DRAFTING, S.EFFECTIVE])


def can_submit(user: User, plan: EmergencyPlan) -> Decision:
    """Send the draft to the supervisors, by one of its authors."""
    decision = role_and_state(user, plan.state, WRITERS, [S.DRAFTING])
    if not decision:
        return decision
    draft = draft_of(plan)
    if draft is None:
        return deny_pending("no_draft", _("There is no draft yet: write it first."))
    if not among(user, list(draft.authors.all())):
        return deny_person("author", _("Only those who wrote the draft submit it."))
    return ALLOW


def can_approve(user: User, plan: EmergencyPlan) -> Decision:
    """A supervisor who wrote nothing of this version (four eyes)."""
    decision = role_and_state(user, plan.state, [Role.SUPERVISOR], [S.AWAITING])
    draft = draft_of(plan)
    if decision and draft and among(user, list(draft.authors.all())):
        return deny_person("author", _("Someone else must sign: you wrote this version."))
    return decision


def can_send_back(user: User, plan: EmergencyPlan) -> Decision:
    """A supervisor."""
    return role_and_state(user, plan.state, [Role.SUPERVISOR], [S.AWAITING])


def can_confirm_review(user: User, plan: EmergencyPlan) -> Decision:
    """A supervisor who did not write the effective version finds it still right."""
    decision = role_and_state(user, plan.state, [Role.SUPERVISOR], [S.EFFECTIVE])
    version = effective(plan)
    if decision and version and among(user, list(version.authors.all())):
        return deny_person("author", _("Someone else must review it: you wrote this version."))
    return decision


def can_retire(user: User, plan: EmergencyPlan) -> Decision:
    """A supervisor."""
    return role_and_state(user, plan.state, [Role.SUPERVISOR], [S.DRAFTING, S.EFFECTIVE])


def draft_of(plan: EmergencyPlan) -> PlanVersion | None:
    """The version being written."""
    return PlanVersion.objects.filter(plan=plan, state=PlanVersion.State.DRAFT).first()


def effective(plan: EmergencyPlan) -> PlanVersion | None:
    """The version in force; none while the plan is out of use."""
    if plan.state == S.RETIRED:
        return None
    return PlanVersion.objects.filter(plan=plan, state=PlanVersion.State.EFFECTIVE).first()
