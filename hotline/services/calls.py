"""Logging a call: the contact and what it leads to, in one transaction (R12, R13, R15, R28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.phones import normalise
from audit import services as audit
from calendars.services import is_after_hours
from hotline import policies
from hotline.models import Contact
from hotline.services.outcomes import Links, carry_out
from numbering.services import CONTACT, allocate
from operations.models import ManagedObject
from tickets.models import Consultation, KnowledgeArticle
from tickets.services.consultations import SAY_MORE, Question, record_consultation
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed
from workflow.texts import says_something

Result = Contact.Result
LONGEST = timedelta(hours=8)
BACKDATED = timedelta(minutes=30)


@dataclass(frozen=True)
class Call:
    """One call or visit as the agent noted it; times are UTC.

    ``typed`` is True when the agent entered the times afterwards instead of letting the timer run.
    ``unit`` is None for outsiders and wrong numbers only.
    """

    channel: str
    caller_name: str
    caller_phone: str
    question: str
    started_at: datetime
    ended_at: datetime
    unit: Organisation | None = None
    caller: User | None = None
    managed_object: ManagedObject | None = None
    category: str = Consultation.Category.OTHER
    module: str = ""
    place: str = ""
    typed: bool = False
    late_reason: str = ""
    long_call: bool = False
    knowledge: KnowledgeArticle | None = None
    satisfaction: int | None = None

    def as_question(self) -> Question:
        """The same, as a consultation needs it; unit and system have been checked."""
        if self.unit is None or self.managed_object is None:
            raise InvalidInput({"unit": NO_UNIT})
        return Question(
            caller=self.caller, caller_name=self.caller_name, caller_phone=self.caller_phone,
            unit=self.unit, channel=self.channel, managed_object=self.managed_object,
            category=self.category, module=self.module, place=self.place, question=self.question,
            started_at=self.started_at, ended_at=self.ended_at, knowledge=self.knowledge,
            satisfaction=self.satisfaction,
        )  # fmt: skip


@dataclass(frozen=True)
class Handling:
    """What came of the call, and what that result needs."""

    result: str
    answer: str = ""
    why: str = ""
    impact: str = ""
    urgency: str = "S3"
    claimed_down: bool = False
    linked: str = ""
    referral: str = ""


NO_UNIT = _(
    "Callers belong to a registered unit of the bank. For anybody else choose “out of scope”."
)


def log_call(
    *,
    actor: User,
    now: datetime,
    call: Call,
    handling: Handling,
    continued: Consultation | None = None,
    token: UUID | None = None,
    is_demo: bool = False,
) -> Contact:
    """Write the contact (LX-…) and do what its result says (R13).

    ``continued`` is the consultation that was noted while this call was running (C2). The same
    person and ``token`` give the first contact back. ``now`` UTC. Raises ``NotAllowed``,
    ``InvalidInput`` and whatever the record made refuses with; then nothing has been written.
    """
    if not (decision := policies.can_log_calls(actor, now)):
        raise NotAllowed(decision)
    if token and (first := _first(actor, token)):
        return first
    _check(call, handling, now)
    try:
        with audit.unit_of_work():
            links = carry_out(
                call, handling, actor=actor, now=now, continued=continued, token=token,
                is_demo=is_demo,
            )  # fmt: skip
            if links.contact is not None:
                return links.contact
            return write_contact(
                call, handling, links, actor=actor, now=now, token=token, is_demo=is_demo
            )
    except IntegrityError:
        if token and (first := _first(actor, token)):
            return first
        raise


def note_running_call(
    *, actor: User, now: datetime, call: Call, answer: str = "", token: UUID | None = None
) -> Consultation:
    """Note the question while the caller is still on the line (C2)."""
    _check(call, Handling(Result.SOLVED, answer="·"), now, running=True)
    return record_consultation(
        actor=actor, now=now, question=call.as_question(), answer=answer, close=False, token=token
    )


def contact_of_consultation(consultation: Consultation, actor: User, now: datetime) -> None:
    """Handler: an open consultation has ended, so its call has ended with a result (R13)."""
    if consultation.contacts.exists() or consultation.source_defect_id:
        return
    converted = consultation.state == Consultation.State.CONVERTED
    voided = consultation.state == Consultation.State.VOIDED
    call = Call(
        channel=consultation.channel, caller=consultation.caller, unit=consultation.unit,
        caller_name=consultation.caller_name, caller_phone=consultation.caller_phone,
        managed_object=consultation.managed_object, question=consultation.question,
        started_at=consultation.started_at, ended_at=now,
    )  # fmt: skip
    links = Links(
        consultation=consultation, defect=consultation.converted_defect if converted else None
    )
    result = Result.TO_DEFECT if converted else Result.INVALID if voided else Result.SOLVED
    write_contact(
        call, Handling(result), links, actor=actor, now=now, token=None,
        is_demo=consultation.is_demo,
    )  # fmt: skip


def write_contact(
    call: Call, handling: Handling, links: Links, *, actor: User, now: datetime,
    token: UUID | None, is_demo: bool,
) -> Contact:  # fmt: skip
    """The contact (LX-…) and its event, in the caller's transaction; nothing is checked here."""
    contact = Contact.objects.create(
        number=allocate(CONTACT, now=now),
        channel=call.channel,
        caller=call.caller,
        caller_name=call.caller_name,
        caller_phone=call.caller_phone,
        unit=call.unit,
        managed_object=call.managed_object,
        summary=call.question.strip(),
        result=handling.result,
        referral=handling.referral.strip(),
        started_at=call.started_at,
        ended_at=call.ended_at,
        after_hours=is_after_hours(call.started_at),
        agent=actor,
        consultation=links.consultation,
        defect=links.defect,
        incident=links.incident,
        submission_token=token,
        is_demo=is_demo,
    )
    data: dict[str, Any] = {"result": handling.result, "linked": links.number}
    audit.record(
        actor=actor, action="hotline.call_logged", target=contact, label=contact.number,
        happened_at=call.ended_at, opinion=call.late_reason, data=data,
    )  # fmt: skip
    return contact


def _first(actor: User, token: UUID) -> Contact | None:
    return Contact.objects.filter(agent=actor, submission_token=token).first()


def _check(call: Call, handling: Handling, now: datetime, *, running: bool = False) -> None:
    wrong = _check_times(call, now) | _check_caller(call, handling.result)
    if handling.result != Result.INVALID and not says_something(call.question):
        wrong["question"] = SAY_MORE
    if handling.result == Result.SOLVED and not running and not says_something(handling.answer):
        wrong["answer"] = SAY_MORE
    if handling.result == Result.TO_DEFECT and not says_something(handling.why):
        wrong["why"] = SAY_MORE
    if handling.result == Result.OUT_OF_SCOPE and not says_something(handling.referral):
        wrong["referral"] = _("Say where the caller was referred to, in at least 5 characters.")
    if handling.result not in Result.values:
        wrong["result"] = _("Every call ends with one of the seven results.")
    if wrong:
        raise InvalidInput(wrong)


def _check_times(call: Call, now: datetime) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if call.started_at > now or call.ended_at > now:
        wrong["typed_ended_at" if call.typed else "started_at"] = _("The time lies in the future.")
    elif call.ended_at < call.started_at:
        wrong["typed_ended_at"] = _("The call cannot end before it began.")
    elif call.ended_at - call.started_at > LONGEST and not call.long_call:
        wrong["long_call"] = _("More than 8 hours: please confirm, or correct the times.")
    if call.typed and now - call.ended_at > BACKDATED and not says_something(call.late_reason):
        wrong["late_reason"] = _("Entered more than 30 minutes afterwards: please say why.")
    return wrong


def _check_caller(call: Call, result: str) -> dict[str, Text]:
    if result == Result.INVALID:
        return {}
    wrong: dict[str, Text] = {}
    if not call.caller_name.strip():
        wrong["caller_name"] = _("Who is calling?")
    try:
        normalise(call.caller_phone)
    except ValueError:
        wrong["caller_phone"] = _("A phone number at which the caller can be reached, please.")
    if result == Result.OUT_OF_SCOPE:
        return wrong
    if call.unit is None:
        wrong["unit"] = NO_UNIT
    if call.managed_object is None and result not in (Result.SUPPLEMENT, Result.REPEATED):
        wrong["managed_object"] = _("Which system is it about?")
    if call.channel == Consultation.Channel.ON_SITE and not call.place.strip():
        wrong["place"] = _("Say where on site it was.")
    return wrong
