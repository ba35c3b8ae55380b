"""Carrying out a signed solution (D17–D20, R44, R48)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from numbering.services import CHANGE_RECORD, allocate
from operations.models import ChangeRecord
from tickets import current, policies
from tickets.models import Defect, EmergencyRelease, Implementation, Solution
from tickets.services.attachments import keep
from tickets.services.inputs import ChangeInput, require
from tickets.services.letters import tell
from tickets.services.routes import return_to_assignee
from tickets.services.signoff import void_signatures
from workflow.errors import InvalidInput, WrongState
from workflow.files.antivirus import check_clean
from workflow.steps import step
from workflow.texts import says_something


def start(
    defect: Defect, *, actor: User, now: datetime, backup: str = "", version: int | None = None
) -> Defect:
    """Begin the implementation (D17); program and data changes need a note of the backup."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.start",
        policy=policies.can_start, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        solution = _cleared(record)
        if current.needs_backup(solution) and not says_something(backup):
            raise InvalidInput(
                {"backup": _("Say what was backed up, where to, and how it was checked.")}
            )
        record.start()
        record.held_by(Role.IMPLEMENTER, actor)
        Implementation.objects.create(
            defect=record, solution=solution, cycle=record.cycle, implementer=actor,
            started_at=now, backup=backup.strip(),
        )  # fmt: skip
        work.data.update(version=solution.version, backup=backup)
    return work.record


def finish(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    steps: str,
    result: str,
    change: ChangeInput | None = None,
    no_change_reason: str = "",
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Report the implementation done, with its change record or the reason for none (D19, R48)."""
    require([("steps", steps), ("result", result)])
    _check_change(change, no_change_reason)
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.finish",
        policy=policies.can_finish, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        attempt = _running(record)
        _check_plan_kept(attempt, change)
        record.finish()
        record.held_by(Role.SUPPORT, record.owner if record.owner_id != actor.pk else None)
        attempt.ended_at, attempt.succeeded = now, True
        attempt.steps, attempt.result = steps.strip(), result.strip()
        attempt.no_change_reason = "" if change else no_change_reason.strip()
        if change:
            attempt.change_record = _record_change(record, attempt, change, now)
            work.data["change_record"] = attempt.change_record.number
        attempt.save()
        keep(record, files, actor=actor, now=now, internal=True)
        tell(
            [record.owner], record, event="verify", now=now,
            subject=_("%(number)s has been implemented"),
            body=_("Please verify whether “%(title)s” is solved."),
        )  # fmt: skip
    return work.record


def fail(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The implementation failed and was rolled back; the signature is void (D20)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.fail",
        policy=policies.can_finish, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        attempt = _running(record)
        attempt.ended_at, attempt.succeeded, attempt.result = now, False, opinion.strip()
        attempt.save(update_fields=["ended_at", "succeeded", "result"])
        return_to_assignee(record)
        void_signatures(record, reason="implementation failed", now=now)
        tell(
            [record.assignee, record.owner], record, event="failed", now=now, urgent=True,
            subject=_("The implementation of %(number)s failed"),
            body=_("“%(title)s” was rolled back and needs a new plan."),
        )  # fmt: skip
    return work.record


def change_plan(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """It must be done otherwise: the signature is void, a new version and signature follow (D18).

    An implementation under way is stopped; ``opinion`` says why and in which state things are.
    """
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.change_plan",
        policy=policies.can_change_plan, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        attempt = current.latest_implementation(record)
        if attempt and attempt.ended_at is None:
            attempt.ended_at, attempt.result = now, opinion.strip()
            attempt.save(update_fields=["ended_at", "result"])
        implementer = record.implementer
        return_to_assignee(record)
        void_signatures(record, reason="plan changed", now=now)
        tell(
            [record.assignee, record.owner, implementer], record, event="plan_changed", now=now,
            subject=_("The plan for %(number)s is to be changed"),
            body=_("The signature for “%(title)s” is void; a new version must be signed."),
        )  # fmt: skip
    return work.record


def _cleared(defect: Defect) -> Solution:
    """The version that may be implemented: signed, or released in an emergency (D14, D26)."""
    cleared = current.valid_sign_off(defect) or current.valid_emergency(defect)
    if cleared is None:
        raise WrongState(_("There is no valid signature on the current version."), "unsigned")
    return cleared.solution


def _running(defect: Defect) -> Implementation:
    attempt = current.latest_implementation(defect)
    if attempt is None or attempt.ended_at is not None:
        raise WrongState(_("No implementation is under way."))
    return attempt


def _check_change(change: ChangeInput | None, no_change_reason: str) -> None:
    if change is None:
        if not says_something(no_change_reason):
            raise InvalidInput(
                {"no_change_reason": _("Fill in the change record or say why there is none.")}
            )
        return
    if change.kind not in ChangeRecord.Kind.values:
        raise InvalidInput({"kind": _("Say what kind of change it was.")})
    require([("reason", change.reason), ("before", change.before), ("after", change.after)])


def _check_plan_kept(attempt: Implementation, change: ChangeInput | None) -> None:
    """A plan that says what is to be changed cannot end without a change record."""
    planned = set(attempt.solution.change_kinds) - {"none"}
    if planned and change is None:
        raise InvalidInput({"kind": _("The signed plan names a change: its record is missing.")})


def _record_change(
    defect: Defect, attempt: Implementation, change: ChangeInput, now: datetime
) -> ChangeRecord:
    sign_off = current.valid_sign_off(defect)
    solution = attempt.solution
    in_emergency = EmergencyRelease.objects.filter(solution=solution).exists()
    level = ChangeRecord.Level.EMERGENCY if in_emergency else change.level
    if defect.managed_object is None:
        raise WrongState(_("The defect names no system yet."))
    return ChangeRecord.objects.create(
        number=allocate(CHANGE_RECORD, now=now), subject=defect.label,
        managed_object=defect.managed_object, kind=change.kind, level=level,
        reason=change.reason.strip(), before=change.before.strip(), after=change.after.strip(),
        impact=solution.impact, testing=solution.testing, backup=attempt.backup,
        rollback_plan=solution.rollback_plan, implementer=attempt.implementer,
        approved_by=sign_off.supervisor if sign_off else None, started_at=attempt.started_at,
        ended_at=now, steps=attempt.steps, result=change.result, is_demo=defect.is_demo,
    )  # fmt: skip
