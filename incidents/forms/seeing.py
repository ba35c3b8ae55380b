"""Input of saying that an alert was seen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.alerts import alert_mark, waiting_alert
from workflow.forms import ActionForm


class SeeAlertForm(ActionForm):
    """Which alert was on the page; without it whichever waits now is meant."""

    alert = forms.CharField(
        label=_("Alert"), required=False, max_length=40, widget=forms.HiddenInput
    )

    def prepare(self) -> None:
        """The alert that waits as the page is made."""
        commitment = self.record.commitment  # type: ignore[attr-defined]
        waiting = waiting_alert(commitment) if commitment else None
        self.fields["alert"].initial = alert_mark(waiting) if waiting else ""
