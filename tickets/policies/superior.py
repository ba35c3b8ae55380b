"""Who reports to the superior department and who acknowledges (R47)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.policies.rules import four_eyes
from workflow.decisions import ALLOW, Decision, deny_role, deny_state, same_hands


def can_send_report(user: User, defect: Defect) -> Decision:
    """R47: service support, once the defect has been confirmed."""
    if not user.has_role(Role.SUPPORT):
        return deny_role()
    report = current.report_upward(defect)
    if report is None or report.is_sent:
        return deny_state(_("No report upward is due."))
    return ALLOW


def can_acknowledge_report(user: User, defect: Defect) -> Decision:
    """R47: the superior department; never the sender, the signer or the author."""
    if not user.has_role(Role.SUPERIOR):
        return deny_role()
    report = current.unacknowledged_report(defect)
    if report is None or not report.is_sent:
        return deny_state(_("There is no report waiting for acknowledgement."))
    if report.asks_for_decision and defect.state == Defect.State.AWAITING_SUPERIOR:
        return deny_state(_("This report asks for a decision."), "asks_for_decision")
    return eyes_of_the_superior(user, defect)


def eyes_of_the_superior(user: User, defect: Defect) -> Decision:
    """The row “superior acker” of the four-eyes table."""
    if same_hands(user, current.senders(defect), defect):
        return four_eyes("sender", _("Someone else must acknowledge: you sent the report."))
    if same_hands(user, [*current.signers(defect), *current.authors(defect)], defect):
        return four_eyes("signer", _("Someone else must acknowledge: you had a part in the plan."))
    return ALLOW
