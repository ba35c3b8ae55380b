"""Acceptance and assessment of a submitted defect (D3–D7, R36–R40)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.models import Defect, Triage
from tickets.services.consultations import create_from_defect
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import InvalidInput
from workflow.steps import step


def accept(defect: Defect, *, actor: User, now: datetime, version: int | None = None) -> Defect:
    """Take a submitted defect into triage; the actor becomes its owner (D3)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.accept",
        policy=policies.can_accept, now=now, version=version, public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.accept()
        record.accepted_at, record.owner = record.accepted_at or now, actor
        record.held_by(Role.SUPPORT, actor)
        tell(
            [record.reporter], record, event="accepted", now=now,
            subject=_("%(number)s has been accepted"),
            body=_("“%(title)s” is being analysed by service support."),
        )  # fmt: skip
    return work.record


def return_for_information(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Back to the reporter, saying what is missing (D4)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.return",
        policy=policies.can_return, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        work.record.return_for_information()
        work.record.held_by(Role.REPORTER, work.record.reporter)
        tell(
            [work.record.reporter, work.record.filed_by], work.record, event="returned", now=now,
            subject=_("%(number)s needs more information"),
            body=_("Please complete “%(title)s” and submit it again."),
        )  # fmt: skip
    return work.record


def classify_technical(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    participants: Iterable[User],
    basis: str,
    module: str,
    assignee: User,
    version: int | None = None,
) -> Defect:
    """Judge it a technical issue and hand it to a named technician (D5, R36–R38)."""
    return _classify(
        defect, actor, now, list(participants), basis, module, assignee, version,
        issue_type=Defect.IssueType.TECHNICAL, role=Role.TECH,
    )  # fmt: skip


def classify_business(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    participants: Iterable[User],
    basis: str,
    module: str,
    assignee: User,
    version: int | None = None,
) -> Defect:
    """Judge it a business issue and hand it to a named member of business staff (D6, R39)."""
    return _classify(
        defect, actor, now, list(participants), basis, module, assignee, version,
        issue_type=Defect.IssueType.BUSINESS, role=Role.BIZ,
    )  # fmt: skip


def _classify(
    defect: Defect,
    actor: User,
    now: datetime,
    participants: list[User],
    basis: str,
    module: str,
    assignee: User,
    version: int | None,
    *,
    issue_type: str,
    role: Role,
) -> Defect:
    require([("basis", basis)])
    _check_people(participants, module, assignee, role)
    technical = issue_type == Defect.IssueType.TECHNICAL
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor,
        action=f"defect.classify_{issue_type}", policy=policies.can_classify, now=now,
        version=version, opinion=basis,
    ) as work:  # fmt: skip
        record = work.record
        (record.classify_technical if technical else record.classify_business)()
        record.module, record.assignee = module.strip(), assignee
        record.held_by(role, assignee)
        triage = _note_triage(record, actor, now, basis)
        triage.participants.set(participants)
        work.data.update(assignee=assignee.name, participants=[each.name for each in participants])
        tell(
            [assignee], record, event="assigned", now=now,
            subject=_("%(number)s is assigned to you"),
            body=_("“%(title)s” waits for your advice and measures."),
        )  # fmt: skip
    return work.record


def _check_people(participants: list[User], module: str, assignee: User, role: Role) -> None:
    if not participants:
        raise InvalidInput({"participants": _("Name at least one participant.")})
    if not module.strip():
        raise InvalidInput({"module": _("Name the module concerned.")})
    if not (assignee.is_active and assignee.has_role(role)):
        raise InvalidInput({"assignee": _("This person does not have the role needed.")})


def _note_triage(defect: Defect, actor: User, now: datetime, basis: str) -> Triage:
    return Triage.objects.create(
        defect=defect, cycle=defect.cycle, issue_type=defect.issue_type, basis=basis.strip(),
        decided_by=actor, decided_at=now,
    )  # fmt: skip


def convert_to_consultation(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    explainer: User,
    explanation: str,
    later: bool = False,
    version: int | None = None,
) -> Defect:
    """An operation issue: explained to the reporter and turned into a consultation (D7, R40).

    The defect keeps its number and files and stays readable; both records link to each other.
    With ``later`` the consultation stays open in the explainer's hands until it is explained.
    """
    require([("explanation", explanation)])
    if not (explainer.is_active and explainer.is_desk):
        raise InvalidInput({"explainer": _("This person does not have the role needed.")})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.convert",
        policy=policies.can_convert, now=now, version=version, opinion=explanation, public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.convert()
        triage = _note_triage(record, actor, now, explanation)
        triage.explainer, triage.explanation = explainer, explanation.strip()
        triage.save(update_fields=["explainer", "explanation"])
        consultation = create_from_defect(
            defect=record, explanation=explanation, explainer=explainer, actor=actor, now=now,
            close=not later,
        )  # fmt: skip
        work.data.update(consultation=consultation.number, explainer=explainer.name)
        tell(
            [record.reporter], record, event="converted", now=now,
            subject=_("%(number)s has been explained"),
            body=_("“%(title)s” turned out to be a matter of operation. Please read the answer."),
        )  # fmt: skip
    return work.record
