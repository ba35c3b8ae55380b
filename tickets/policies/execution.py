"""Who implements and verifies (D17–D21, R44, R45)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from tickets.policies.rules import as_implementer, by, four_eyes
from workflow.decisions import ALLOW, Decision, among, deny_pending, deny_role, same_hands

S = DefectState


def can_start(user: User, defect: Defect) -> Decision:
    """D17: the named implementer, with a signature of somebody else on the current version."""
    decision = as_implementer(user, defect, S.APPROVED)
    if not decision:
        return decision
    if same_hands(user, current.signers(defect), defect):
        return four_eyes("signer", _("Someone else must implement: you signed the plan."))
    if current.valid_sign_off(defect) is None and current.valid_emergency(defect) is None:
        return deny_pending("unsigned", _("There is no valid signature on the current version."))
    return ALLOW


def can_change_plan(user: User, defect: Defect) -> Decision:
    """D18: the implementer, or the author of the plan."""
    roles = [Role.TECH, Role.BIZ, Role.IMPLEMENTER]
    decision = by(user, defect, roles, [S.APPROVED, S.IMPLEMENTING])
    if not decision:
        return decision
    solution = current.latest_solution(defect)
    author = solution.author if solution else None
    if not among(user, [defect.implementer, author]):
        return deny_role()
    return decision


def can_finish(user: User, defect: Defect) -> Decision:
    """D19, D20: the implementer who works on it."""
    return as_implementer(user, defect, S.IMPLEMENTING)


def can_verify(user: User, defect: Defect) -> Decision:
    """D21: service staff other than the implementer (R45)."""
    decision = by(user, defect, [Role.AGENT, Role.SUPPORT], [S.VERIFYING])
    if decision and same_hands(user, current.implementers(defect), defect):
        return four_eyes("implementer", _("Someone else must verify: you implemented it."))
    return decision
