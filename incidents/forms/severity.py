"""Input of raising and downgrading (E6, E7)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.assessing import SYSTEM_DOWN_TEXT
from incidents.forms.fields import Instant, rows
from incidents.models import Incident
from workflow.forms import ActionForm, RequiredText


class RaiseForm(ActionForm):
    """E6."""

    system_down = forms.BooleanField(label=SYSTEM_DOWN_TEXT)
    down_reported_at = Instant(
        label=_("When that began to be reported (T0)"),
        help_text=_("The 12 hours count from here, not from the first report of the lesser fault."),
    )
    business_impact = RequiredText(label=_("Business impact"), widget=rows(3))


class DowngradeForm(ActionForm):
    """E7."""

    never_met = forms.BooleanField(
        label=_("At no time was it “system down: the business system cannot run”"),
        help_text=_("Breaches on record stay."),
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[row for row in Incident.Severity.choices if row[0] != "S1"],
        widget=forms.RadioSelect,
    )
    reason = RequiredText(label=_("Reason"), widget=rows(3))
