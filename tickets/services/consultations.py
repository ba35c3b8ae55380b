"""Consultations: noted, answered and closed on the spot, or turned into a defect (R26–R30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import Role
from audit import services as audit
from calendars.services import is_after_hours
from numbering.services import CONSULTATION, allocate
from operations.models import ManagedObject
from tickets import policies_consultations as policies
from tickets.consultation_handlers import consultation_ended
from tickets.models import Consultation, Defect, KnowledgeArticle
from tickets.record_form import current_version
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed
from workflow.steps import step
from workflow.texts import says_something

TITLE_LENGTH = 60
SAY_MORE = _("Please say it in words: at least 5 visible characters, no placeholder.")


@dataclass(frozen=True)
class Question:
    """What was asked, by whom, where and when (document 5.5).

    Times are UTC; ``ended_at`` is given only when a call is entered afterwards.
    """

    caller_name: str
    caller_phone: str
    unit: Organisation
    channel: str
    managed_object: ManagedObject
    question: str
    started_at: datetime
    ended_at: datetime | None = None
    caller: User | None = None
    title: str = ""
    category: str = Consultation.Category.OTHER
    module: str = ""
    place: str = ""
    remarks: str = ""
    knowledge: KnowledgeArticle | None = None
    satisfaction: int | None = None


def record_consultation(
    *,
    actor: User,
    now: datetime,
    question: Question,
    answer: str = "",
    close: bool,
    token: UUID | None = None,
    is_demo: bool = False,
) -> Consultation:
    """Note a consultation: answered and closed at once (C1), or open while the call runs (C2).

    ``token`` makes it once only: the same person and token give the first record back. Raises
    ``NotAllowed`` and ``InvalidInput``.
    """
    if not (decision := policies.can_take_calls(actor, now)):
        raise NotAllowed(decision)
    _check(question, answer, now=now, close=close)
    try:
        with audit.unit_of_work():
            consultation = _unsaved(actor, now, question)
            consultation.submission_token, consultation.is_demo = token, is_demo
            if close:
                _close_new(consultation, answer, question.ended_at or now)
            else:
                _open_new(consultation, answer, actor)
            consultation.save()
            action = "consultation.record" if close else "consultation.open"
            _note(consultation, actor, action, now, {"channel": question.channel})
            return consultation
    except IntegrityError:
        mine = Consultation.objects.filter(agent=actor)
        first: Consultation | None = mine.filter(submission_token=token).first()
        if token is None or first is None:
            raise
        return first


def close_consultation(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    answer: str,
    satisfaction: int | None = None,
    knowledge: KnowledgeArticle | None = None,
    version: int | None = None,
) -> Consultation:
    """Answer an open consultation (C3). Raises ``NotAllowed``, ``WrongState``, ``InvalidInput``.

    One that had been reopened does not count as solved on the spot (R27, R28).
    """
    if not says_something(answer):
        raise InvalidInput({"answer": SAY_MORE})
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.close", policy=policies.can_close, now=now, version=version,
        public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        record.answer, record.solved_on_spot = answer.strip(), record.reopened == 0
        record.satisfaction = satisfaction or record.satisfaction
        if knowledge is not None:
            record.taken_from(knowledge)
        record.ended_at = record.closed_at = now
        record.close()
        consultation_ended(record, actor=actor, now=now)
    return record


def create_from_defect(
    *,
    defect: Defect,
    explanation: str,
    explainer: User,
    actor: User,
    now: datetime,
    close: bool = True,
    channel: str = Consultation.Channel.HOTLINE,
) -> Consultation:
    """The consultation an operation issue becomes (D7, R40): closed when explained on the spot.

    With ``close=False`` it stays open in the explainer's hands. Called inside the defect's own
    step, which has checked who may; the defect is linked as ``source_defect``.
    """
    if not says_something(explanation):
        raise InvalidInput({"explanation": SAY_MORE})
    with audit.unit_of_work():
        consultation = _unsaved(
            actor, now,
            Question(
                caller=defect.reporter, caller_name=defect.reporter.name,
                caller_phone=defect.contact_phone or defect.reporter.phone,
                unit=defect.unit, channel=channel, managed_object=_object_of(defect),
                module=defect.module, category=Consultation.Category.OPERATION,
                title=defect.title, question=defect.phenomenon or defect.title, started_at=now,
            ),
        )  # fmt: skip
        consultation.agent, consultation.source_defect = explainer, defect
        consultation.is_demo = defect.is_demo
        if close:
            _close_new(consultation, explanation, now)
        else:
            _open_new(consultation, explanation, explainer)
        consultation.save()
        _note(consultation, actor, "consultation.from_defect", now, {"defect": defect.number})
    return consultation


def _unsaved(actor: User, now: datetime, question: Question) -> Consultation:
    consultation = Consultation(
        number=allocate(CONSULTATION, now=now),
        unit=question.unit,
        caller=question.caller,
        caller_name=question.caller_name,
        caller_phone=question.caller_phone,
        channel=question.channel,
        place=question.place,
        managed_object=question.managed_object,
        module=question.module,
        category=question.category,
        title=question.title.strip() or first_line(question.question),
        question=question.question.strip(),
        started_at=question.started_at,
        after_hours=is_after_hours(question.started_at),
        remarks=question.remarks,
        agent=actor,
        created_at=now,
        state_since=now,
        satisfaction=question.satisfaction,
        template_version=current_version(),
    )
    consultation.taken_from(question.knowledge)
    return consultation


def _close_new(consultation: Consultation, answer: str, ended_at: datetime) -> None:
    consultation.answer, consultation.solved_on_spot = answer.strip(), True
    consultation.ended_at, consultation.closed_at = ended_at, consultation.created_at
    consultation.close()


def _open_new(consultation: Consultation, answer: str, holder: User) -> None:
    consultation.answer = answer.strip()
    consultation.open()
    consultation.held_by(Role.AGENT, holder)


def _note(
    consultation: Consultation, actor: User, action: str, now: datetime, data: dict[str, Any]
) -> None:
    audit.record(
        actor=actor, action=action, target=consultation, label=consultation.number,
        happened_at=now, to_state=str(consultation.state), data=data, public=True,
    )  # fmt: skip


def _check(question: Question, answer: str, *, now: datetime, close: bool) -> None:
    wrong: dict[str, Text] = {}
    if not says_something(question.question):
        wrong["question"] = SAY_MORE
    if close and not says_something(answer):
        wrong["answer"] = SAY_MORE
    if question.started_at > now or (question.ended_at and question.ended_at > now):
        wrong["started_at"] = _("The time lies in the future.")
    elif question.ended_at and question.ended_at < question.started_at:
        wrong["ended_at"] = _("It cannot end before it began.")
    if question.channel == Consultation.Channel.ON_SITE and not question.place.strip():
        wrong["place"] = _("Say where on site it was.")
    if question.unit.kind not in (Organisation.Kind.BANK, Organisation.Kind.BANK_UNIT) or (
        not question.unit.is_active
    ):
        wrong["unit"] = _("Only registered units of the bank are served.")
    if wrong:
        raise InvalidInput(wrong)


def _object_of(defect: Defect) -> ManagedObject:
    if defect.managed_object is None:
        raise InvalidInput({"managed_object": _("The defect names no system yet.")})
    return defect.managed_object


def first_line(text: str) -> str:
    """A title out of a long text: its first line, cut short."""
    line = text.strip().splitlines()[0].strip() if text.strip() else ""
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
