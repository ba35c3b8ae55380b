"""The call console: from ring to closed in one save, without the mouse (R12, R13, R28)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from calendars.services import is_after_hours
from hotline import policies
from hotline.callers import Card, bank_people, bank_units, card_of, find_callers
from hotline.forms import KEEP_OPEN, ConsoleForm
from hotline.models import Contact
from hotline.services.calls import log_call, note_running_call
from hotline.suggestions import similar_solved
from tickets.knowledge_search import suggest
from tickets.models import Consultation
from workflow.errors import InvalidInput, NotAllowed, Refusal


class CallTaker(SignedInMixin):
    """Agents, service support, and whoever is on call now; everybody else 403."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the policy once we know who it is."""
        if request.user.is_authenticated and not (decision := policies.can_log_calls(self.person)):
            raise NotAllowed(decision)
        return super().dispatch(request, *args, **kwargs)


class ConsoleView(CallTaker, View):
    """GET an empty console, POST a call."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Empty, or with the caller chosen (``?caller=``, ``?unit=``), or going on (C2)."""
        now = timezone.now()
        going_on = self._going_on(request.GET.get("continue", ""))
        card = (
            _chosen(request, self.person) if going_on is None else _card_of(going_on, self.person)
        )
        form = ConsoleForm(actor=self.person, initial=_initial(card, going_on, now))
        return self._page(form, card, going_on, now)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the call; an error gives every word back."""
        now = timezone.now()
        going_on = self._going_on(request.POST.get("continue", ""))
        form = ConsoleForm(_posted(request.POST, going_on), actor=self.person)
        if form.is_valid():
            try:
                return self._save(form, going_on, now)
            except InvalidInput as refusal:
                for name, message in refusal.fields.items():
                    form.add_error(name if name in form.fields else None, str(message))
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
        return self._page(form, _typed(form, self.person), going_on, now, status=422)

    def _save(
        self, form: ConsoleForm, going_on: Consultation | None, now: datetime
    ) -> HttpResponse:
        token, call = form.cleaned_data["token"], form.call(now)
        if self.request.POST.get("act") == KEEP_OPEN and going_on is None:
            noted = note_running_call(
                actor=self.person, now=now, call=call, answer=form.cleaned_data["answer"],
                token=token,
            )  # fmt: skip
            text = _("%(number)s noted. The call goes on.") % {"number": noted.number}
            messages.success(self.request, text, extra_tags="clear-draft:console")
            return redirect(f"{reverse('hotline:console')}?continue={noted.number}")
        contact = log_call(
            actor=self.person, now=now, call=call, handling=form.handling(), continued=going_on,
            token=token,
        )  # fmt: skip
        messages.success(self.request, _said(contact), extra_tags="clear-draft:console")
        return redirect("hotline:console")

    def _going_on(self, number: str) -> Consultation | None:
        if not number:
            return None
        found: Consultation = get_object_or_404(
            Consultation.objects.visible_to(self.person)
            .filter(state=Consultation.State.OPEN)
            .select_related("caller", "unit", "managed_object"),
            number=number,
        )
        return found

    def _page(
        self, form: ConsoleForm, card: Card, going_on: Consultation | None, now: datetime,
        status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        mine = Consultation.objects.visible_to(self.person).filter(
            state=Consultation.State.OPEN, holder=self.person
        )
        query = self.request.GET.get("q", "")
        page = {
            "form": form,
            "card": card,
            "going_on": going_on,
            "now": now,
            "started_at": form.initial.get("started_at") or form["started_at"].value(),
            "after_hours": is_after_hours(now),
            "running": [each for each in mine[:3] if each != going_on],
            "query": query,
            "found": find_callers(query, actor=self.person) if query else None,
            "last": Contact.objects.filter(agent=self.person).first(),
        }
        return render(self.request, "hotline/console.html", page, status=status)


class CallerSearchView(CallTaker, View):
    """Live results under the caller box."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A list of people, units and earlier callers."""
        query = request.GET.get("q", "")
        found = find_callers(query, actor=self.person)
        return render(request, "hotline/caller_results.html", {"found": found, "query": query})


class CallerCardView(CallTaker, View):
    """The left column for the caller who was chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Name, phone and unit filled in; last contacts, open records."""
        card = _chosen(request, self.person)
        form = ConsoleForm(actor=self.person, initial=_initial(card, None, timezone.now()))
        return render(request, "hotline/caller_card.html", {"form": form, "card": card})


class SuggestionsView(CallTaker, View):
    """What is known about the question, and similar ones that were solved before (C8, R28)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Published knowledge first, at most three; then at most five earlier answers."""
        question = request.GET.get("question", "")[:500]
        page = {
            "articles": suggest(question, actor=self.person),
            "suggestions": similar_solved(question, actor=self.person),
        }
        return render(request, "hotline/suggestions.html", page)


def _chosen(request: HttpRequest, person: Any) -> Card:
    asked = request.GET
    if asked.get("caller", "").isdecimal():
        caller = get_object_or_404(bank_people().select_related("organisation"), pk=asked["caller"])
        return card_of(actor=person, person=caller)
    if asked.get("contact"):
        past = get_object_or_404(Contact.objects.visible_to(person), number=asked["contact"])
        return card_of(actor=person, unit=past.unit, name=past.caller_name, phone=past.caller_phone)
    if asked.get("unit", "").isdecimal():
        return card_of(actor=person, unit=get_object_or_404(bank_units(), pk=asked["unit"]))
    return Card()


def _typed(form: ConsoleForm, person: Any) -> Card:
    """The card belonging to what was posted."""
    told = getattr(form, "cleaned_data", {})
    return card_of(
        actor=person, person=told.get("caller"), unit=told.get("unit"),
        name=told.get("caller_name", ""), phone=told.get("caller_phone", ""),
    )  # fmt: skip


def _card_of(consultation: Consultation, person: Any) -> Card:
    return card_of(
        actor=person, person=consultation.caller, unit=consultation.unit,
        name=consultation.caller_name, phone=consultation.caller_phone,
    )  # fmt: skip


def _initial(card: Card, going_on: Consultation | None, now: datetime) -> dict[str, Any]:
    after_hours = is_after_hours(now)
    channels = Consultation.Channel
    initial = {
        "token": uuid.uuid4(),
        "started_at": now.isoformat(timespec="seconds"),
        "channel": channels.ON_CALL_MOBILE if after_hours else channels.HOTLINE,
        "caller": card.person and card.person.pk,
        "caller_name": card.name,
        "caller_phone": card.phone,
        "unit": card.unit and card.unit.pk,
    }
    if going_on is not None:
        initial |= _noted(going_on) | {"answer": going_on.answer}
    return initial


def _noted(consultation: Consultation) -> dict[str, Any]:
    """What was noted when the call was kept open; it is not typed a second time."""
    return {
        "caller": consultation.caller_id or "",
        "caller_name": consultation.caller_name,
        "caller_phone": consultation.caller_phone,
        "unit": consultation.unit_id,
        "channel": consultation.channel,
        "place": consultation.place,
        "question": consultation.question,
        "managed_object": consultation.managed_object_id,
        "category": consultation.category,
        "module": consultation.module,
        "started_at": consultation.started_at.isoformat(),
    }


def _posted(data: QueryDict, going_on: Consultation | None) -> QueryDict:
    if going_on is None:
        return data
    data = data.copy()
    for name, value in _noted(going_on).items():
        data[name] = str(value)
    return data


def _said(contact: Contact) -> str:
    """The sentence after saving: number, result, and a link to the record it made."""
    record = contact.defect or contact.incident or contact.consultation
    text = _("%(number)s saved: %(result)s.") % {
        "number": contact.number,
        "result": contact.get_result_display(),
    }
    url = reverse("hotline:contact", args=[contact.number])
    if record is not None:
        names = {
            "defect": "tickets:defect",
            "incident": "incidents:room",
            "consultation": "tickets:consultation",
        }
        url = reverse(names[str(record._meta.model_name)], args=[record.number])
        return format_html('{} <a href="{}">{}</a>', text, url, record.label)
    return format_html('{} <a href="{}">{}</a>', text, url, _("Open"))
