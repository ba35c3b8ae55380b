"""Forms that open an incident or a drill (E1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.phones import PhoneField
from incidents.forms.fields import NOW_IF_EMPTY, Instant, rows, system_field
from incidents.services.drills import DEFAULT_SPEED, SPEEDS
from workflow.forms import CardAwareForm, RequiredText


class NewIncidentForm(CardAwareForm):
    """E1, by the desk or a monitor."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    managed_object = system_field()
    phenomenon = forms.CharField(label=_("Phenomenon"), max_length=10_000, widget=rows(4))
    claimed_down = forms.BooleanField(label=_("Reported as system down"), required=False)
    unit = forms.ModelChoiceField(
        label=_("Reporting unit"),
        queryset=Organisation.objects.filter(is_active=True).order_by("path"),
    )
    reporter_name = forms.CharField(label=_("Reporter's name"), max_length=40)
    reporter_phone = PhoneField(label=_("Reporter's phone"))
    first_contact_at = Instant(
        label=_("First reported at (T0)"), required=False, help_text=NOW_IF_EMPTY
    )
    occurred_at = Instant(label=_("Occurred at"), required=False)


class DrillForm(CardAwareForm):
    """A drill: which system, what is played, how fast."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    managed_object = system_field()
    scenario = RequiredText(
        label=_("Scenario"),
        widget=rows(4),
        help_text=_("What the on-call person is told, such as which system fails and how."),
    )
    hour_seconds = forms.TypedChoiceField(
        label=_("Speed: one contract hour lasts"),
        choices=[],
        coerce=int,
        initial=DEFAULT_SPEED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour_seconds"].choices = [  # type: ignore[attr-defined]
            (speed, _("%(count)s s") % {"count": speed}) for speed in SPEEDS
        ]
