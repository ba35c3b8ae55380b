"""Who may log calls, report from the machine room, and judge such a report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from hotline.models import ContactCorrection, MachineRoomReport
from tickets.policies_consultations import can_take_calls, is_on_call
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_person,
    deny_role,
    deny_state,
    same_hands,
)

can_log_calls = can_take_calls


def can_report(user: User) -> Decision:
    """Monitors themselves; who takes calls on a monitor's behalf (R16)."""
    if user.has_role(Role.MONITOR):
        return ALLOW
    return can_take_calls(user)


def can_acknowledge(user: User, report: MachineRoomReport) -> Decision:
    """The people on call and service support, never the reporter (R16)."""
    decision = _on_duty(user, report)
    if not decision:
        return decision
    if report.acknowledged_at is not None:
        return deny_state(_("The report has been acknowledged already."))
    return ALLOW


def can_judge(user: User, report: MachineRoomReport) -> Decision:
    """The people on call and service support say what it was, never the reporter (R16)."""
    decision = _on_duty(user, report)
    if not decision:
        return decision
    if report.outcome != MachineRoomReport.Outcome.PENDING:
        return deny_state(_("The report has been judged already."))
    return ALLOW


def _on_duty(user: User, report: MachineRoomReport) -> Decision:
    if not (user.has_role(Role.SUPPORT) or is_on_call(user)):
        return deny_role(_("Machine-room reports are taken by those on call and service support."))
    return not_the_reporter(user, report)


def can_correct_contact(user: User) -> Decision:
    """R13: whoever takes calls appends a note."""
    return can_take_calls(user)


def can_decide_correction(user: User, note: ContactCorrection) -> Decision:
    """R13: a supervisor who did not write the note, once."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    if note.state != ContactCorrection.State.PENDING:
        return deny_state(_("The correction has been decided already."))
    if same_hands(user, [note.written_by], note.contact):
        return deny_person(
            "four_eyes_author", _("Someone else must confirm: you wrote the correction.")
        )
    return ALLOW


def not_the_reporter(user: User, report: MachineRoomReport) -> Decision:
    """Four-eyes: who reported it may neither take nor judge it (R16)."""
    if same_hands(user, [report.reporter], report):
        return deny_person("reporter", _("You reported this yourself; somebody else must take it."))
    return ALLOW
