"""What each of the seven results of a call makes or links (R13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from hotline.models import Contact
from incidents.models import Incident
from incidents.services import report_incident
from tickets.models import Consultation, Defect
from tickets.services.consultations import close_consultation, first_line, record_consultation
from tickets.services.conversions import convert_to_defect
from tickets.services.defects import submit_new
from tickets.services.escalation import escalate_consultation
from tickets.services.inputs import DefectInput
from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from hotline.services.calls import Call, Handling

Result = Contact.Result
MODELS: dict[str, Any] = {"ZX": Consultation, "QX": Defect, "GZ": Incident}


@dataclass(frozen=True)
class Links:
    """The record a contact points at; ``contact`` when it has been written on the way."""

    consultation: Consultation | None = None
    defect: Defect | None = None
    incident: Incident | None = None
    contact: Contact | None = None

    @property
    def number(self) -> str:
        """Number of the record, "" when there is none."""
        record = self.defect or self.incident or self.consultation
        return record.label if record is not None else ""


@dataclass(frozen=True)
class _Deed:
    """Everything one result needs to be carried out."""

    call: Call
    handling: Handling
    actor: User
    now: datetime
    continued: Consultation | None
    token: UUID | None
    is_demo: bool


def carry_out(call: Call, handling: Handling, **rest: Any) -> Links:
    """Make or find the record that ``handling.result`` is about; runs in the caller's transaction.

    Raises ``InvalidInput`` and what the services of tickets and incidents refuse with.
    """
    deed = _Deed(call=call, handling=handling, **rest)
    if deed.continued is not None:
        return _go_on(deed, deed.continued)
    return _RESULTS[handling.result](deed)


def _go_on(deed: _Deed, consultation: Consultation) -> Links:
    """The call had been noted as an open consultation (C2): end that one (C3, C4, C5)."""
    if deed.handling.result == Result.SOLVED:
        close_consultation(
            consultation, actor=deed.actor, now=deed.now, answer=deed.handling.answer,
            knowledge=deed.call.knowledge, satisfaction=deed.call.satisfaction,
        )  # fmt: skip
    elif deed.handling.result == Result.TO_DEFECT:
        convert_to_defect(
            consultation, actor=deed.actor, now=deed.now, why=deed.handling.why,
            phenomenon=deed.call.question, impact=deed.handling.impact,
            urgency=deed.handling.urgency,
        )  # fmt: skip
    elif deed.handling.result == Result.TO_INCIDENT:
        impact = deed.call.question
        escalate_consultation(
            consultation, actor=deed.actor, now=deed.now, impact=impact,
            claimed_down=deed.handling.claimed_down,
        )  # fmt: skip
    else:
        raise InvalidInput(
            {
                "result": _(
                    "A consultation in progress ends as solved, as a defect or as an incident."
                )
            }
        )
    # C3, C4 and C5 have written the contact themselves, wherever they are done from.
    return Links(contact=consultation.contacts.latest("pk"))


def _solved(deed: _Deed) -> Links:
    consultation = record_consultation(
        actor=deed.actor, now=deed.now, question=deed.call.as_question(),
        answer=deed.handling.answer, close=True, token=deed.token, is_demo=deed.is_demo,
    )  # fmt: skip
    return Links(consultation=consultation)


def _to_defect(deed: _Deed) -> Links:
    call = deed.call
    if call.caller is None:
        raise InvalidInput({"caller": NO_ACCOUNT})
    defect = submit_new(
        actor=deed.actor, now=deed.now, reporter=call.caller, token=deed.token,
        is_demo=deed.is_demo,
        form=DefectInput(
            title=first_line(call.question), phenomenon=call.question,
            managed_object=call.managed_object, contact_phone=call.caller_phone,
            module=call.module, impact=deed.handling.impact, urgency=deed.handling.urgency,
            found_at=call.started_at,
        ),
    )  # fmt: skip
    audit.record(
        actor=deed.actor, action="hotline.not_on_the_spot", target=defect, label=defect.label,
        happened_at=deed.now, opinion=deed.handling.why.strip(),
    )  # fmt: skip
    return Links(defect=defect)


def _to_incident(deed: _Deed) -> Links:
    call = deed.call
    if call.unit is None or call.managed_object is None:
        raise InvalidInput({"unit": _("An incident names a unit and a system.")})
    incident = report_incident(
        actor=deed.actor, now=deed.now, title=first_line(call.question),
        phenomenon=call.question, managed_object=call.managed_object, unit=call.unit,
        reporter=call.caller, reporter_name=call.caller_name, reporter_phone=call.caller_phone,
        first_contact_at=call.started_at, claimed_down=deed.handling.claimed_down,
        token=deed.token, is_demo=deed.is_demo,
    )  # fmt: skip
    return Links(incident=incident)


def _about_existing(deed: _Deed) -> Links:
    """A supplement or a repeated call: the record named by its number hears of it."""
    number = deed.handling.linked.strip().upper()
    model = MODELS.get(number[:2])
    record = model and model.objects.visible_to(deed.actor).filter(number=number).first()
    if model is None or record is None:
        raise InvalidInput(
            {"linked": _("There is no consultation, defect or incident so numbered.")}
        )
    audit.record(
        actor=deed.actor, action="hotline.call_linked", target=record, label=record.label,
        happened_at=deed.now, opinion=deed.call.question.strip(),
        data={"result": deed.handling.result},
    )  # fmt: skip
    return Links(**{model._meta.model_name: record})


def _nothing(deed: _Deed) -> Links:
    """Invalid and out of scope: the contact alone (R12)."""
    return Links()


NO_ACCOUNT = _(
    "A defect needs a bank user who can follow it, and this caller has no account. "
    "Look the caller up, or choose another result."
)
_RESULTS: dict[str, Callable[[_Deed], Links]] = {
    Result.SOLVED: _solved,
    Result.TO_DEFECT: _to_defect,
    Result.TO_INCIDENT: _to_incident,
    Result.SUPPLEMENT: _about_existing,
    Result.REPEATED: _about_existing,
    Result.INVALID: _nothing,
    Result.OUT_OF_SCOPE: _nothing,
}
