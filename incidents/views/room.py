"""The incident room and its live parts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from incidents.forms import NoteForm
from incidents.hooks import panels
from incidents.room import fingerprint, live
from incidents.views.base import PEOPLE, BusinessView, act_url


class RoomView(BusinessView):
    """The incident room."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Everything about one incident."""
        incident = get_object_or_404(self.incidents().select_related(*PEOPLE), number=number)
        page = live(
            incident, self.person, timezone.now(), lambda code: act_url(incident.number, code)
        )
        page["note_form"] = NoteForm(actor=self.person, record=incident)
        page["main_panels"] = panels(incident.number, "main")
        page["aside_panels"] = panels(incident.number, "aside")
        return render(request, "incidents/room.html", page)


class LiveView(BusinessView):
    """What has changed in the room since ``seen``; 204 when nothing has."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The parts that the page exchanges."""
        incident = get_object_or_404(self.incidents().select_related(*PEOPLE), number=number)
        now = timezone.now()
        if request.GET.get("seen") == fingerprint(incident, now):
            return HttpResponse(status=204)
        page = live(incident, self.person, now, lambda code: act_url(incident.number, code))
        noting = bool(page["note_offer"] and page["note_offer"].enabled)
        # The line somebody may be typing in is exchanged only when it comes or goes.
        page["entry_changed"] = (request.GET.get("noting") == "1") != noting
        page["note_form"] = NoteForm(actor=self.person, record=incident)
        return render(request, "incidents/live.html", page)
