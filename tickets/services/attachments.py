"""Files of a defect (I06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.models import Attachment, Defect
from workflow.errors import InvalidInput
from workflow.files.antivirus import check_clean
from workflow.files.stored import store
from workflow.steps import step


def attach(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    files: Sequence[UploadedFile[Any]],
    internal: bool = False,
    version: int | None = None,
) -> Defect:
    """Add files to a defect. Raises ``InvalidInput`` (field ``files``) and the step's refusals."""
    if not files:
        raise InvalidInput({"files": _("Choose at least one file.")})
    internal = internal and actor.is_desk
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.attach",
        policy=policies.can_attach, now=now, version=version, public=not internal,
    ) as work:  # fmt: skip
        kept = keep(work.record, files, actor=actor, now=now, internal=internal)
        work.data["files"] = [each.name for each in kept]
    return work.record


def keep(
    defect: Defect,
    files: Sequence[UploadedFile[Any]],
    *,
    actor: User,
    now: datetime,
    internal: bool = False,
) -> list[Attachment]:
    """Store ``files`` with a defect, inside the caller's transaction. ``now`` UTC.

    The caller has asked the virus scanner before. Raises ``InvalidInput`` (field ``files``); then
    none of them is stored.
    """
    return store(
        Attachment, files, already=Attachment.objects.filter(defect=defect), actor=actor, now=now,
        defect=defect, internal=internal,
    )  # fmt: skip
