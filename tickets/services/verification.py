"""Is it solved? Said by somebody other than the implementer (D21, R45, R46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.models import Defect, Verification
from tickets.services.attachments import keep
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.routes import return_to_assignee
from tickets.services.signoff import void_signatures
from workflow.files.antivirus import check_clean
from workflow.steps import step


def verify_solved(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    evidence: str,
    method: str,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Solved: the method is added to the form and the reporter is told (D21a, R46)."""
    require([("evidence", evidence), ("method", method)])
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.verify_solved",
        policy=policies.can_verify, now=now, version=version, opinion=method, public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.verify_solved()
        record.held_by(Role.SUPPORT, record.owner)
        Verification.objects.create(
            defect=record, cycle=record.cycle, verifier=actor, solved=True,
            evidence=evidence.strip(), method=method.strip(), verified_at=now,
        )  # fmt: skip
        keep(record, files, actor=actor, now=now, internal=True)
        tell(
            [record.reporter], record, event="solved", now=now,
            subject=_("%(number)s is solved"),
            body=_("“%(title)s” is solved. The method stands on your form; a reply follows."),
        )  # fmt: skip
    return work.record


def verify_unsolved(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Not solved: a new cycle with a new plan and a new signature (D21b)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.verify_unsolved",
        policy=policies.can_verify, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        Verification.objects.create(
            defect=record, cycle=record.cycle, verifier=actor, solved=False,
            evidence=opinion.strip(), verified_at=now,
        )  # fmt: skip
        return_to_assignee(record)
        record.cycle += 1
        void_signatures(record, reason="verified as not solved", now=now)
        work.data["cycle"] = record.cycle
        tell(
            [record.assignee], record, event="unsolved", now=now,
            subject=_("%(number)s is not solved yet"),
            body=_("Verification found “%(title)s” still failing. It needs a new plan."),
        )  # fmt: skip
    return work.record
