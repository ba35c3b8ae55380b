"""A stored file of a record: rooms derive a table of their own, with a link to their record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.errors import NotFound
from workflow.files.inspection import inspect, not_taken


def storage_path(stored: StoredFile, filename: str) -> str:
    """Where the file lies: a name of our own, never the uploader's."""
    key = stored.key.hex
    return f"{key[:2]}/{key}"


class StoredFile(models.Model):
    """A file; its type was read from its content, its name is only shown (I06)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=storage_path)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        abstract = True
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Shown as a small picture; the type was read from the content."""
        return self.content_type.startswith("image/")


StoredT = TypeVar("StoredT", bound=StoredFile)


def store(
    model: type[StoredT],
    files: Sequence[UploadedFile[Any]],
    *,
    already: models.QuerySet[Any],
    actor: User,
    now: datetime,
    **link: Any,
) -> list[StoredT]:
    """Store ``files`` as rows of ``model`` with ``link``, inside the caller's transaction.

    ``already`` are the files the record has: number and size together are limited. ``now`` UTC.
    Raises ``InvalidInput`` (field ``files``); then none of them is stored.
    """
    inspected = [inspect(file) for file in files]
    _check_limits([each.file.size or 0 for each in inspected], already)
    kept = []
    for each in inspected:
        each.file.seek(0)
        row = model(
            name=each.name, content_type=each.content_type, size=each.file.size or 0,
            sha256=each.sha256, uploaded_by=actor, uploaded_at=now, **link,
        )  # fmt: skip
        row.file.save(each.name, each.file, save=False)
        row.save()
        kept.append(row)
    return kept


def _check_limits(sizes: list[int], already: models.QuerySet[Any]) -> None:
    if not sizes:
        return
    have = already.aggregate(count=models.Count("pk"), total=models.Sum("size"))
    if have["count"] + len(sizes) > settings.ATTACHMENT_MAX_COUNT:
        raise not_taken(
            _("At most %(count)s files per record.") % {"count": settings.ATTACHMENT_MAX_COUNT}
        )
    if (have["total"] or 0) + sum(sizes) > settings.ATTACHMENT_MAX_TOTAL_BYTES:
        limit = filesizeformat(settings.ATTACHMENT_MAX_TOTAL_BYTES)
        raise not_taken(_("At most %(limit)s in all files of a record.") % {"limit": limit})


def send(row: StoredFile) -> FileResponse:
    """The file as an answer: pictures may be looked at, the rest is only saved; never run.

    Whoever calls has asked whether the person may see it. Raises ``NotFound`` for a lost file.
    """
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise NotFound from None
    response = FileResponse(
        content, as_attachment=not row.is_image, filename=row.name, content_type=row.content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
