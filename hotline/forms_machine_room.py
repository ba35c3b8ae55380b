"""Forms of machine-room reports (document 5.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import PhoneField
from accounts.roles import Role
from hotline.callers import bank_people
from hotline.forms import Rows
from hotline.models import MachineRoomReport
from hotline.services.machine_room import Alarm
from operations.models import ManagedObject
from workflow.forms import CardAwareForm, RequiredText


class ReportForm(CardAwareForm):
    """What a monitor reports; somebody else may fill it in for a monitor who has phoned."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reporter: Rows = forms.ModelChoiceField(
        queryset=None, label=_("Reported by"), empty_label=_("Choose the monitor")
    )
    phone = PhoneField(label=_("Phone for questions"))
    managed_object: Rows = forms.ModelChoiceField(
        queryset=None, label=_("System"), empty_label=_("Choose the system")
    )
    location = forms.CharField(
        label=_("Room, rack, device"),
        max_length=120,
        help_text=_("So exact that somebody finds it at night."),
    )
    alarm_at = forms.DateTimeField(
        label=_("Alarm at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=_("Beijing time, not in the future."),
    )
    alarm_value = forms.CharField(label=_("Alarm value"), required=False, max_length=80)
    phenomenon = RequiredText(label=_("Phenomenon"))
    measures_taken = forms.CharField(
        label=_("Measures already taken"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    how_notified = forms.CharField(
        label=_("Who has been notified already, and how"), required=False, max_length=80
    )
    system_down = forms.BooleanField(
        label=_("System paralysed, business cannot run"),
        required=False,
        help_text=_("Ticked: an incident is opened at once and the people on call are rung up."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        monitors = User.objects.get_queryset().holding(Role.MONITOR).select_related("organisation")
        self._rows("reporter", monitors)
        self._rows("managed_object", ManagedObject.objects.filter(retired_on=None))
        if actor.has_role(Role.MONITOR):
            del self.fields["reporter"]
        self.actor = actor

    def _rows(self, name: str, queryset: Any) -> None:
        cast(Rows, self.fields[name]).queryset = queryset

    @property
    def who_reports(self) -> User:
        """The monitor who reports."""
        return cast(User, self.cleaned_data.get("reporter") or self.actor)

    def alarm(self) -> Alarm:
        """What the service takes."""
        told = self.cleaned_data
        names = Alarm.__dataclass_fields__
        return Alarm(**{name: told[name] for name in names})


class JudgementForm(CardAwareForm):
    """What the report was."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[each for each in MachineRoomReport.Outcome.choices if each[0] != "pending"],
    )
    note = RequiredText(label=_("Judgement"), widget=forms.Textarea(attrs={"rows": 3}))
    bank_user: Rows = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Bank user who follows the defect"),
        empty_label=_("The reporter"),
        help_text=_("Only for a defect, when the monitor is no bank user."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = bank_people().filter(grants__role=Role.REPORTER)
        cast(Rows, self.fields["bank_user"]).queryset = people


def first_values(actor: User, now: datetime, token: Any) -> dict[str, Any]:
    """What the form shows at first: the monitor's own phone, and now."""
    return {"token": token, "alarm_at": now, "phone": actor.phone}
