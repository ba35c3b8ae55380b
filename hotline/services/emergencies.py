"""A recorded consultation turns out to be an outage: the incident, and the contact of its call."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from hotline.models import Contact
from hotline.services.calls import Call, Handling, write_contact
from hotline.services.outcomes import Links
from incidents.services import report_incident
from tickets.escalation import Emergency
from tickets.models import Consultation


def incident_for_consultation(
    consultation: Consultation, emergency: Emergency, actor: User, now: datetime
) -> str:
    """Open the incident (C5); T0 is the beginning of the call. Returns its number.

    A call that has no contact yet, because the consultation is still open, gets one with this
    result (R13). Runs in the transaction of the escalation.
    """
    incident = report_incident(
        actor=actor, now=now, title=consultation.title,
        phenomenon=_phenomenon(consultation.question, emergency.impact),
        managed_object=consultation.managed_object, unit=consultation.unit,
        reporter=consultation.caller, reporter_name=consultation.caller_name,
        reporter_phone=consultation.caller_phone, first_contact_at=consultation.started_at,
        claimed_down=emergency.claimed_down, is_demo=consultation.is_demo,
    )  # fmt: skip
    if not consultation.contacts.exists() and not consultation.source_defect_id:
        call = Call(
            channel=consultation.channel, caller=consultation.caller, unit=consultation.unit,
            caller_name=consultation.caller_name, caller_phone=consultation.caller_phone,
            managed_object=consultation.managed_object, question=consultation.question,
            started_at=consultation.started_at, ended_at=now,
        )  # fmt: skip
        write_contact(
            call, Handling(Contact.Result.TO_INCIDENT),
            Links(consultation=consultation, incident=incident), actor=actor, now=now,
            token=None, is_demo=consultation.is_demo,
        )  # fmt: skip
    return str(incident.number)


def _phenomenon(question: str, impact: str) -> str:
    return question if impact == question else f"{question}\n\n{impact}"
