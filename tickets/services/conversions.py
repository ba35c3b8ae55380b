"""A consultation that cannot be solved on the spot becomes a defect (C4)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from tickets import policies_consultations as policies
from tickets.consultation_handlers import consultation_ended
from tickets.models import Consultation, Defect
from tickets.services.consultations import SAY_MORE
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from workflow.errors import InvalidInput
from workflow.steps import step
from workflow.texts import says_something


def convert_to_defect(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    why: str,
    phenomenon: str,
    module: str = "",
    impact: str = "",
    urgency: str = Defect.Urgency.S3,
    version: int | None = None,
) -> Consultation:
    """Submit a defect for the caller and end the consultation (C4, R29).

    The caller becomes the reporter, ``actor`` the one who filed it; ``why`` says why it could not
    be solved on the spot. The defect is ``consultation.converted_defect``. Raises ``NotAllowed``,
    ``WrongState``, ``InvalidInput``.
    """
    if not says_something(why):
        raise InvalidInput({"why": SAY_MORE})
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.convert", policy=policies.can_convert, now=now, version=version,
        opinion=why.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        if record.caller is None:
            raise InvalidInput({"why": policies.NO_ACCOUNT})
        defect = submit_new(
            actor=actor, now=now, reporter=record.caller, source_consultation=record,
            is_demo=record.is_demo,
            form=DefectInput(
                title=record.title, phenomenon=phenomenon, managed_object=record.managed_object,
                contact_phone=record.caller_phone, module=module or record.module, impact=impact,
                urgency=urgency, found_at=record.started_at,
            ),
        )  # fmt: skip
        record.ended_at = now
        record.convert()
        work.data = {"defect": defect.number}
        record.converted_defect = defect
        consultation_ended(record, actor=actor, now=now)
    return record
