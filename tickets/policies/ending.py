"""Who ends a defect early, and who must agree (D29, D33)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect, EndRequest
from tickets.models.defect_states import PROCESSING, TERMINAL, DefectState
from tickets.policies.grouping import HAS_CHILDREN
from tickets.policies.rules import another, as_writer, by, four_eyes
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_hands,
    same_person,
)

S = DefectState
WITHDRAWABLE = [S.DRAFT, S.SUBMITTED, S.RETURNED, S.TRIAGING]
VOIDABLE = [S.DRAFT, S.SUBMITTED]
OPEN = [state for state in S if state not in TERMINAL]
WITHDRAW, VOID = EndRequest.Kind.WITHDRAW, EndRequest.Kind.VOID


def open_request(defect: Defect, kind: str) -> EndRequest | None:
    """What has been asked for and not been decided."""
    return (
        EndRequest.objects.filter(defect=defect, kind=kind, state=EndRequest.State.OPEN)
        .select_related("asked_by")
        .first()
    )


def can_withdraw(user: User, defect: Defect) -> Decision:
    """D29: the reporter, before anybody works on it; never with tickets merged into it."""
    decision = as_writer(user, defect, WITHDRAWABLE)
    if decision and not same_person(user, defect.reporter) and defect.state != S.DRAFT:
        return deny_person("reporter", another(_("Only %(name)s can do this."), defect.reporter))
    if decision and defect.pk and defect.merged_children.exists():
        return HAS_CHILDREN
    return decision


def can_ask_withdrawal(user: User, defect: Defect) -> Decision:
    """D29 in processing: the reporter asks, once at a time; never with others merged into it."""
    decision = by(user, defect, [Role.REPORTER], PROCESSING)
    if not decision:
        return decision
    if not same_person(user, defect.reporter):
        return deny_role(another(_("Only %(name)s can do this."), defect.reporter))
    if open_request(defect, WITHDRAW):
        return deny_pending("asked", _("You have asked for it; service support will answer."))
    return HAS_CHILDREN if defect.merged_children.exists() else ALLOW


def can_agree_withdrawal(user: User, defect: Defect) -> Decision:
    """D29: service support, while it is being processed; never once a plan is to be signed."""
    asked = _asked_of(user, defect, Role.SUPPORT, WITHDRAW)
    if not asked:
        return asked
    if defect.state not in PROCESSING:
        return deny_pending("too_late", _("It is too far on to be withdrawn."))
    return HAS_CHILDREN if defect.merged_children.exists() else ALLOW


def can_decline_withdrawal(user: User, defect: Defect) -> Decision:
    """D29: service support, as long as the defect is open."""
    return _asked_of(user, defect, Role.SUPPORT, WITHDRAW)


def can_ask_void(user: User, defect: Defect) -> Decision:
    """D33: service support, for what should never have been entered."""
    decision = by(user, defect, [Role.SUPPORT], VOIDABLE)
    if not decision:
        return decision
    if open_request(defect, VOID):
        return deny_pending("asked", _("A supervisor has been asked already."))
    return HAS_CHILDREN if defect.pk and defect.merged_children.exists() else ALLOW


def can_confirm_void(user: User, defect: Defect) -> Decision:
    """D33: a supervisor who did not ask for it and did not enter it (four-eyes)."""
    decision = can_decline_void(user, defect)
    if not decision:
        return decision
    if defect.state not in VOIDABLE:
        return deny_pending("too_late", _("Somebody works on it; it can no longer be voided."))
    if same_hands(user, [defect.filed_by], defect):
        return four_eyes("filer", _("Someone else must confirm: you filed the defect."))
    return HAS_CHILDREN if defect.merged_children.exists() else ALLOW


def can_decline_void(user: User, defect: Defect) -> Decision:
    """D33: the same people, as long as the defect is open."""
    return _asked_of(user, defect, Role.SUPERVISOR, VOID)


def _asked_of(user: User, defect: Defect, role: Role, kind: str) -> Decision:
    decision = by(user, defect, [role], OPEN)
    if not decision:
        return decision
    request = open_request(defect, kind)
    if request is None:
        return deny_state(_("Nothing of that kind has been asked for."))
    if same_hands(user, [request.asked_by], defect):
        return four_eyes("asker", _("Someone else must decide: you asked for it."))
    return ALLOW
