"""The consultation record on paper, and changing its form (R30)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from tickets.forms.record_templates import RecordFormForm
from tickets.models import Consultation, RecordTemplate
from tickets.record_form import current_version, filled, paper_date
from tickets.services.record_templates import can_change_form, publish_form
from tickets.views.consultations import phone_for
from workflow.errors import InvalidInput, NotAllowed


class ConsultationPrintView(SignedInMixin, View):
    """A4, on the version of the form the record was written on."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The filled form with its confirmed corrections."""
        rows = Consultation.objects.visible_to(self.person).select_related(
            "unit", "caller", "agent", "managed_object", "source_defect", "knowledge"
        )
        consultation = get_object_or_404(rows, number=number)
        notes = consultation.corrections.filter(state="confirmed").select_related(
            "written_by", "decided_by"
        )
        page = {
            "consultation": consultation,
            "lines": filled(consultation, phone=phone_for(consultation, self.person)),
            "corrections": [(note, paper_date(note.written_at)) for note in notes],
            "printed": paper_date(timezone.now()),
        }
        return render(request, "tickets/consultation_print.html", page)


class RecordFormView(SignedInMixin, View):
    """GET the form as it is, POST a new version."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Place and names of every line."""
        self._check()
        return self._page(RecordFormForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Records from now on use it."""
        self._check()
        form = RecordFormForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            made = publish_form(
                actor=self.person, now=timezone.now(), lines=form.lines(),
                reason=form.cleaned_data["reason"], base=form.cleaned_data["base"],
            )  # fmt: skip
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(form, status=422)
        text = _("Version %(number)s holds for records from now on.") % {"number": made.version}
        messages.success(request, text)
        return redirect("tickets:record_form")

    def _check(self) -> None:
        if not (decision := can_change_form(self.person)):
            raise NotAllowed(decision)

    def _page(self, form: RecordFormForm, status: int = 200) -> HttpResponse:
        page = {
            "form": form,
            "version": current_version(),
            "versions": RecordTemplate.objects.select_related("written_by"),
        }
        return render(self.request, "tickets/record_form.html", page, status=status)
