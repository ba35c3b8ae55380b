"""Who decides what cannot be solved, who resumes what was deferred, and silence (D27, D28, R47)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from tickets.policies.rules import by, four_eyes
from tickets.policies.superior import eyes_of_the_superior
from workflow.decisions import Decision, deny_role, deny_state, same_hands

S = DefectState


def can_decide(user: User, defect: Defect) -> Decision:
    """D27: the superior department, once, after the report has reached it."""
    decision = by(user, defect, [Role.SUPERIOR], [S.AWAITING_SUPERIOR])
    if not decision:
        return decision
    if defect.result == Defect.Result.EXPLAINED:
        return deny_state(_("It has been decided already; the reply follows."), "decided")
    report = current.report_upward(defect)
    if report is None or not report.is_sent:
        return deny_state(_("The report has not been sent yet."), "report_due")
    return eyes_of_the_superior(user, defect)


def can_resume(user: User, defect: Defect) -> Decision:
    """D28: service support, at any time before the review date."""
    return by(user, defect, [Role.SUPPORT], [S.DEFERRED])


def can_record_acknowledgement(user: User, defect: Defect, now: datetime | None = None) -> Decision:
    """R47: a supervisor, after five working days of silence; never the sender. ``now`` UTC."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    report = current.unacknowledged_report(defect)
    if report is None or not report.is_sent:
        return deny_state(_("There is no report waiting for acknowledgement."))
    if report.silent_at is None:
        return deny_state(
            _("The working calendar is missing, so five working days cannot be counted."),
            "calendar_missing",
        )
    if (now or timezone.now()) < report.silent_at:
        return deny_state(
            _("The superior department still has time to acknowledge the report itself."),
            "not_silent",
        )
    if same_hands(user, [report.sent_by], defect):
        return four_eyes("sender", _("Someone else must record it: you sent the report."))
    return by(user, defect, [Role.SUPERVISOR], [S(defect.state)])
