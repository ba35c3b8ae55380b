"""Who files, edits, submits, and adds files to a defect (D1, D2, I06)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect
from tickets.models.defect_states import TERMINAL, DefectState
from tickets.policies.rules import as_writer
from tickets.policies_consultations import can_take_calls
from workflow.decisions import ALLOW, Decision, among, deny_person, deny_role, deny_state

S = DefectState


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
    return as_writer(user, defect, [S.DRAFT])


def can_submit(user: User, defect: Defect) -> Decision:
    """D2: those who wrote it, from a draft or after it was returned."""
    return as_writer(user, defect, [S.DRAFT, S.RETURNED])


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
