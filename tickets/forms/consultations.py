"""Forms of consultations: the actions on one, and the filters of their list."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.pinyin import fold
from tickets.forms.knowledge import KnowledgeField
from tickets.models import Consultation, Defect
from tickets.models.scope import TicketQuerySet
from tickets.services.conversions import Details
from workflow.forms import ActionForm, RequiredText

DATE = {"type": "date"}


class SatisfactionField(forms.TypedChoiceField):
    """How satisfied the caller is, 5 to 1; it may be left open."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Satisfaction"))
        kwargs.setdefault("required", False)
        choices = [(5, _("5 very satisfied")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 not at all"))]
        if not kwargs["required"]:
            choices.insert(0, ("", _("Not asked")))  # type: ignore[arg-type]
        super().__init__(choices=choices, coerce=int, empty_value=None, **kwargs)


class CloseForm(ActionForm):
    """C3: the answer."""

    answer = RequiredText(label=_("answer"))
    knowledge = KnowledgeField()
    satisfaction = SatisfactionField()

    def prepare(self) -> None:
        """Begin with what was noted while the call was running."""
        cast(KnowledgeField, self.fields["knowledge"]).offer(self.actor)
        self.fields["answer"].initial = cast(Consultation, self.record).answer


def _lines(label: Any, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": rows}), **more,
    )  # fmt: skip


class ConvertForm(ActionForm):
    """C4: why it cannot be solved on the spot, and what the defect form needs (5.6)."""

    why = RequiredText(
        label=_("Why it cannot be solved on the spot"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phenomenon = RequiredText(label=_("phenomenon"))
    module = forms.CharField(label=_("module"), required=False, max_length=80)
    operation_steps = _lines(_("steps to reproduce"))
    expected_result = _lines(_("expected result"))
    actual_result = _lines(_("actual result"))
    impact = _lines(_("scope of impact"))
    urgency = forms.ChoiceField(
        label=_("urgency"), choices=Defect.Urgency.choices, initial=Defect.Urgency.S3
    )
    reproducible = forms.CharField(label=_("reproducible"), required=False, max_length=80)
    environment = forms.CharField(
        label=_("terminal, browser, version"), required=False, max_length=120
    )
    missing = _lines(
        _("What the caller still has to add"),
        help_text=_(
            "Leave it empty when the form is complete: service support takes the defect up. "
            "Otherwise the defect goes to the caller, who completes and submits it."
        ),
    )

    def prepare(self) -> None:
        """The question is the first description of the phenomenon."""
        consultation = cast(Consultation, self.record)
        self.fields["phenomenon"].initial = consultation.question
        self.fields["module"].initial = consultation.module

    def service_arguments(self) -> dict[str, Any]:
        """The parts of the form of document 5.6 that go straight into the defect, together."""
        given = dict(self.cleaned_data)
        names = [each.name for each in fields(Details)]
        details = Details(**{name: given.pop(name) for name in names})
        return {**given, "details": details}


class ConsultationFilter(forms.Form):
    """What the list of consultations can be narrowed to."""

    q = forms.CharField(
        label=_("Number, title or caller"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"data-key": "f"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(DATE))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(DATE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [each for each in Consultation.State.choices if each[0] != "new"]
        self._offer("state", states)
        self._offer("category", Consultation.Category.choices)
        self._offer("channel", Consultation.Channel.choices)

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]

    def clean(self) -> dict[str, Any]:
        """The days must be in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        return cleaned

    def narrow(self, consultations: TicketQuerySet) -> TicketQuerySet:
        """The rows that fit; a filter with an error narrows to nothing."""
        if not self.is_valid():
            return consultations.none()
        asked = self.cleaned_data
        for name in ("state", "category", "channel"):
            if asked[name]:
                consultations = consultations.filter(**{name: asked[name]})
        if asked["since"]:
            consultations = consultations.filter(created_at__gte=_midnight(asked["since"]))
        if asked["until"]:
            end = _midnight(asked["until"] + timedelta(days=1))
            consultations = consultations.filter(created_at__lt=end)
        for word in asked["q"].split():
            consultations = consultations.filter(_about(word))
        return consultations


def _about(word: str) -> Q:
    """Number, its last digits, title, caller's name, or the caller's name in pinyin."""
    found = Q(title__icontains=word) | Q(caller_name__icontains=word)
    found |= in_number(word)
    if folded := fold(word):
        found |= Q(caller__search__contains=folded)
    return found


def in_number(word: str) -> Q:
    """A number or a part of it, at least three characters: one digit stands in every number."""
    return Q(number__icontains=word) if len(word) >= 3 else Q(pk__in=[])


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
