"""Pages that open an incident or a drill."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import policies
from incidents.forms import DrillForm, NewIncidentForm
from incidents.models import Incident
from incidents.services import report_incident, start_drill
from incidents.views.base import BusinessView
from workflow.decisions import Decision
from workflow.errors import InvalidInput, NotAllowed


class ReportView(BusinessView):
    """A form that opens an incident, given twice by mistake opens it once."""

    form_class: type[NewIncidentForm | DrillForm]
    template = ""

    def decision(self) -> Decision:
        """May this person?"""
        raise NotImplementedError

    def save(self, form: Any) -> Incident:
        """Do it."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """403 for those who may not."""
        if request.user.is_authenticated and not (decision := self.decision()):
            raise NotAllowed(decision)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        form = self.form_class(initial={"token": uuid.uuid4()})
        return render(request, self.template, {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it and go to its room."""
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                incident = self.save(form)
            except InvalidInput as refusal:
                for name, message in refusal.fields.items():
                    form.add_error(name if name in form.fields else None, str(message))
            else:
                text = _("%(number)s is open; the on-call person is being called.")
                messages.success(
                    request, text % {"number": incident.number}, extra_tags="clear-draft"
                )
                return redirect("incidents:room", number=incident.number)
        return render(request, self.template, {"form": form}, status=422)


class NewIncidentView(ReportView):
    """E1 on a page of its own."""

    form_class = NewIncidentForm
    template = "incidents/new.html"

    def decision(self) -> Decision:
        """The desk and the monitors."""
        return policies.can_report(self.person)

    def save(self, form: Any) -> Incident:
        """Report it; a bank user with that phone is not guessed."""
        return report_incident(
            actor=self.person, now=timezone.now(), reporter=None, **form.cleaned_data
        )


class DrillNewView(ReportView):
    """Start a drill."""

    form_class = DrillForm
    template = "incidents/drill_new.html"

    def decision(self) -> Decision:
        """The desk and the monitors."""
        return policies.can_start_drill(self.person)

    def save(self, form: Any) -> Incident:
        """Report it in drill mode."""
        return start_drill(actor=self.person, now=timezone.now(), **form.cleaned_data)
