"""Risks: assessed by technical staff, accepted by a supervisor who did not assess them (R53)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from readiness.models import Risk, RiskMeasure
from readiness.models.plans import PlanVersion
from readiness.models.risks import NEEDS_PLAN
from readiness.models.risks import RiskState as S
from readiness.policies.plans import WRITERS
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    role_and_state,
    same_hands,
    same_person,
)

OPEN = (S.DRAFT, S.ACCEPTED)


def can_create(user: User) -> Decision:
    """Enter a risk."""
    return ALLOW if user.has_role(*WRITERS, Role.SUPERVISOR) else deny_role()


def can_assess(user: User, risk: Risk) -> Decision:
    """Assess it anew."""
    return role_and_state(user, risk.state, (*WRITERS, Role.SUPERVISOR), OPEN)


def can_add_measure(user: User, risk: Risk) -> Decision:
    """Add a preventive or corrective measure (R54)."""
    return role_and_state(user, risk.state, (*WRITERS, Role.SUPERVISOR), OPEN)


def can_finish_measure(user: User, risk: Risk) -> Decision:
    """Say that a measure is done: its owner, or the risk's owner."""
    if risk.state not in OPEN:
        return deny_state()
    open_ones = [each for each in risk.measures.all() if each.done_on is None]
    if not open_ones:
        return deny_state(_("No measure is open."))
    owners = [risk.owner, *(each.owner for each in open_ones)]
    if any(same_person(user, owner) for owner in owners):
        return ALLOW
    return deny_role(_("Only the owners of the risk and its measures can do this."))


def can_accept(user: User, risk: Risk) -> Decision:
    """Into the register: another person, both kinds of measures, a plan for high risks (R54)."""
    decision = role_and_state(user, risk.state, [Role.SUPERVISOR], [S.DRAFT])
    if not decision:
        return decision
    if same_hands(user, [risk.author], risk):
        return deny_person("author", _("Someone else must accept it: you assessed this risk."))
    return why_not_accepted(risk)


def why_not_accepted(risk: Risk) -> Decision:
    """What is still missing before a risk can stand in the register."""
    kinds = set(risk.measures.values_list("kind", flat=True))
    if kinds != set(RiskMeasure.Kind.values):
        return deny_pending(
            "measures", _("It needs at least one preventive and one corrective measure.")
        )
    in_force = PlanVersion.objects.filter(plan=risk.plan_id, state=PlanVersion.State.EFFECTIVE)
    if risk.level in NEEDS_PLAN and not (risk.plan_id and in_force.exists()):
        return deny_pending("plan", _("A high risk needs an emergency plan that is in force."))
    return ALLOW


def can_close(user: User, risk: Risk) -> Decision:
    """A supervisor, with a reason."""
    return role_and_state(user, risk.state, [Role.SUPERVISOR], OPEN)
