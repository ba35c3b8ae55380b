"""Who asks project groups for opinions, who answers, and who looks after the groups (D10, R33)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import PROCESSING, DefectState
from tickets.policies.duties import nothing_proposed
from tickets.policies.rules import by, desk_acts
from workflow.decisions import ALLOW, Decision, deny_role, deny_state, same_person

S = DefectState
ANSWERABLE = [S.TRIAGING, *PROCESSING]


def can_manage_groups(user: User) -> Decision:
    """R33: service support and the system administrator."""
    return ALLOW if user.has_role(Role.SUPPORT, Role.SYSADMIN) else deny_role()


def can_ask_groups(user: User, defect: Defect) -> Decision:
    """D10: the assignee or service support, while it is being processed."""
    decision = _asker(user, defect, list(PROCESSING))
    return nothing_proposed(defect) if decision else decision


def can_remove_group(user: User, defect: Defect) -> Decision:
    """D10: the same people; a group that has answered stays (R33)."""
    decision = _asker(user, defect, ANSWERABLE)
    if decision and not current.pending_opinions(defect):
        return deny_state(_("No group is still to answer."), "no_opinion_asked")
    return decision


def can_answer_group(user: User, defect: Defect) -> Decision:
    """D10: a member of a group that was asked and has not answered; once for each group."""
    if not desk_acts(user):
        return deny_role()
    if defect.state not in ANSWERABLE:
        return deny_state()
    if current.opinions_awaited_from(user, defect):
        return ALLOW
    if current.opinions_given_by_groups_of(user, defect):
        return deny_state(_("Your group has already answered."), "answered")
    return deny_role(_("None of your groups has been asked."))


def _asker(user: User, defect: Defect, states: list[DefectState]) -> Decision:
    decision = by(user, defect, [Role.TECH, Role.BIZ, Role.SUPPORT], states)
    if not decision or user.has_role(Role.SUPPORT):
        return decision
    return decision if same_person(user, defect.assignee) else deny_role()
