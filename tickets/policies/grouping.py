"""Who withdraws and merges (D29, D30)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect
from tickets.models.defects import PROCESSING, TERMINAL, DefectState
from tickets.policies.rules import another, as_writer, by
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)

S = DefectState
WITHDRAWABLE = [S.DRAFT, S.SUBMITTED, S.RETURNED, S.TRIAGING]
MERGEABLE = [S.SUBMITTED, S.TRIAGING, *PROCESSING]


def can_withdraw(user: User, defect: Defect) -> Decision:
    """D29: the reporter, before anybody works on it; never with tickets merged into it."""
    decision = as_writer(user, defect, WITHDRAWABLE)
    if decision and not same_person(user, defect.reporter) and defect.state != S.DRAFT:
        return deny_person("reporter", another(_("Only %(name)s can do this."), defect.reporter))
    if decision and defect.pk and defect.merged_children.exists():
        return deny_pending("has_children", _("Other defects have been merged into this one."))
    return decision


def can_merge(user: User, defect: Defect) -> Decision:
    """D30, the child's side: support, or the assignee."""
    decision = by(user, defect, [Role.SUPPORT, Role.TECH, Role.BIZ], MERGEABLE)
    if not decision:
        return decision
    if not user.has_role(Role.SUPPORT) and not same_person(user, defect.assignee):
        return deny_role()
    if defect.merged_children.exists():
        return deny_pending("has_children", _("Other defects have been merged into this one."))
    return ALLOW


def can_be_parent(parent: Defect, child: Defect) -> Decision:
    """D30, the parent's side: one level, one system, and still on its way to a reply (R41)."""
    if parent.pk == child.pk:
        return deny_state(_("A defect cannot be merged into itself."), "same")
    if parent.state in (*TERMINAL, S.REPLIED, S.DRAFT, S.RETURNED, S.NEW):
        return deny_state(_("That defect can no longer take others in."), "parent_state")
    if parent.managed_object_id != child.managed_object_id:
        return deny_state(_("Only defects of the same system can be merged."), "object")
    return ALLOW
