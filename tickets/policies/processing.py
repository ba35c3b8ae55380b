"""Who gives advice and measures on a defect (D8, D9, D11–D13)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect
from tickets.models.defect_states import PROCESSING, DefectState
from tickets.policies.duties import nothing_proposed, opinions_in
from tickets.policies.rules import another, by
from workflow.decisions import ALLOW, Decision, deny_person, deny_role, same_person

S = DefectState
PROCESSING_ROLE = {S.TECH_PROCESSING: Role.TECH, S.BIZ_PROCESSING: Role.BIZ}


def can_process(user: User, defect: Defect) -> Decision:
    """D8, D9, D12, D13: the assignee, technical or business, unless a proposal is undecided."""
    decision = as_assignee(user, defect)
    return nothing_proposed(defect) if decision else decision


def can_send_for_sign_off(user: User, defect: Defect) -> Decision:
    """D11: the assignee, once every group that was asked has answered (R33)."""
    decision = can_process(user, defect)
    return opinions_in(defect) if decision else decision


def as_assignee(user: User, defect: Defect) -> Decision:
    """The assignee, in the role of the side on which it stands."""
    decision = by(user, defect, [Role.TECH, Role.BIZ], PROCESSING)
    if not decision:
        return decision
    if not same_person(user, defect.assignee):
        return deny_person("assignee", another(_("Assigned to %(name)s."), defect.assignee))
    if not user.has_role(PROCESSING_ROLE[S(defect.state)]):
        return deny_role()
    return ALLOW
