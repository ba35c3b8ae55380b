"""Who replies, accepts the reply, and what stands in the way of the end (D22, D23)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from tickets.policies.duties import all_done, opinions_in
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
    """D22: solved, found not to be a defect, or to be answered with an explanation.

    Every group has answered, and the report upward is on its way (R33, R47, R49).
    """
    if not user.has_role(Role.SUPPORT):
        return deny_role()
    refuted = defect.state == S.TRIAGING and defect.result == Defect.Result.NOT_A_DEFECT
    explained = defect.state == S.AWAITING_SUPERIOR and defect.result == Defect.Result.EXPLAINED
    if defect.state != S.RESOLVED and not refuted and not explained:
        return deny_state()
    opinions = opinions_in(defect)
    if not opinions:
        return opinions
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
    """What still stands between a reply and the end, whoever or whatever closes it (D23, D24)."""
    return all_done(defect)
