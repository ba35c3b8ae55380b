"""Putting an answered consultation right: amend, correct, reopen, void, rate (C7)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies_afterwards as policies
from tickets.consultation_handlers import consultation_ended
from tickets.models import Consultation, Correction, KnowledgeArticle
from tickets.services.correction_decisions import check_decision, decide
from tickets.services.inputs import require
from workflow.errors import InvalidInput
from workflow.steps import step

AMENDABLE = ("answer", "category", "module", "remarks", "satisfaction", "knowledge")


def amend(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    answer: str,
    category: str,
    module: str = "",
    remarks: str = "",
    satisfaction: int | None = None,
    knowledge: KnowledgeArticle | None = None,
    version: int | None = None,
) -> Consultation:
    """Change fields of a closed record within 24 hours (C7); the trail keeps the old values.

    Raises ``NotAllowed``, ``WrongState`` (locked), ``InvalidInput``.
    """
    require([("answer", answer)])
    given: dict[str, Any] = {
        "answer": answer.strip(), "category": category, "module": module.strip(),
        "remarks": remarks.strip(), "satisfaction": satisfaction, "knowledge": knowledge,
    }  # fmt: skip
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.amend", policy=partial(policies.can_amend, now=now), now=now,
        version=version, public=True,
    ) as work:  # fmt: skip
        record = work.record
        changed = {name: getattr(record, name) for name in AMENDABLE}
        changed = {name: old for name, old in changed.items() if old != given[name]}
        if not changed:
            raise InvalidInput({"answer": _("Nothing has been changed.")})
        for name in changed:
            setattr(record, name, given[name])
        if "knowledge" in changed:
            record.taken_from(knowledge)
            changed["knowledge"] = str(changed["knowledge"] or "")
        work.data = {"before": changed}
    return record


def add_correction(
    consultation: Consultation, *, actor: User, now: datetime, text: str, version: int | None = None
) -> Consultation:
    """Append a note to a locked record; it counts once a supervisor has confirmed it (C7)."""
    require([("text", text)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.correct", policy=partial(policies.can_correct, now=now), now=now,
        version=version, opinion=text.strip(),
    ) as work:  # fmt: skip
        note = Correction(
            consultation=work.record, text=text.strip(), written_by=actor, written_at=now
        )
        note.save()
        work.data = {"correction": note.pk}
    return work.record


def decide_correction(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    correction: Correction,
    decision: str,
    opinion: str = "",
    version: int | None = None,
) -> Consultation:
    """A supervisor other than its author confirms or declines a correction (C7)."""
    check_decision(decision, opinion)
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.confirm_correction", policy=policies.can_confirm_correction, now=now,
        version=version, opinion=opinion.strip(),
        public=decision == Correction.State.CONFIRMED,
    ) as work:  # fmt: skip
        note = decide(
            work.record, correction, actor=actor, now=now, decision=decision,
            opinion=opinion,
        )  # fmt: skip
        work.data = {"correction": note.pk, "decision": decision}
    return work.record


def reopen(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    opinion: str,
    version: int | None = None,
) -> Consultation:
    """Asked again within seven days: open once more, in the hands of who reopened it."""
    require([("opinion", opinion)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.reopen", policy=partial(policies.can_reopen, now=now), now=now,
        version=version, opinion=opinion.strip(), public=True,
    ) as work:  # fmt: skip
        work.data = {"answer": work.record.answer}
        work.record.reopen()
        work.record.held_by(Role.AGENT, actor)
    return work.record


def void(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    opinion: str,
    version: int | None = None,
) -> Consultation:
    """Entered by mistake: kept, but it counts nowhere. Nothing is deleted."""
    require([("opinion", opinion)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.void", policy=policies.can_void, now=now, version=version,
        opinion=opinion.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        running = record.state == Consultation.State.OPEN
        record.ended_at = record.ended_at or now
        record.void()
        if running:
            consultation_ended(record, actor=actor, now=now)
    return record


def rate(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    satisfaction: int,
    version: int | None = None,
) -> Consultation:
    """The caller's satisfaction, 1 (bad) to 5 (good), once (document 5.5)."""
    if satisfaction not in range(1, 6):
        raise InvalidInput({"satisfaction": _("A number from 1 to 5, please.")})
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.rate", policy=partial(policies.can_rate, now=now), now=now,
        version=version, public=True,
    ) as work:  # fmt: skip
        work.record.satisfaction = satisfaction
        work.data = {"satisfaction": satisfaction}
    return work.record
