"""Forms to print, and the files of the recovery document."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from incidents.models import RecoveryFile
from incidents.prints import printed
from incidents.views.base import BusinessView

KINDS = ("plan", "report", "recovery")


class PrintView(BusinessView):
    """One version of a document as an A4 form."""

    def get(self, request: HttpRequest, number: str, kind: str, version: int) -> HttpResponse:
        """404 for the bank's people unless it was delivered."""
        if kind not in KINDS:
            raise Http404
        incident = get_object_or_404(self.incidents(), number=number)
        page = {
            "incident": incident,
            "drill": incident.is_drill,
            "form": printed(incident, self.person, kind, version),
            "now": timezone.now(),
        }
        return render(request, "incidents/print.html", page)


class FileView(BusinessView):
    """A file of a recovery document; the desk's own, like the document."""

    def get(self, request: HttpRequest, key: UUID) -> FileResponse:
        """Never sniffed and never run (I06)."""
        if not self.person.is_desk:
            raise Http404
        file = get_object_or_404(RecoveryFile.objects.select_related("document"), key=key)
        get_object_or_404(self.incidents(), pk=file.document.incident_id)
        response = FileResponse(
            file.file.open("rb"),
            as_attachment=not file.is_image,
            filename=file.name,
            content_type=file.content_type,
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, no-store"
        return response
