"""Files of a defect (I06)."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import SystemActor
from accounts.models import User
from tickets.models.defects import Defect


def storage_path(attachment: Attachment, filename: str) -> str:
    """Where the file lies: a name of our own, never the uploader's."""
    key = attachment.key.hex
    return f"{key[:2]}/{key}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files follow the visibility of their defect."""

    def visible_to(self, actor: User | SystemActor) -> Self:
        """Files of the defects ``actor`` may see; internal ones only for the desk."""
        files = self.filter(defect__in=Defect.objects.visible_to(actor))
        if isinstance(actor, SystemActor) or actor.is_desk:
            return files
        return files.filter(internal=False)


class Attachment(models.Model):
    """A file; its type was read from its content, its name is only shown."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    defect = models.ForeignKey(Defect, models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=storage_path)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    internal = models.BooleanField(_("internal"), default=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Shown as a small picture; the type was read from the content."""
        return self.content_type.startswith("image/")

    @property
    def url(self) -> str:
        """Where it is downloaded, after a permission check."""
        return reverse("tickets:attachment", args=[self.key])
