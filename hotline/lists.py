"""Filters of the lists of contacts and machine-room reports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.pinyin import fold
from calendars.arithmetic import SHANGHAI
from hotline.models import Contact, MachineRoomReport
from tickets.forms.consultations import in_number
from tickets.models import Consultation

DATE = {"type": "date"}


class ListFilter(forms.Form):
    """Words, choices and a period; subclasses say on which columns."""

    q = forms.CharField(
        label=_("Number or words"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"data-key": "f"}),
    )
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(DATE))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(DATE))

    at: str
    choices: dict[str, list[Any]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in self.choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *offered]
        self.order_fields(["q", *self.choices, "since", "until"])

    def clean(self) -> dict[str, Any]:
        """The days must be in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        return cleaned

    def about(self, word: str) -> Q:
        """Rows in which ``word`` occurs."""
        raise NotImplementedError

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that fit; a filter with an error narrows to nothing."""
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        for name in self.choices:
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["since"]:
            rows = rows.filter(**{f"{self.at}__gte": _midnight(asked["since"])})
        if asked["until"]:
            rows = rows.filter(**{f"{self.at}__lt": _midnight(asked["until"] + timedelta(days=1))})
        for word in asked["q"].split():
            rows = rows.filter(self.about(word))
        return rows


class ContactFilter(ListFilter):
    """Contacts by number, caller, phone or words."""

    result = forms.ChoiceField(label=_("Handling result"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    after_hours = forms.ChoiceField(label=_("Time of day"), required=False)
    at = "started_at"
    choices = {
        "result": Contact.Result.choices,
        "channel": Consultation.Channel.choices,
        "after_hours": [("True", _("After hours")), ("False", _("Working hours"))],
    }

    def about(self, word: str) -> Q:
        """Number, caller (pinyin too), phone or summary."""
        found = in_number(word) | Q(caller_name__icontains=word)
        found |= Q(summary__icontains=word)
        if folded := fold(word):
            found |= Q(caller__search__contains=folded) | Q(caller_phone__contains=folded)
        return found


class ReportFilter(ListFilter):
    """Machine-room reports by number, place or words."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    at = "reported_at"
    choices = {"outcome": MachineRoomReport.Outcome.choices}

    def about(self, word: str) -> Q:
        """Number, place, phenomenon or reporter (pinyin too)."""
        found = in_number(word) | Q(location__icontains=word)
        found |= Q(phenomenon__icontains=word)
        if folded := fold(word):
            found |= Q(reporter__search__contains=folded)
        return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
