"""Downloading a file, after asking whether the person may see its defect (I06)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views import View

from accounts.mixins import SignedInMixin
from tickets.models import Attachment
from workflow.errors import NotFound
from workflow.files.stored import send


class AttachmentView(SignedInMixin, View):
    """Pictures may be looked at in the page; everything else is only saved."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponseBase:
        """The file, never sniffed and never run."""
        row = Attachment.objects.visible_to(self.person).filter(key=key).first()
        if row is None:
            raise NotFound
        return send(row)
