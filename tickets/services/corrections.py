"""Later facts on a closed defect: appended, confirmed by another person, never edited in."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.models import Defect, DefectCorrection
from tickets.services.correction_decisions import check_decision, decide
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.steps import step


def add_correction(
    defect: Defect, *, actor: User, now: datetime, text: str, version: int | None = None
) -> Defect:
    """Append a note to a closed defect; it counts once a supervisor has confirmed it."""
    require([("text", text)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.correct",
        policy=policies.can_correct, now=now, version=version, opinion=text.strip(),
    ) as work:  # fmt: skip
        note = DefectCorrection.objects.create(
            defect=work.record, text=text.strip(), written_by=actor, written_at=now
        )
        work.data["correction"] = note.pk
        tell(
            [each for each in User.objects.holding(Role.SUPERVISOR) if each.pk != actor.pk],
            work.record, event=f"correct:{note.pk}", now=now,
            subject=_("%(number)s: a correction waits for you"),
            body=_("A note was appended to “%(title)s”. Please confirm or decline it."),
        )  # fmt: skip
    return work.record


def decide_correction(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    correction: DefectCorrection,
    decision: str,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """A supervisor other than its author confirms or declines a correction."""
    check_decision(decision, opinion)
    counts = decision == DefectCorrection.State.CONFIRMED
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.confirm_correction",
        policy=policies.can_confirm_correction, now=now, version=version, opinion=opinion.strip(),
        public=counts,
    ) as work:  # fmt: skip
        note = decide(
            work.record, correction, actor=actor, now=now, decision=decision,
            opinion=opinion,
        )  # fmt: skip
        work.data.update(correction=note.pk, outcome=decision)
        tell(
            [work.record.reporter if counts else None, note.written_by], work.record,
            event=f"corrected:{note.pk}", now=now,
            subject=_("%(number)s: a correction has been decided"),
            body=_("The note appended to “%(title)s” has been confirmed or declined."),
        )  # fmt: skip
    return work.record
