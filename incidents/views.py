"""Pages of incidents."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES
from incidents import policies
from incidents.actions import INCIDENT_ACTIONS
from incidents.documents import version_of
from incidents.forms import DrillForm, NewIncidentForm, NoteForm
from incidents.listing import IncidentFilter, chip
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.room import chips, facts, fingerprint, live
from incidents.scope import visible_incidents
from incidents.services import report_incident, start_drill
from workflow.actions import Action
from workflow.decisions import Decision
from workflow.errors import InvalidInput, NotAllowed
from workflow.keyset import keyset_page
from workflow.models import FlowRecord
from workflow.views import ActionView

RELATED = ("managed_object", "unit", "holder__organisation", "commitment__agreement")
PEOPLE = ("reporter", "acknowledged_by", "declared_by", "resolved_by", "confirmed_by")


def act_url(number: str, code: str) -> str:
    """Address of one act."""
    return reverse("incidents:act", args=[number, code])


class BusinessView(SignedInMixin, View):
    """For everybody but the three administrators."""

    roles = BUSINESS_ROLES

    def incidents(self) -> models.QuerySet[Incident]:
        """What this person may see, with what pages show of it."""
        return visible_incidents(self.person).select_related(*RELATED)


class IncidentListView(BusinessView):
    """The incidents and drills this person may see, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = IncidentFilter(request.GET)
        rows = form.narrow(self.incidents()).prefetch_related("commitment__clocks__commitment")
        page = keyset_page(rows, request.GET, by="created_at")
        now = timezone.now()
        context = {
            "form": form,
            "page": page,
            "rows": [(row, chip(row, now)) for row in page],
            "may_report": bool(policies.can_report(self.person)),
            "may_drill": bool(policies.can_start_drill(self.person)),
        }
        return render(request, "incidents/list.html", context)


class RoomView(BusinessView):
    """The incident room."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Everything about one incident."""
        incident = get_object_or_404(self.incidents().select_related(*PEOPLE), number=number)
        page = live(
            incident, self.person, timezone.now(), lambda code: act_url(incident.number, code)
        )
        page["note_form"] = NoteForm(actor=self.person, record=incident)
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


class IncidentActionView(ActionView):
    """One act on an incident."""

    actions = INCIDENT_ACTIONS
    roles = BUSINESS_ROLES

    def find(self, key: str) -> Incident:
        """By number, in the person's scope."""
        return get_object_or_404(
            visible_incidents(self.person).select_related(*RELATED), number=key
        )

    def record_url(self, record: FlowRecord) -> str:
        """Back to the room."""
        return reverse("incidents:room", args=[cast(Incident, record).number])

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """What it is about: the facts, or the document that is signed or sent."""
        incident = cast(Incident, record)
        document: ContingencyPlan | FaultReport | None = None
        if action.code in ("release_plan", "deliver_plan"):
            document = policies.last_plan(incident)
        elif action.code in ("release_report", "deliver_report"):
            document = policies.last_report(incident)
        return {
            "incident": incident,
            "drill": incident.is_drill,
            "version": version_of(document) if document else None,
            "facts": facts(incident),
            "chips": chips(incident, timezone.now()),
        }


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
