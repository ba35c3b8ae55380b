"""What may follow a reply: reopening, a rating, a receipt (D24, D25, R49)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Defect, DefectCorrection
from tickets.models.defect_states import DefectState
from tickets.policies.closing import why_not_closed
from tickets.policies.rules import another, by, four_eyes
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_pending,
    deny_role,
    deny_state,
    same_hands,
    same_person,
)

S = DefectState


def window_end(since: datetime) -> datetime:
    """Until when (UTC) a reply sent at ``since`` may be answered with "it is back" (D25)."""
    return since + timedelta(days=settings.DEFECT_REOPEN_DAYS)


def can_reopen(user: User, defect: Defect, now: datetime | None = None) -> Decision:
    """D25: the reporter or service support, within seven calendar days of the reply."""
    decision = by(user, defect, [Role.REPORTER, Role.SUPPORT], [S.REPLIED, S.CLOSED])
    if not decision:
        return decision
    if not user.has_role(Role.SUPPORT) and not same_person(user, defect.reporter):
        return deny_role(another(_("Only %(name)s can do this."), defect.reporter))
    if defect.replied_at and (now or timezone.now()) <= window_end(defect.replied_at):
        return ALLOW
    return deny_pending(
        "window_over",
        _("The time for reopening is over. Please submit a new defect as a recurrence."),
    )


def can_auto_close(_actor: Any, defect: Defect) -> Decision:
    """D24: what was replied to, when nothing stands in the way."""
    return why_not_closed(defect) if defect.state == S.REPLIED else deny_state()


def can_rate(user: User, defect: Defect, now: datetime | None = None) -> Decision:
    """R49: the reporter, once, within the same time after the end."""
    decision = by(user, defect, [Role.REPORTER], [S.CLOSED])
    if not decision:
        return decision
    if not same_person(user, defect.reporter):
        return deny_role(another(_("Only %(name)s can do this."), defect.reporter))
    if defect.rating is not None:
        return deny_state(_("It has been rated already."), "rated")
    if defect.closed_at is None or (now or timezone.now()) > window_end(defect.closed_at):
        return deny_state(_("The time for a rating is over."), "window_over")
    return ALLOW


def can_receive(user: User, defect: Defect) -> Decision:
    """R49: the reporter of a merged defect signs for the reply that his unit got."""
    decision = by(user, defect, [Role.REPORTER], [S.MERGED])
    if not decision:
        return decision
    if not same_person(user, defect.reporter):
        return deny_role(another(_("Only %(name)s can do this."), defect.reporter))
    if not defect.replies.filter(superseded_at=None, received_at=None).exists():
        return deny_state(_("There is no reply to sign for."))
    return ALLOW


def can_correct(user: User, defect: Defect) -> Decision:
    """Later facts on a closed defect: the desk appends a note (section 2.1, notes)."""
    return by(user, defect, [Role.AGENT, Role.SUPPORT, Role.TECH, Role.BIZ], [S.CLOSED])


def can_confirm_correction(user: User, defect: Defect) -> Decision:
    """A supervisor who did not write the note."""
    decision = by(user, defect, [Role.SUPERVISOR], [S.CLOSED])
    if not decision:
        return decision
    pending = defect.corrections.filter(state=DefectCorrection.State.PENDING)
    notes = list(pending.select_related("written_by"))
    if not notes:
        return deny_state(_("No correction waits for confirmation."))
    if all(same_hands(user, [note.written_by], defect) for note in notes):
        return four_eyes("author", _("Someone else must confirm: you wrote the correction."))
    return ALLOW
