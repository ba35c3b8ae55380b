"""The form of the call console, and the filters of the list of contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import PhoneField
from hotline.callers import bank_people, bank_units
from hotline.models import Contact
from hotline.services.calls import Call, Handling
from operations.models import ManagedObject
from tickets.forms.consultations import SatisfactionField
from tickets.forms.knowledge import KnowledgeField
from tickets.models import Consultation, Defect
from workflow.forms import CardAwareForm, RequiredText

KEEP_OPEN = "keep_open"
Rows: TypeAlias = "forms.ModelChoiceField[Any]"
LOCAL = {"type": "datetime-local"}


def area(rows: int, **attrs: Any) -> forms.Textarea:
    """A text box of so many rows."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


class ContactCorrectionForm(CardAwareForm):
    """What is wrong in a contact, and what is right (R13)."""

    text = RequiredText(
        label=_("Correction"), widget=area(3),
        help_text=_("What is wrong in the record, and what is right."),
    )  # fmt: skip


class CorrectionDecisionForm(CardAwareForm):
    """A supervisor's word on a correction."""

    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=2000, widget=area(2),
        help_text=_("Needed when you decline."),
    )  # fmt: skip


class ConsoleForm(CardAwareForm):
    """One call. What a result needs is checked by the service, so that pages and API agree."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    started_at = forms.DateTimeField(widget=forms.HiddenInput)
    caller: Rows = forms.ModelChoiceField(
        queryset=None, required=False, widget=forms.HiddenInput, label=_("Caller")
    )
    caller_name = forms.CharField(label=_("Name"), required=False, max_length=40)
    caller_phone = PhoneField(label=_("Phone"), required=False)
    unit: Rows = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Unit"), empty_label=_("Not a registered unit")
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Consultation.Channel.choices)
    place = forms.CharField(label=_("Place on site"), required=False, max_length=120)
    question = forms.CharField(
        label=_("Question"), required=False, max_length=10_000, widget=area(4)
    )
    knowledge = KnowledgeField(widget=forms.HiddenInput)
    answer = forms.CharField(label=_("Answer"), required=False, max_length=10_000, widget=area(5))
    managed_object: Rows = forms.ModelChoiceField(
        queryset=None, required=False, label=_("System"), empty_label=_("Choose the system")
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=Consultation.Category.choices,
        initial=Consultation.Category.OTHER,
    )
    module = forms.CharField(label=_("Module"), required=False, max_length=80)
    result = forms.ChoiceField(
        label=_("Handling result"),
        choices=Contact.Result.choices,
        initial=Contact.Result.SOLVED,
        widget=forms.RadioSelect,
        required=False,
    )
    why = forms.CharField(
        label=_("Why it cannot be solved on the spot"), required=False, max_length=2000,
        widget=area(2),
    )  # fmt: skip
    impact = forms.CharField(
        label=_("Scope of impact"), required=False, max_length=2000, widget=area(2)
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=Defect.Urgency.choices,
        initial=Defect.Urgency.S3,
    )  # fmt: skip
    claimed_down = forms.BooleanField(
        label=_("The caller says: system paralysed, business cannot run"), required=False
    )
    linked = forms.CharField(
        label=_("Number of the existing record"), required=False, max_length=24,
        widget=forms.TextInput(attrs={"list": "known-records", "autocomplete": "off"}),
    )  # fmt: skip
    referral = forms.CharField(
        label=_("Referred to"), required=False, max_length=2000, widget=area(2)
    )
    typed_started_at = forms.DateTimeField(
        label=_("Began at"), required=False, widget=forms.DateTimeInput(LOCAL, "%Y-%m-%dT%H:%M")
    )
    typed_ended_at = forms.DateTimeField(
        label=_("Ended at"), required=False, widget=forms.DateTimeInput(LOCAL, "%Y-%m-%dT%H:%M")
    )
    satisfaction = SatisfactionField()
    late_reason = forms.CharField(
        label=_("Why it is entered afterwards"), required=False, max_length=200
    )
    long_call = forms.BooleanField(label=_("It did last more than 8 hours"), required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(KnowledgeField, self.fields["knowledge"]).offer(actor)
        self._rows("caller", bank_people().select_related("organisation"))
        self._rows("unit", bank_units())
        self._rows("managed_object", ManagedObject.objects.filter(retired_on=None))

    def _rows(self, name: str, queryset: Any) -> None:
        cast(Rows, self.fields[name]).queryset = queryset

    def clean(self) -> dict[str, Any]:
        """Times typed by hand come in pairs; an account's unit is not a matter of typing."""
        cleaned: dict[str, Any] = super().clean() or {}
        began, ended = cleaned.get("typed_started_at"), cleaned.get("typed_ended_at")
        if bool(began) != bool(ended):
            self.add_error(
                "typed_ended_at" if began else "typed_started_at", _("Both times, or neither.")
            )
        caller, unit = cleaned.get("caller"), cleaned.get("unit")
        if caller and not unit:
            cleaned["unit"] = caller.organisation
        return cleaned

    def call(self, now: datetime) -> Call:
        """The call as the service takes it; it ends now unless its times were typed."""
        told = self.cleaned_data
        typed = bool(told["typed_started_at"] and told["typed_ended_at"])
        return Call(
            channel=told["channel"],
            caller=told["caller"],
            caller_name=told["caller_name"],
            caller_phone=told["caller_phone"],
            unit=told["unit"],
            managed_object=told["managed_object"],
            category=told["category"] or Consultation.Category.OTHER,
            module=told["module"],
            place=told["place"],
            question=told["question"],
            started_at=told["typed_started_at"] if typed else told["started_at"],
            ended_at=told["typed_ended_at"] if typed else now,
            typed=typed,
            late_reason=told["late_reason"],
            long_call=told["long_call"],
            knowledge=told["knowledge"],
            satisfaction=told["satisfaction"],
        )

    def handling(self) -> Handling:
        """The result and what belongs to it."""
        told = self.cleaned_data
        return Handling(
            result=told["result"],
            answer=told["answer"],
            why=told["why"],
            impact=told["impact"],
            urgency=told["urgency"] or Defect.Urgency.S3,
            claimed_down=told["claimed_down"],
            linked=told["linked"],
            referral=told["referral"],
        )
