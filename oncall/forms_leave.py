"""Leave, as people enter it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from calendars.arithmetic import SHANGHAI
from oncall.dates import WRONG_YEAR, sensible
from oncall.ics import MOST_BYTES, BadCalendar, CalendarRead, read_calendar
from workflow.forms import CardAwareForm


class DeskPersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of the desk, with the staff number: names repeat."""

    def label_from_instance(self, obj: User) -> str:
        """Name and staff number."""
        return obj.audit_name


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=False)


class _ForSomebody(forms.Form):
    """Supervisors say for whom; for everybody else it is their own."""

    person = DeskPersonChoice(label=_("Who is away"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, actor: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.now = actor, now
        field = self.fields["person"]
        assert isinstance(field, DeskPersonChoice)
        if actor.has_role(Role.SUPERVISOR):
            people = User.objects.holding(*DESK_ROLES).select_related("organisation")
            field.queryset, field.empty_label = people, str(_("I myself"))
        else:
            del self.fields["person"]

    @property
    def whose(self) -> User:
        """Whose leave it is."""
        found: User = self.cleaned_data.get("person") or self.actor
        return found


class LeaveForm(_ForSomebody, CardAwareForm):
    """Whole days, or from one time to another (Beijing time)."""

    first_day = _day(_("First day"))
    first_time = _time(_("From (time)"))
    last_day = _day(_("Last day"))
    last_time = _time(_("To (time)"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("Only you and those who plan the roster read it.")

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``oncall.services.leave.add_leave``, UTC."""
        data = self.cleaned_data
        last: date = data["last_day"]
        if data["last_time"] is None:
            ends = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
        else:
            ends = datetime.combine(last, data["last_time"], SHANGHAI)
        starts = datetime.combine(data["first_day"], data["first_time"] or time(), SHANGHAI)
        return {"person": self.whose, "starts_at": starts, "ends_at": ends, "note": data["note"]}

    def clean_first_day(self) -> date:
        """Within the years that exist for us."""
        return _sensible(self.cleaned_data["first_day"])

    def clean_last_day(self) -> date:
        """Within the years that exist for us."""
        return _sensible(self.cleaned_data["last_day"])


def _sensible(day: date) -> date:
    if not sensible(day):
        raise forms.ValidationError(WRONG_YEAR)
    return day


class CalendarFileForm(_ForSomebody):
    """An exported calendar that holds nothing but leave."""

    file = forms.FileField(
        label=_("Calendar file (.ics)"), widget=forms.FileInput(attrs={"accept": ".ics"})
    )
    field_order = ("person", "file")
    read: CalendarRead

    def clean_file(self) -> UploadedFile[Any]:
        """Its content, not its name, says what it is; the message stands beside the field."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            self.read = read_calendar(file.read(), self.now)
        except BadCalendar as error:
            raise forms.ValidationError(str(error)) from error
        return file
