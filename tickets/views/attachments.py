"""Downloading a file, after asking whether the person may see its defect (I06)."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views import View

from accounts.mixins import SignedInMixin
from tickets.models import Attachment
from workflow.errors import NotFound


class AttachmentView(SignedInMixin, View):
    """Pictures may be looked at in the page; everything else is only saved."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponseBase:
        """The file, never sniffed and never run."""
        row = Attachment.objects.visible_to(self.person).filter(key=key).first()
        if row is None:
            raise NotFound
        try:
            content = row.file.open("rb")
        except FileNotFoundError:
            raise NotFound from None
        response = FileResponse(
            content,
            as_attachment=not row.is_image,
            filename=row.name,
            content_type=row.content_type,
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, no-store"
        return response
