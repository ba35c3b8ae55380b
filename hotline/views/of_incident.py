"""Contacts and machine-room reports that belong to an incident, as a panel of its room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES
from hotline.models import Contact, MachineRoomReport
from incidents.models import Incident
from incidents.scope import visible_incidents


class IncidentContactsView(SignedInMixin, View):
    """Those this person may see; of merged incidents too. Nothing when there is none."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Newest last, a fixed number of queries."""
        incident = get_object_or_404(visible_incidents(self.person), number=number)
        merged = Incident.objects.filter(merged_into=incident).values("pk")
        ours = [incident.pk, *merged.values_list("pk", flat=True)]
        contacts = Contact.objects.visible_to(self.person).filter(incident__in=ours)
        reports = MachineRoomReport.objects.visible_to(self.person).filter(incident__in=ours)
        page = {
            "drill": incident.is_drill,
            "contacts": list(contacts.order_by("started_at", "pk")[:20]),
            "reports": list(reports.order_by("reported_at", "pk")[:20]),
        }
        return render(request, "hotline/of_incident.html", page)
