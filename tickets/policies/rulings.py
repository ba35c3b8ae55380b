"""Who changes the side, states that it cannot be solved, and who answers that (D8, D12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import PROCESSING
from tickets.policies.duties import opinions_in
from tickets.policies.processing import can_process
from tickets.policies.rules import by, four_eyes
from workflow.decisions import Decision, deny_state, same_hands


def can_reclassify(user: User, defect: Defect) -> Decision:
    """D8: the assignee proposes."""
    return can_process(user, defect)


def can_rule_on_reclassification(user: User, defect: Defect) -> Decision:
    """D8: service support, from the third time on a supervisor; never the one who proposed it."""
    proposal = current.pending_reclassification(defect)
    third = bool(proposal and proposal.needs_supervisor)
    role = Role.SUPERVISOR if third else Role.SUPPORT
    decision = by(user, defect, [role], list(PROCESSING))
    if not decision:
        return decision
    if proposal is None:
        return deny_state(_("No change of side has been proposed."))
    if same_hands(user, [proposal.proposed_by], defect):
        return four_eyes("proposer", _("Someone else must decide: you proposed it."))
    return decision


def can_state_unsolvable(user: User, defect: Defect) -> Decision:
    """D12: the assignee, once every group has answered."""
    decision = can_process(user, defect)
    return opinions_in(defect) if decision else decision


def can_cosign_unsolvable(user: User, defect: Defect) -> Decision:
    """D12: a supervisor who had no part in it."""
    decision = can_refuse_unsolvable(user, defect)
    if not decision:
        return decision
    if same_hands(user, [defect.reporter], defect):
        return four_eyes("reporter", _("Someone else must sign: you reported the defect."))
    if same_hands(user, [defect.filed_by], defect):
        return four_eyes("filer", _("Someone else must sign: you filed the defect."))
    return opinions_in(defect)


def can_refuse_unsolvable(user: User, defect: Defect) -> Decision:
    """D12: a supervisor other than the one who stated it."""
    decision = by(user, defect, [Role.SUPERVISOR], list(PROCESSING))
    if not decision:
        return decision
    statement = current.pending_unsolvable(defect)
    if statement is None:
        return deny_state(_("Nobody has stated that it cannot be solved."))
    if same_hands(user, [statement.proposed_by], defect):
        return four_eyes("author", _("Someone else must sign: you wrote the statement."))
    return decision
