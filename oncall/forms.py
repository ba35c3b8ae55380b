"""Forms of the roster."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES
from oncall.models import Shift
from workflow.durations import local
from workflow.forms import CardAwareForm, RequiredText


class MinuteInput(forms.DateTimeInput):
    """The browser's own control for a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ReplaceForm(CardAwareForm):
    """Who stands in for whom, from when to when (Beijing time), and why."""

    lane = forms.ChoiceField(
        label=_("Place on the shift"), choices=[("primary", _("Primary")), ("backup", _("Backup"))]
    )
    person = forms.ModelChoiceField(User.objects.none(), label=_("Stands in"))
    starts_at = forms.DateTimeField(label=_("From"), widget=MinuteInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=MinuteInput)
    reason = RequiredText(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "person")


class VersionForm(CardAwareForm):
    """Why a setting is changed, and which version of it the person saw."""

    reason = forms.CharField(label=_("Why it is changed"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def replacing(shift: Shift, now: datetime) -> dict[str, Any]:
    """What the form begins with: the whole of what is still to come of the shift."""
    soonest = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return {"starts_at": local(max(shift.starts_at, soonest)), "ends_at": local(shift.ends_at)}


def offer_people(form: forms.Form, *names: str) -> None:
    """Let these fields choose among the people of the desk."""
    people = User.objects.holding(*DESK_ROLES)
    for name in names:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
