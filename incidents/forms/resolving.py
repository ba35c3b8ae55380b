"""Input of the resolution and of its confirmation (E13–E15)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents import fault_types
from incidents.forms.fields import NOW_IF_EMPTY, Instant, rows
from incidents.models import Incident
from workflow.forms import ActionForm, RequiredText


class ResolveForm(ActionForm):
    """E13, with the recovery facts of R19 prefilled for the usual case: nothing was lost."""

    method = RequiredText(label=_("Resolution method"), widget=rows(3))
    fault_type = forms.ChoiceField(label=_("Fault type (preliminary)"))
    resolved_at = Instant(label=_("Resolved at"), required=False, help_text=NOW_IF_EMPTY)
    backdate_reason = forms.CharField(
        label=_("Why it is entered late"),
        required=False,
        max_length=500,
        help_text=_("Needed when it was resolved more than 30 minutes ago."),
    )
    fix_started_at = Instant(
        label=_("Work on data or system began at"),
        required=False,
        help_text=_("Data must have been protected before."),
    )
    recovery_result = forms.ChoiceField(
        label=_("Recovery result"), choices=Incident.RecoveryResult.choices, initial="full"
    )
    fault_point_at = Instant(label=_("Fault point"))
    restored_to_at = Instant(label=_("Restored to the state of"))
    data_gap_minutes = forms.IntegerField(
        label=_("Data gap, minutes"), min_value=0, max_value=100_000, initial=0
    )
    data_gap = forms.CharField(
        label=_("Data gap: transactions and re-entry"),
        required=False,
        max_length=2000,
        widget=rows(2),
    )

    def prepare(self) -> None:
        """The fault point is when it happened, as far as is known."""
        incident = self.record
        assert isinstance(incident, Incident)
        self.fields["fault_type"].choices = fault_types.choices()  # type: ignore[attr-defined]
        point = incident.occurred_at or incident.first_contact_at
        self.initial.setdefault("fault_point_at", point)
        self.initial.setdefault("restored_to_at", point)


class ConfirmForm(ActionForm):
    """E14."""

    recovery_result = forms.ChoiceField(
        label=_("Recovery result"), choices=Incident.RecoveryResult.choices
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=2000, widget=rows(2))

    def prepare(self) -> None:
        """Start from what the resolver said."""
        self.initial.setdefault("recovery_result", getattr(self.record, "recovery_result", ""))


class RejectRecoveryForm(ActionForm):
    """E15."""

    what_fails = RequiredText(label=_("What still fails"), widget=rows(3))
