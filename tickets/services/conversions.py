"""A consultation that cannot be solved on the spot becomes a defect (C4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies_consultations as policies
from tickets.consultation_handlers import consultation_ended
from tickets.models import Consultation, Defect
from tickets.services.consultations import SAY_MORE
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput, require
from tickets.services.letters import tell
from workflow.decisions import ALLOW, Decision, deny_state
from workflow.errors import InvalidInput
from workflow.steps import step
from workflow.texts import says_something


@dataclass(frozen=True)
class Details:
    """More of the submission form (5.6), as far as the agent could ask on the telephone."""

    operation_steps: str = ""
    expected_result: str = ""
    actual_result: str = ""
    reproducible: str = ""
    environment: str = ""


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
    missing: str = "",
    details: Details | None = None,
    version: int | None = None,
) -> Consultation:
    """Submit a defect for the caller and end the consultation (C4, R29).

    The caller becomes the reporter, ``actor`` the one who filed it; ``why`` says why it could not
    be solved on the spot. With ``missing`` the defect goes to the caller, who completes the form
    and submits it. The defect is ``consultation.converted_defect``. Raises ``NotAllowed``,
    ``WrongState``, ``InvalidInput``.
    """
    if not says_something(why):
        raise InvalidInput({"why": SAY_MORE})
    if missing:
        require([("missing", missing)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.convert", policy=policies.can_convert, now=now, version=version,
        opinion=why.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        form = _form(record, phenomenon, module, impact, urgency, details or Details())
        defect = _file(record, form, actor=actor, now=now, missing=missing.strip())
        record.ended_at = now
        record.convert()
        work.data = {"defect": defect.number}
        record.converted_defect = defect
        consultation_ended(record, actor=actor, now=now)
    return record


def _form(
    record: Consultation, phenomenon: str, module: str, impact: str, urgency: str, more: Details
) -> DefectInput:
    return DefectInput(
        title=record.title, phenomenon=phenomenon, managed_object=record.managed_object,
        contact_phone=record.caller_phone, module=module or record.module, impact=impact,
        urgency=urgency, found_at=record.started_at, operation_steps=more.operation_steps,
        expected_result=more.expected_result, actual_result=more.actual_result,
        reproducible=more.reproducible, environment=more.environment,
    )  # fmt: skip


def _file(
    record: Consultation, form: DefectInput, *, actor: User, now: datetime, missing: str
) -> Defect:
    if record.caller is None:
        raise InvalidInput({"why": policies.NO_ACCOUNT})
    defect = submit_new(
        actor=actor, now=now, reporter=record.caller, source_consultation=record,
        is_demo=record.is_demo, form=form, quiet=bool(missing),
    )  # fmt: skip
    return _hand_to_caller(defect, actor=actor, now=now, missing=missing) if missing else defect


def _hand_to_caller(defect: Defect, *, actor: User, now: datetime, missing: str) -> Defect:
    """Returned at once, so that the caller completes what could not be said on the telephone."""
    with step(
        Defect.objects.all(), defect, actor=actor, action="defect.return", policy=_just_filed,
        now=now, opinion=missing, public=True,
    ) as work:  # fmt: skip
        work.record.return_for_information()
        work.record.held_by(Role.REPORTER, work.record.reporter)
        tell(
            [work.record.reporter], work.record, event="to-complete", now=now,
            subject=_("%(number)s waits for you to complete it"),
            body=_("Your call about “%(title)s” became a defect. Please complete the form."),
        )  # fmt: skip
    return work.record


def _just_filed(actor: User, defect: Defect) -> Decision:
    filed = defect.filed_by_id == actor.pk and defect.state == Defect.State.SUBMITTED
    return ALLOW if filed else deny_state()
