"""Who writes a handover sheet, and who acknowledges it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from oncall.models import HandoverSheet
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)


def can_write_sheet(user: User, sheet: HandoverSheet) -> Decision:
    """The one who leaves; a supervisor where nobody does. Until it is acknowledged (R11)."""
    if not user.is_desk:
        return deny_role()
    if sheet.acknowledged_at:
        return deny_state(_("This sheet has been acknowledged."))
    if sheet.leaver is None and user.has_role(Role.SUPERVISOR):
        return ALLOW
    if not same_person(user, sheet.leaver):
        return deny_person("not_leaver", _("Whoever leaves writes the note."))
    return ALLOW


def can_acknowledge_sheet(user: User, sheet: HandoverSheet, now: datetime) -> Decision:
    """The one who takes over; a supervisor where nobody does. With a note, or once it is time."""
    if not user.is_desk:
        return deny_role()
    if sheet.acknowledged_at:
        return deny_state(_("This sheet has been acknowledged."))
    nobody = sheet.taker is None and user.has_role(Role.SUPERVISOR)
    if not nobody and not same_person(user, sheet.taker):
        return deny_person("not_taker", _("Whoever takes over acknowledges."))
    if not sheet.note and now < sheet.at:
        return deny_pending("no_note", _("The note has not been written yet."))
    return ALLOW
