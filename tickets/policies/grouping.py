"""Who merges, splits off and links defects (D30, D31, R41)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect, DefectLink, SignOff
from tickets.models.defect_states import PROCESSING, TERMINAL, DefectState
from tickets.policies.rules import by
from workflow.decisions import ALLOW, Decision, deny_pending, deny_role, deny_state, same_person

S = DefectState
MERGEABLE = [S.SUBMITTED, S.TRIAGING, *PROCESSING]
NUMBERED: list[DefectState] = [state for state in S if state not in (S.NEW, S.DRAFT)]
ANALYSTS = [Role.SUPPORT, Role.TECH, Role.BIZ]
HAS_CHILDREN = deny_pending("has_children", _("Other defects have been merged into this one."))


def can_merge(user: User, defect: Defect) -> Decision:
    """D30, the child's side: support, or the assignee; nothing signed, nothing merged into it."""
    decision = by(user, defect, ANALYSTS, MERGEABLE)
    if not decision:
        return decision
    if not user.has_role(Role.SUPPORT) and not same_person(user, defect.assignee):
        return deny_role()
    if defect.merged_children.exists():
        return HAS_CHILDREN
    if has_live_sign_off(defect):
        return deny_pending("signed", _("Its solution has been signed and must be carried out."))
    return ALLOW


def has_live_sign_off(defect: Defect) -> bool:
    """An approval that still counts (D30)."""
    return SignOff.objects.filter(
        defect=defect, decision=SignOff.Decision.APPROVED, voided_at=None
    ).exists()


def can_be_parent(parent: Defect, child: Defect) -> Decision:
    """D30, the parent's side: one level, one system, and still on its way to a reply (R41)."""
    if parent.pk == child.pk:
        return deny_state(_("A defect cannot be merged into itself."), "same")
    if parent.state in (*TERMINAL, S.REPLIED, S.DRAFT, S.NEW):
        return deny_state(_("That defect can no longer take others in."), "parent_state")
    if parent.managed_object_id != child.managed_object_id:
        return deny_state(_("Only defects of the same system can be merged."), "object")
    return ALLOW


def can_unmerge(user: User, defect: Defect) -> Decision:
    """D31: support, as long as the other one has not been replied to."""
    decision = by(user, defect, [Role.SUPPORT], [S.MERGED])
    if not decision:
        return decision
    parent = Defect.objects.filter(merged_children=defect).get()
    if defect.replied_at or parent.state in (S.REPLIED, S.CLOSED):
        return deny_pending("replied", _("It has been replied to together with the other one."))
    return ALLOW


def can_link(user: User, defect: Defect) -> Decision:
    """R41: whoever analyses defects, in any state."""
    return by(user, defect, ANALYSTS, NUMBERED)


def can_unlink(user: User, defect: Defect) -> Decision:
    """R41: the same people, when there is a link."""
    decision = can_link(user, defect)
    if decision and not (defect.links.exists() or defect.links_back.exists()):
        return deny_state(_("It has no links."))
    return decision


def can_be_linked(defect: Defect, target: Defect, kind: str) -> Decision:
    """R41: never to itself, never twice; a group has one head and one level."""
    if defect.pk == target.pk:
        return deny_state(_("A defect cannot be linked to itself."), "same")
    if target.number is None:
        return deny_state(_("A draft cannot be linked."), "draft")
    if _linked(defect, target, kind) or _linked(target, defect, kind):
        return deny_state(_("These two are linked like that already."), "twice")
    return _can_be_grouped(defect, target) if kind == DefectLink.Kind.GROUP else ALLOW


def _linked(one: Defect, other: Defect, kind: str) -> bool:
    return DefectLink.objects.filter(defect=one, target=other, kind=kind).exists()


def _can_be_grouped(member: Defect, head: Defect) -> Decision:
    groups = DefectLink.objects.filter(kind=DefectLink.Kind.GROUP)
    if groups.filter(defect=member).exists():
        return deny_state(_("It belongs to a group already."), "grouped")
    if groups.filter(target=member).exists():
        return deny_state(_("It heads a group of its own."), "heads_group")
    if groups.filter(defect=head).exists():
        return deny_state(_("That defect belongs to a group itself."), "two_levels")
    return ALLOW
