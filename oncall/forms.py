"""Forms of the roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES


class MinuteInput(forms.DateTimeInput):
    """The browser's own control for a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ShiftForm(forms.Form):
    """Who is on call, from when to when (Beijing time)."""

    starts_at = forms.DateTimeField(label=_("From"), widget=MinuteInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=MinuteInput)
    primary = forms.ModelChoiceField(User.objects.none(), label=_("Primary"))
    backup = forms.ModelChoiceField(User.objects.none(), label=_("Backup"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(*DESK_ROLES)
        for name in ("primary", "backup"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
