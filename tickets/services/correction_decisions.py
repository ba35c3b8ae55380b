"""Deciding on a correction, of whatever record it was appended to (C7)."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models import Consultation, Defect
from tickets.services.inputs import require
from workflow.corrections import CorrectionNote
from workflow.decisions import same_hands
from workflow.errors import InvalidInput

State = CorrectionNote.State
Corrected: TypeAlias = Consultation | Defect


def check_decision(decision: str, opinion: str) -> None:
    """Confirmed, or declined with the reason; raises ``InvalidInput``."""
    if decision not in (State.CONFIRMED, State.DECLINED):
        raise InvalidInput({"decision": _("Confirm it or decline it.")})
    if decision == State.DECLINED:
        require([("opinion", opinion)])


def decide(
    record: Corrected,
    correction: CorrectionNote,
    *,
    actor: User,
    now: datetime,
    decision: str,
    opinion: str,
) -> CorrectionNote:
    """Decide on the note of ``record`` that waits and that somebody else wrote; ``now`` UTC.

    Inside the record's own step. Raises ``InvalidInput``.
    """
    pending = record.corrections.filter(state=State.PENDING)
    note: CorrectionNote | None = (
        pending.select_related("written_by").filter(pk=correction.pk).first()
    )
    if note is None or same_hands(actor, [note.written_by], record):
        raise InvalidInput({"correction": _("Choose a correction that somebody else wrote.")})
    note.state, note.opinion = decision, opinion.strip()
    note.decided_by, note.decided_at = actor, now
    note.save(update_fields=["state", "opinion", "decided_by", "decided_at"])
    return note
