"""Input of new records over the API, beside the forms the pages use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.phones import PhoneField
from operations.models import ManagedObject
from tickets.forms.controls import MomentField
from tickets.forms.submission import NewDefectForm
from tickets.models import Consultation
from tickets.services.consultations import Question
from workflow.forms import CardAwareForm, RequiredText


class ApiDefectForm(NewDefectForm):
    """The page's form; ``reporter`` (a user name) when filed on somebody's behalf."""

    reporter = forms.CharField(
        label=_("reporter"), max_length=40, required=False,
        help_text=_("User name of the bank user; yourself by default."),
    )  # fmt: skip
    token = None  # type: ignore[assignment] # a header here


class ApiConsultationForm(CardAwareForm):
    """A consultation: closed at once when ``close`` is true (C1), else open (C2)."""

    caller = forms.CharField(
        label=_("caller"), max_length=40, required=False, help_text=_("User name, when known.")
    )
    caller_name = forms.CharField(label=_("caller's name"), max_length=40)
    caller_phone = PhoneField(label=_("caller's phone"))
    unit = forms.ModelChoiceField(
        label=_("unit"), queryset=Organisation.objects.filter(is_active=True)
    )
    channel = forms.ChoiceField(label=_("channel"), choices=Consultation.Channel.choices)
    place = forms.CharField(label=_("place"), max_length=120, required=False)
    managed_object = forms.ModelChoiceField(
        label=_("system"), queryset=ManagedObject.objects.filter(retired_on=None)
    )
    module = forms.CharField(label=_("module"), max_length=80, required=False)
    category = forms.ChoiceField(
        label=_("category"), choices=Consultation.Category.choices, required=False
    )
    title = forms.CharField(label=_("title"), max_length=120, required=False)
    question = RequiredText(label=_("question"))
    answer = forms.CharField(label=_("answer"), max_length=10_000, required=False)
    close = forms.BooleanField(label=_("answered on the spot"), required=False)
    started_at = MomentField(label=_("started at"))
    ended_at = MomentField(label=_("ended at"), required=False)
    remarks = forms.CharField(label=_("remarks"), max_length=2000, required=False)

    def question_of(self) -> Question:
        """The cleaned form as the service takes it."""
        given: dict[str, Any] = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("answer", "close", "caller")
        }
        given["category"] = given["category"] or Consultation.Category.OTHER
        username = self.cleaned_data["caller"]
        caller = User.objects.active().filter(username=username).first() if username else None
        return Question(caller=caller, **given)
