"""Who may change the service plan's parameters (R56): one proposes, another one confirms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from sla.models import Agreement, AgreementState
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)


def can_propose(user: User) -> Decision:
    """The system administrator, one version at a time."""
    if not user.has_role(Role.SYSADMIN):
        return deny_role()
    if Agreement.objects.filter(state=AgreementState.PROPOSED).exists():
        return deny_pending("proposal_waits", _("Another version waits for its confirmation."))
    return ALLOW


def can_decide(user: User, agreement: Agreement) -> Decision:
    """A supervisor who is not the human who proposed it."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    if agreement.state != AgreementState.PROPOSED:
        return deny_state()
    if same_person(user, agreement.proposed_by):
        return deny_person("four_eyes", _("Somebody else must decide: you proposed this version."))
    return ALLOW


def can_take_back(user: User, agreement: Agreement) -> Decision:
    """The system administrator, while nobody has decided."""
    if not user.has_role(Role.SYSADMIN):
        return deny_role()
    if agreement.state != AgreementState.PROPOSED:
        return deny_state()
    return ALLOW


def can_set_targets(user: User) -> Decision:
    """Internal targets and the regulator's milestones: the system administrator."""
    return ALLOW if user.has_role(Role.SYSADMIN) else deny_role()
