"""Who may do what with a defect, and when (domain section 2.1).

The order is always the same: role, state, person, then what must happen first. Being a superuser
counts for nothing; two accounts of one human count as one person (R43–R45).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.models import Defect, Solution
from tickets.models.defects import PROCESSING, TERMINAL, DefectState
from tickets.policies_consultations import can_take_calls
from workflow.decisions import (
    ALLOW,
    Decision,
    among,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)

S = DefectState
WITHDRAWABLE = [S.DRAFT, S.SUBMITTED, S.RETURNED, S.TRIAGING]
MERGEABLE = [S.SUBMITTED, S.TRIAGING, *PROCESSING]
PROCESSING_ROLE = {S.TECH_PROCESSING: Role.TECH, S.BIZ_PROCESSING: Role.BIZ}


def can_file(user: User, reporter: User | None = None, now: datetime | None = None) -> Decision:
    """D1, D2: a bank user for oneself; whoever takes calls, on behalf of a bank user (R35).

    ``now`` (UTC, this minute by default) decides who is on call.
    """
    if reporter is not None and not (reporter.is_active and reporter.has_role(Role.REPORTER)):
        return deny_person("no_reporter", _("A defect is reported by a user of the bank."))
    if user.has_role(Role.REPORTER) and (reporter is None or reporter.pk == user.pk):
        return ALLOW
    return can_take_calls(user, now)


def can_edit_draft(user: User, defect: Defect) -> Decision:
    """D1: those who wrote the draft."""
    return _as_writer(user, defect, [S.DRAFT])


def can_submit(user: User, defect: Defect) -> Decision:
    """D2: those who wrote it, from a draft or after it was returned."""
    return _as_writer(user, defect, [S.DRAFT, S.RETURNED])


def can_accept(user: User, defect: Defect) -> Decision:
    """D3: any service support."""
    return _by(user, defect, [Role.SUPPORT], [S.SUBMITTED])


def can_return(user: User, defect: Defect) -> Decision:
    """D4."""
    return _by(user, defect, [Role.SUPPORT], [S.SUBMITTED, S.TRIAGING])


def can_classify(user: User, defect: Defect) -> Decision:
    """D5, D6."""
    return _by(user, defect, [Role.SUPPORT], [S.TRIAGING])


def can_convert(user: User, defect: Defect) -> Decision:
    """D7: only while nothing has been planned for it (R40)."""
    decision = _by(user, defect, [Role.SUPPORT], [S.TRIAGING])
    if decision and Solution.objects.filter(defect=defect).exists():
        return deny_pending(
            "has_solution",
            _("It already has a solution and can no longer become a consultation."),
        )
    return decision


def can_process(user: User, defect: Defect) -> Decision:
    """D9, D11, D13: the assignee, technical or business."""
    decision = _by(user, defect, [Role.TECH, Role.BIZ], PROCESSING)
    if not decision:
        return decision
    if not same_person(user, defect.assignee):
        return deny_person("assignee", _another(_("Assigned to %(name)s."), defect.assignee))
    if not user.has_role(PROCESSING_ROLE[S(defect.state)]):
        return deny_role()
    return ALLOW


def can_approve(user: User, defect: Defect) -> Decision:
    """D14: a supervisor who had no other part in it (four-eyes, R43)."""
    decision = can_send_back(user, defect)
    if not decision:
        return decision
    return four_eyes_for_signing(user, defect)


def can_send_back(user: User, defect: Defect) -> Decision:
    """D15."""
    return _by(user, defect, [Role.SUPERVISOR], [S.PENDING_SIGNOFF])


def four_eyes_for_signing(user: User, defect: Defect) -> Decision:
    """The row “signer” of the four-eyes table."""
    solution = current.latest_solution(defect)
    if solution is None:
        return deny_state(_("There is no solution to sign."))
    if among(user, current.authors(defect)):
        return _four_eyes("author", _("Someone else must sign: you wrote the plan."))
    if same_person(user, defect.reporter):
        return _four_eyes("reporter", _("Someone else must sign: you reported the defect."))
    if same_person(user, defect.filed_by):
        return _four_eyes("filer", _("Someone else must sign: you filed the defect."))
    if same_person(user, solution.planned_implementer):
        return _four_eyes("implementer", _("Someone else must sign: you are to implement it."))
    report = current.report_upward(defect)
    if report and same_person(user, report.acknowledged_by):
        return _four_eyes("acker", _("Someone else must sign: you acknowledged the report."))
    return ALLOW


def can_start(user: User, defect: Defect) -> Decision:
    """D17: the named implementer, with a signature of somebody else on the current version."""
    decision = _as_implementer(user, defect, S.APPROVED)
    if not decision:
        return decision
    if among(user, current.signers(defect)):
        return _four_eyes("signer", _("Someone else must implement: you signed the plan."))
    if current.valid_sign_off(defect) is None:
        return deny_pending("unsigned", _("There is no valid signature on the current version."))
    return ALLOW


def can_finish(user: User, defect: Defect) -> Decision:
    """D19, D20: the implementer who works on it."""
    return _as_implementer(user, defect, S.IMPLEMENTING)


def can_verify(user: User, defect: Defect) -> Decision:
    """D21: service staff other than the implementer (R45)."""
    decision = _by(user, defect, [Role.AGENT, Role.SUPPORT], [S.VERIFYING])
    if decision and among(user, current.implementers(defect)):
        return _four_eyes("implementer", _("Someone else must verify: you implemented it."))
    return decision


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
    report = current.report_upward(defect)
    if report is None or not report.is_sent or report.is_acknowledged:
        return deny_state(_("There is no report waiting for acknowledgement."))
    if same_person(user, report.sent_by):
        return _four_eyes("sender", _("Someone else must acknowledge: you sent the report."))
    if among(user, [*current.signers(defect), *current.authors(defect)]):
        return _four_eyes("signer", _("Someone else must acknowledge: you had a part in the plan."))
    return ALLOW


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
    decision = _by(user, defect, [Role.REPORTER], [S.REPLIED])
    if not decision:
        return decision
    if not same_person(user, defect.reporter):
        return deny_person("reporter", _another(_("Only %(name)s can do this."), defect.reporter))
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


def can_withdraw(user: User, defect: Defect) -> Decision:
    """D29: the reporter, before anybody works on it; never with tickets merged into it."""
    decision = _as_writer(user, defect, WITHDRAWABLE)
    if decision and not same_person(user, defect.reporter) and defect.state != S.DRAFT:
        return deny_person("reporter", _another(_("Only %(name)s can do this."), defect.reporter))
    if decision and defect.pk and defect.merged_children.exists():
        return deny_pending("has_children", _("Other defects have been merged into this one."))
    return decision


def can_merge(user: User, defect: Defect) -> Decision:
    """D30, the child's side: support, or the assignee."""
    decision = _by(user, defect, [Role.SUPPORT, Role.TECH, Role.BIZ], MERGEABLE)
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


def can_attach(user: User, defect: Defect) -> Decision:
    """I06: those who wrote it and everybody at the desk, until it is replied to."""
    desk = user.has_role(
        Role.AGENT, Role.SUPPORT, Role.TECH, Role.BIZ, Role.SUPERVISOR, Role.IMPLEMENTER
    )
    if not desk and not among(user, [defect.reporter, defect.filed_by]):
        return deny_role()
    if defect.state in (*TERMINAL, S.REPLIED):
        return deny_state()
    return ALLOW


def _by(user: User, defect: Defect, roles: list[Role], states: list[DefectState]) -> Decision:
    if not user.has_role(*roles):
        return deny_role()
    return ALLOW if defect.state in states else deny_state()


def _as_writer(user: User, defect: Defect, states: list[DefectState]) -> Decision:
    if not user.has_role(Role.REPORTER, Role.AGENT, Role.SUPPORT) or not among(
        user, [defect.reporter, defect.filed_by]
    ):
        return deny_role(_("Only those who wrote it can do this."))
    return ALLOW if defect.state in states else deny_state()


def _as_implementer(user: User, defect: Defect, state: DefectState) -> Decision:
    decision = _by(user, defect, [Role.IMPLEMENTER], [state])
    if decision and not same_person(user, defect.implementer):
        return deny_person(
            "implementer", _another(_("To be implemented by %(name)s."), defect.implementer)
        )
    return decision


def _four_eyes(code: str, message: object) -> Decision:
    return deny_person(f"four_eyes_{code}", message)  # type: ignore[arg-type]


def _another(message: object, person: User | None) -> str:
    return str(message) % {"name": person.name if person else "—"}
