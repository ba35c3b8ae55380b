"""Pages of consultations."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import BUSINESS_ROLES
from calendars.arithmetic import SHANGHAI, WorkingCalendar, working_time_between
from calendars.errors import CalendarMissing
from calendars.services import current_calendar, is_after_hours
from tickets import policies_consultations as policies
from tickets.actions_consultations import CONSULTATION_ACTIONS, CONSULTATION_MOMENTS
from tickets.forms.consultations import ConsultationFilter
from tickets.models import Attachment, Consultation, Correction
from tickets.policies_afterwards import is_locked
from tickets.policies_knowledge import can_propose
from workflow.actions import Action
from workflow.durations import clock_face, stamp
from workflow.keyset import keyset_page
from workflow.models import FlowRecord
from workflow.phones import mask_phone
from workflow.timeline import entries
from workflow.views import ActionView

RELATED = ("unit", "caller", "agent", "managed_object")


class ConsultationListView(SignedInMixin, View):
    """The consultations this person may see, newest first."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = ConsultationFilter(request.GET)
        rows = form.narrow(Consultation.objects.visible_to(self.person)).select_related(*RELATED)
        page = keyset_page(rows, request.GET, by="created_at")
        lateness = _lateness(page.rows, timezone.now())
        return render(
            request,
            "tickets/consultation_list.html",
            {
                "form": form,
                "page": page,
                "rows": [(row, lateness.get(row.pk, "")) for row in page],
                "may_take_calls": bool(policies.can_take_calls(self.person)),
            },
        )


class ConsultationView(SignedInMixin, View):
    """One consultation."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Question, answer, facts, history."""
        consultation = get_object_or_404(
            Consultation.objects.visible_to(self.person).select_related(
                *RELATED,
                "knowledge",
                "source_defect__reporter",
                "converted_defect",
                "holder",
                "objection",
            ),
            number=number,
        )
        return render(
            request,
            "tickets/consultation.html",
            {
                "consultation": consultation,
                "offers": CONSULTATION_ACTIONS.offers(
                    self.person, consultation, lambda code: _action_url(number, code)
                ),
                "facts": _facts(consultation, self.person),
                "knowledge_url": _knowledge_url(consultation, self.person),
                "files": _files_of(consultation, self.person),
                "corrections": _corrections_of(consultation, self.person),
                "locked": is_locked(consultation),
                "may_propose": consultation.state == Consultation.State.CLOSED
                and bool(can_propose(self.person)),
                "moments": entries(consultation, user=self.person, labels=CONSULTATION_MOMENTS),
            },
        )


class ConsultationActionView(ActionView):
    """One act on a consultation. There is none that assigns or approves it (R29)."""

    actions = CONSULTATION_ACTIONS

    def find(self, key: str) -> Consultation:
        """By number, in the person's scope."""
        found: Consultation = get_object_or_404(
            Consultation.objects.visible_to(self.person), number=key
        )
        return found

    def record_url(self, record: FlowRecord) -> str:
        """The consultation, or the defect it has just become."""
        consultation = cast(Consultation, record)
        if consultation.state == Consultation.State.CONVERTED:
            return reverse("tickets:defect", args=[consultation.converted_defect.key])
        return reverse("tickets:consultation", args=[consultation.number])

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """What the form is about."""
        return {"consultation": record}


def _knowledge_url(consultation: Consultation, person: User) -> str:
    """Address of the article used, when this person may read it."""
    article = consultation.knowledge
    if article is None or not (person.is_desk or (article.public and article.is_published)):
        return ""
    return article.get_absolute_url()


def _files_of(consultation: Consultation, person: User) -> list[Attachment]:
    """Files of the defect it was made from: shared, not copied (D7)."""
    if consultation.source_defect_id is None:
        return []
    files = Attachment.objects.visible_to(person)
    return list(files.filter(defect=consultation.source_defect_id))


def _corrections_of(consultation: Consultation, person: User) -> list[Correction]:
    """Notes appended after the lock; outside the desk only those that were confirmed (C7)."""
    notes = consultation.corrections.select_related("written_by", "decided_by")
    if not person.is_desk:
        notes = notes.filter(state=Correction.State.CONFIRMED)
    return list(notes)


def _action_url(number: str, code: str) -> str:
    return reverse("tickets:consultation_action", args=[number, code])


def _lateness(rows: list[Consultation], now: datetime) -> dict[int, str]:
    """Open ones: amber after the working day they came in, red from the next working day on (C2).

    Red stays red in the evening; in a year without a calendar every later day counts.
    """
    still_open = [row for row in rows if row.state == Consultation.State.OPEN]
    if not still_open:
        return {}
    calendar, over = current_calendar(), is_after_hours(now)
    found = {}
    for row in still_open:
        midnight = _midnight_after(row.started_at)
        if now >= midnight and _worked_since(calendar, midnight, now):
            found[row.pk] = "late"
        elif over or now >= midnight:
            found[row.pk] = "warn"
    return found


def _midnight_after(instant: datetime) -> datetime:
    day = instant.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def _worked_since(calendar: WorkingCalendar, a: datetime, b: datetime) -> bool:
    try:
        return bool(working_time_between(calendar, a, b))
    except CalendarMissing:
        return True


def phone_for(consultation: Consultation, person: User) -> str:
    """The caller's number: in full for the desk and the caller, masked for others (I12)."""
    phone = consultation.caller_phone
    if person.is_desk or person.pk == consultation.caller_id:
        return phone
    return mask_phone(phone)


def _facts(consultation: Consultation, person: User) -> list[tuple[str, Any]]:
    phone = phone_for(consultation, person)
    ended_at = consultation.ended_at
    lasted = ended_at - consultation.started_at if ended_at else None
    return [
        (_("Caller"), consultation.caller_name),
        (_("Unit"), consultation.unit.label),
        (_("Phone"), phone),
        (_("Channel"), _channel(consultation)),
        (_("System"), consultation.managed_object.label),
        (_("Module"), consultation.module),
        (_("Category"), consultation.get_category_display()),
        (_("Started"), stamp(consultation.started_at, "s")),
        (_("Duration"), clock_face(lasted)),
        (_("Time of day"), _("After hours") if consultation.after_hours else _("Working hours")),
        (_("Solved on the spot"), _("Yes") if consultation.solved_on_spot else _("No")),
        (
            _("Satisfaction"),
            f"{consultation.satisfaction} / 5" if consultation.satisfaction else "",
        ),
        (_("Times reopened"), consultation.reopened or ""),
        (_("Handled by"), consultation.agent.name),
        (_("Remarks"), consultation.remarks),
    ]


def _channel(consultation: Consultation) -> str:
    channel = str(consultation.get_channel_display())
    return f"{channel} · {consultation.place}" if consultation.place else channel
