"""Contacts: every call the desk took, with its result (R13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import DESK_ROLES
from hotline import policies
from hotline.lists import ContactFilter
from hotline.models import Contact
from workflow.durations import clock_face, stamp
from workflow.keyset import keyset_page
from workflow.timeline import entries

DESK = tuple(role.value for role in DESK_ROLES)


class ContactListView(SignedInMixin, View):
    """All contacts, newest first; the desk's own record."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = ContactFilter(request.GET)
        rows = form.narrow(Contact.objects.visible_to(self.person)).select_related(
            "unit", "agent", "consultation", "defect", "incident"
        )
        page = {
            "form": form,
            "page": keyset_page(rows, request.GET, by="started_at"),
            "may_take_calls": bool(policies.can_log_calls(self.person)),
        }
        return render(request, "hotline/contact_list.html", page)


class ContactView(SignedInMixin, View):
    """One contact."""

    roles = DESK

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Facts, summary, and the record it led to."""
        contact = get_object_or_404(
            Contact.objects.visible_to(self.person).select_related(
                "unit", "agent", "managed_object", "consultation", "defect", "incident"
            ),
            number=number,
        )
        page = {
            "contact": contact,
            "facts": _facts(contact),
            "moments": entries(
                contact, user=self.person, labels={"hotline.call_logged": _("Logged")}
            ),
        }
        return render(request, "hotline/contact.html", page)


def _facts(contact: Contact) -> list[tuple[str, Any]]:
    lasted = contact.ended_at - contact.started_at
    return [
        (_("Caller"), contact.caller_name),
        (_("Unit"), contact.unit.label if contact.unit else _("Not a registered unit")),
        (_("Phone"), contact.caller_phone),
        (_("Channel"), contact.get_channel_display()),
        (_("System"), contact.managed_object.label if contact.managed_object else ""),
        (_("Started"), stamp(contact.started_at, "s")),
        (_("Ended"), stamp(contact.ended_at, "s")),
        (_("Duration"), clock_face(lasted)),
        (_("Time of day"), _("After hours") if contact.after_hours else _("Working hours")),
        (_("Taken by"), contact.agent.name),
    ]
