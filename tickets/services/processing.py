"""Advice and measures by technical or business staff (D9, D11, D13, R38–R42)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current, policies
from tickets.models import Attachment, Defect, Solution, SolutionDraft
from tickets.services.attachments import keep
from tickets.services.inputs import CHANGE_KINDS, SolutionInput, require
from tickets.services.letters import tell
from tickets.services.reports import open_report
from tickets.services.rulings import check_class
from workflow.decisions import Text
from workflow.errors import InvalidInput, WrongState
from workflow.files.antivirus import check_clean
from workflow.steps import step


def back_to_triage(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """It is not for this group, or an operation issue after all (D9)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.back_to_triage",
        policy=policies.can_process, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.back_to_triage()
        _to_owner(work.record, now)
    return work.record


def not_confirmed(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The defect does not exist, with evidence (D13); support then replies or converts it."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.not_confirmed",
        policy=policies.can_process, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.refute()
        _to_owner(work.record, now)
    return work.record


def send_for_sign_off(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    plan: SolutionInput,
    confirmed: bool = True,
    solvable: bool = True,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Confirm the defect and send a complete solution version to the supervisors (D11, R42, R47).

    The report to the superior department becomes due. Refused when no supervisor may sign.
    """
    check_plan(plan, now=now, confirmed=confirmed, solvable=solvable)
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.send_for_sign_off",
        policy=policies.can_send_for_sign_off, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        keep(record, files, actor=actor, now=now, internal=True)
        solution = _write_version(record, plan, actor, now)
        record.send_for_sign_off()
        record.confirmed_at = record.confirmed_at or now
        record.cause_class, record.module = solution.cause_class, solution.module
        # What it became is the version; the draft has done its work.
        SolutionDraft.objects.filter(defect=record, frozen_at=None).delete()
        record.held_by(Role.SUPERVISOR)
        supervisors = eligible_supervisors(record)
        if not supervisors:
            raise WrongState(
                _("No supervisor may sign this plan. Please tell the system administrator."),
                "no_signer",
            )
        report = open_report(record, now)
        work.data.update(version=solution.version, hash=solution.content_hash, report=report.number)
        tell(
            supervisors, record, event="sign", now=now, as_role=Role.SUPERVISOR,
            subject=_("%(number)s waits for your signature"),
            body=_("The solution for “%(title)s” waits to be signed."),
        )  # fmt: skip
        tell(
            [record.owner], record, event="report_due", now=now,
            subject=_("%(number)s is to be reported upward"),
            body=_("“%(title)s” has been confirmed: the report to the superior department is due."),
        )  # fmt: skip
    return work.record


def eligible_supervisors(defect: Defect) -> list[User]:
    """Supervisors who may sign the present version (four-eyes, R43)."""
    return [
        person
        for person in User.objects.holding(Role.SUPERVISOR)
        if policies.four_eyes_for_signing(person, defect)
    ]


def check_plan(plan: SolutionInput, *, now: datetime, confirmed: bool, solvable: bool) -> None:
    """Raise ``InvalidInput`` unless every part of a solution version is there (R42)."""
    require(
        (name, getattr(plan, name))
        for name in ("cause", "measures", "impact", "risk", "rollback_plan", "testing")
    )
    check_class(plan.cause_class, plan.module)
    wrong: dict[str, Text] = {}
    if not confirmed:
        wrong["confirmed"] = _("Only a confirmed defect is sent for sign-off.")
    if not solvable:
        wrong["solvable"] = _("Only what can be solved is sent for sign-off.")
    if plan.planned_at < now:
        wrong["planned_at"] = _("This time is in the past.")
    kinds = set(plan.change_kinds)
    if not kinds or kinds - set(CHANGE_KINDS) or ("none" in kinds and len(kinds) > 1):
        wrong["change_kinds"] = _("Say which changes are needed, or that there are none.")
    person = plan.planned_implementer
    if not (person.is_active and person.has_role(Role.IMPLEMENTER)):
        wrong["planned_implementer"] = _("This person does not have the role needed.")
    if wrong:
        raise InvalidInput(wrong)


def _write_version(defect: Defect, plan: SolutionInput, actor: User, now: datetime) -> Solution:
    latest = current.latest_solution(defect)
    files = Attachment.objects.filter(defect=defect).order_by("sha256")
    solution = Solution(
        defect=defect, version=latest.version + 1 if latest else 1, cycle=defect.cycle,
        author=actor, cause_class=plan.cause_class, module=plan.module.strip(),
        cause=plan.cause.strip(), measures=plan.measures.strip(),
        impact=plan.impact.strip(), risk=plan.risk.strip(),
        rollback_plan=plan.rollback_plan.strip(), testing=plan.testing.strip(),
        planned_at=plan.planned_at.astimezone(UTC), planned_implementer=plan.planned_implementer,
        change_kinds=sorted(set(plan.change_kinds)),
        attachment_hashes=list(files.values_list("sha256", flat=True)), created_at=now, sent_at=now,
    )  # fmt: skip
    solution.content_hash = solution.compute_hash()
    solution.save()
    return solution


def _to_owner(defect: Defect, now: datetime) -> None:
    SolutionDraft.objects.filter(defect=defect, frozen_at=None).update(frozen_at=now)
    defect.assignee = None
    defect.held_by(Role.SUPPORT, defect.owner)
    tell(
        [defect.owner], defect, event="triage", now=now,
        subject=_("%(number)s is back in triage"),
        body=_("“%(title)s” waits for a new assessment."),
    )  # fmt: skip
