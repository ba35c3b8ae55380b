"""Who may do what with a consultation once it has been answered (C5–C7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import Consultation, Objection
from tickets.policies_consultations import can_take_calls
from workflow.corrections import LOCK_AFTER, CorrectionNote
from workflow.decisions import (
    ALLOW,
    Decision,
    among,
    deny_pending,
    deny_person,
    deny_role,
    deny_state,
    same_hands,
    same_person,
)

WINDOW = timedelta(days=7)
S = Consultation.State
TOO_LATE = _("That was possible for seven days. Please record a new consultation.")


def is_locked(consultation: Consultation, now: datetime | None = None) -> bool:
    """True from 24 hours after closing on: fields are frozen (C7). ``now`` UTC, this minute."""
    closed_at = consultation.closed_at
    return closed_at is not None and (now or timezone.now()) >= closed_at + LOCK_AFTER


def can_escalate(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """C5: whoever takes calls, once, also when it had already been answered."""
    decision = can_take_calls(user, now)
    if not decision:
        return decision
    if consultation.state not in (S.OPEN, S.CLOSED) or is_locked(consultation, now):
        return deny_state()
    if consultation.incident_number:
        return deny_pending("escalated", _("It has been escalated to an incident already."))
    return ALLOW


def can_object(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """C6: the reporter of the defect it was made from, within seven days of the conversion."""
    defect = consultation.source_defect
    if not user.has_role(Role.REPORTER) or defect is None:
        return deny_role()
    if consultation.state not in (S.OPEN, S.CLOSED):
        return deny_state()
    if not same_person(user, defect.reporter):
        return deny_role(_("Only the reporter of the defect can object."))
    if hasattr(consultation, "objection"):
        return deny_state(_("The objection has been raised already."), "objected")
    if (now or timezone.now()) > consultation.created_at + WINDOW:
        return deny_state(
            _("An objection was possible for seven days after the conversion."), "too_late"
        )
    return ALLOW


def can_rule(user: User, consultation: Consultation) -> Decision:
    """C6, the second objection: a supervisor who had no part in the conversion."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    objection: Objection | None = getattr(consultation, "objection", None)
    if objection is None or objection.outcome != Objection.Outcome.PENDING:
        return deny_state(_("No objection waits for a ruling."))
    triages = objection.defect.triages.filter(issue_type="operation").select_related(
        "decided_by", "explainer"
    )
    parties = [person for each in triages for person in (each.decided_by, each.explainer)]
    if among(user, [objection.raised_by, objection.defect.filed_by, *parties]):
        return deny_person(
            "four_eyes_party", _("Someone else must rule: you had a part in the conversion.")
        )
    return ALLOW


def can_amend(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """C7: whoever takes calls puts a closed record right, for 24 hours."""
    decision = can_take_calls(user, now)
    if not decision:
        return decision
    if consultation.state != S.CLOSED or is_locked(consultation, now):
        return deny_state(
            _("Its fields can be changed for 24 hours after closing. Append a correction instead.")
        )
    return ALLOW


def can_correct(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """C7: after the lock, whoever takes calls appends a note."""
    decision = can_take_calls(user, now)
    if not decision:
        return decision
    if consultation.state != S.CLOSED or not is_locked(consultation, now):
        return deny_state(_("Corrections are appended from 24 hours after closing on."))
    return ALLOW


def can_confirm_correction(user: User, consultation: Consultation) -> Decision:
    """C7: a supervisor who did not write the note."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    pending = consultation.corrections.filter(state=CorrectionNote.State.PENDING)
    notes = list(pending.select_related("written_by"))
    if not notes:
        return deny_state(_("No correction waits for confirmation."))
    if all(same_hands(user, [note.written_by], consultation) for note in notes):
        return deny_person(
            "four_eyes_author", _("Someone else must confirm: you wrote the correction.")
        )
    return ALLOW


def can_reopen(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """Closed → open, within seven days of closing, by whoever takes calls."""
    decision = can_take_calls(user, now)
    if not decision:
        return decision
    if consultation.state != S.CLOSED:
        return deny_state()
    if consultation.closed_at is None or (now or timezone.now()) > consultation.closed_at + WINDOW:
        return deny_state(TOO_LATE, "too_late")
    return _no_objection(consultation)


def can_void(user: User, consultation: Consultation) -> Decision:
    """Entered by mistake: a supervisor other than the one who recorded it."""
    if not user.has_role(Role.SUPERVISOR):
        return deny_role()
    if consultation.state not in (S.OPEN, S.CLOSED):
        return deny_state()
    if same_person(user, consultation.agent):
        return deny_person("four_eyes_agent", _("Someone else must void it: you recorded it."))
    if consultation.source_defect_id:
        return deny_pending(
            "from_defect",
            _("It was made from a defect and can only be undone by the reporter's objection."),
        )
    return _no_objection(consultation)


def can_rate(user: User, consultation: Consultation, now: datetime | None = None) -> Decision:
    """The caller says how satisfied he is, within seven days of closing (document 5.5)."""
    if not same_person(user, consultation.caller) or not user.has_role(Role.REPORTER):
        return deny_role()
    closed_at = consultation.closed_at
    if consultation.state != S.CLOSED or closed_at is None:
        return deny_state()
    if consultation.satisfaction is not None or (now or timezone.now()) > closed_at + WINDOW:
        return deny_state(_("It has been rated, or the seven days are over."), "rated")
    return ALLOW


def _no_objection(consultation: Consultation) -> Decision:
    objection: Objection | None = getattr(consultation, "objection", None)
    if objection is not None and objection.outcome == Objection.Outcome.PENDING:
        return deny_pending("objection", _("An objection waits for a supervisor's ruling."))
    return ALLOW
