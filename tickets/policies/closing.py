"""Who replies, accepts the reply, and what stands in the way of the end (D22, D23)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defects import DefectState
from tickets.policies.rules import another, by
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


def can_reply(user: User, defect: Defect) -> Decision:
    """D22: solved, or found not to be a defect; the report upward must be on its way (R47, R49)."""
    if not user.has_role(Role.SUPPORT):
        return deny_role()
    refuted = defect.state == S.TRIAGING and defect.result == Defect.Result.NOT_A_DEFECT
    if defect.state != S.RESOLVED and not refuted:
        return deny_state()
    report = current.report_upward(defect)
    if report and not report.is_sent:
        return deny_pending("report_due", _("Report to the superior department first, then reply."))
    return ALLOW


def can_accept_reply(user: User, defect: Defect) -> Decision:
    """D23: the reporter; the report upward and the change record must be complete (R47, R48)."""
    decision = by(user, defect, [Role.REPORTER], [S.REPLIED])
    if not decision:
        return decision
    if not same_person(user, defect.reporter):
        return deny_person("reporter", another(_("Only %(name)s can do this."), defect.reporter))
    return why_not_closed(defect)


def why_not_closed(defect: Defect) -> Decision:
    """What still stands between a reply and the end."""
    report = current.report_upward(defect)
    if report and not report.is_acknowledged:
        return deny_pending(
            "unacknowledged",
            _("It can be closed once the superior department has acknowledged the report."),
        )
    if not current.change_is_recorded(defect):
        return deny_pending("no_change_record", _("It can be closed once the change is recorded."))
    return ALLOW
