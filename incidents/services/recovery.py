"""The recovery document (故障恢复文档): a version of the rows written while handling (R18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import policies
from incidents.models import Incident, RecoveryDocument, RecoveryFile
from incidents.services.steps import on_incident
from workflow.errors import InvalidInput
from workflow.files.inspection import inspect


def issue_recovery(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    summary: str,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Incident:
    """Freeze the rows of the recovery document as its next version, with files (E8, R18).

    The rows stand in the order of their times, as they were entered. Raises ``InvalidInput``
    (``files``: kind, size, count) and what every step raises.
    """
    with on_incident(
        incident, "issue_recovery", policies.can_issue_recovery,
        actor=actor, now=now, version=version, opinion=summary, public=False,
    ) as work:  # fmt: skip
        if len(files) > settings.ATTACHMENT_MAX_COUNT:
            most = {"count": settings.ATTACHMENT_MAX_COUNT}
            raise InvalidInput({"files": _("At most %(count)s files.") % most})
        document = RecoveryDocument.objects.create(
            incident=work.record,
            version=work.record.recovery_documents.count() + 1,
            summary=summary,
            rows=recovery_rows(work.record),
            author=actor,
            written_at=now,
        )
        for file in files:
            _keep(document, file, actor, now)
        work.data = {"version": document.version, "files": len(files)}
    return work.record


def recovery_rows(incident: Incident) -> list[dict[str, str]]:
    """The rows as they stand, in the order of their times; instants in ISO format, UTC."""
    return [
        {
            "at": row.happened_at.isoformat(),
            "operator": row.operator.name,
            "action": row.action,
            "result": row.result,
        }
        for row in incident.recovery_entries.select_related("operator")
    ]


def _keep(document: RecoveryDocument, file: UploadedFile[Any], actor: User, now: datetime) -> None:
    read = inspect(file)
    read.file.seek(0)
    row = RecoveryFile(
        document=document, name=read.name, content_type=read.content_type,
        size=read.file.size or 0, sha256=read.sha256, uploaded_by=actor, uploaded_at=now,
    )  # fmt: skip
    row.file.save(read.name, read.file, save=False)
    row.save()
