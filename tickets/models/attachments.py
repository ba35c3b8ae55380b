"""Files of a defect (I06)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import SystemActor
from accounts.models import User
from tickets.models.defects import Defect
from workflow.files.stored import StoredFile, storage_path

__all__ = ["Attachment", "AttachmentQuerySet", "storage_path"]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files follow the visibility of their defect."""

    def visible_to(self, actor: User | SystemActor) -> Self:
        """Files of the defects ``actor`` may see; internal ones only for the desk."""
        files = self.filter(defect__in=Defect.objects.visible_to(actor))
        if isinstance(actor, SystemActor) or actor.is_desk:
            return files
        return files.filter(internal=False)


class Attachment(StoredFile):
    """A file of a defect."""

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="attachments")
    internal = models.BooleanField(_("internal"), default=False)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(StoredFile.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    @property
    def url(self) -> str:
        """Where it is downloaded, after a permission check."""
        return reverse("tickets:attachment", args=[self.key])
