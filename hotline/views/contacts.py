"""Contacts: every call the desk took, with its result (R13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import DESK_ROLES
from hotline import policies
from hotline.forms import ContactCorrectionForm, CorrectionDecisionForm
from hotline.lists import ContactFilter
from hotline.models import Contact
from hotline.services import corrections
from workflow.decisions import Text
from workflow.durations import clock_face, stamp
from workflow.errors import InvalidInput, NotAllowed
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


MOMENTS = {
    "hotline.call_logged": _("Logged"),
    "hotline.contact_corrected": _("Correction appended"),
    "hotline.correction_decided": _("Correction decided"),
}


class ContactPage(SignedInMixin, View):
    """What the page of a contact and its two acts share."""

    roles = DESK

    def find(self, number: str) -> Contact:
        """The visible contact, or 404."""
        rows = Contact.objects.visible_to(self.person).select_related(
            "unit", "agent", "managed_object", "consultation", "defect", "incident"
        )
        found: Contact = get_object_or_404(rows, number=number)
        return found

    def page(
        self, contact: Contact, *, form: Form | None = None, status: int = 200
    ) -> HttpResponse:
        """Facts, summary, the record it led to, corrections; ``form`` is one with errors."""
        notes = list(contact.corrections.select_related("written_by", "decided_by"))
        correct = form if isinstance(form, ContactCorrectionForm) else ContactCorrectionForm()
        decide = form if isinstance(form, CorrectionDecisionForm) else CorrectionDecisionForm()
        context = {
            "contact": contact,
            "facts": _facts(contact),
            "corrections": notes,
            "pending": [
                note for note in notes if policies.can_decide_correction(self.person, note)
            ],
            "correct": correct if policies.can_correct_contact(self.person) else None,
            "decide": decide,
            "moments": entries(contact, user=self.person, labels=MOMENTS),
        }
        return render(self.request, "hotline/contact.html", context, status=status)


class ContactView(ContactPage):
    """One contact."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The whole page."""
        return self.page(self.find(number))


class CorrectContactView(ContactPage):
    """POST: append a correction (R13)."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Errors stand beside the field, with the words kept."""
        contact, form = self.find(number), ContactCorrectionForm(request.POST)
        if not (decision := policies.can_correct_contact(self.person)):
            raise NotAllowed(decision)
        if not form.is_valid():
            return self.page(contact, form=form, status=422)
        corrections.append_correction(
            contact, actor=self.person, now=timezone.now(), text=form.cleaned_data["text"]
        )
        messages.success(request, _("The correction waits for a supervisor."))
        return redirect("hotline:contact", contact.number)


class DecideCorrectionView(ContactPage):
    """POST: confirm or decline one (``decision=confirmed``)."""

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        """The service asks who may."""
        contact, form = self.find(number), CorrectionDecisionForm(request.POST)
        note = get_object_or_404(contact.corrections.all(), pk=pk)
        if not form.is_valid():
            return self.page(contact, form=form, status=422)
        try:
            corrections.decide_correction(
                note, actor=self.person, now=timezone.now(),
                confirmed=request.POST.get("decision") == "confirmed",
                opinion=form.cleaned_data["opinion"],
            )  # fmt: skip
        except InvalidInput as refusal:
            form.add_error("opinion", str(refusal.message))
            return self.page(contact, form=form, status=422)
        messages.success(request, _("Your decision has been recorded."))
        return redirect("hotline:contact", contact.number)


def _facts(contact: Contact) -> list[tuple[Text, Any]]:
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
