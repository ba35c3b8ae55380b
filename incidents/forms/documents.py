"""Input of contingency plan and fault report (E11, E16)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents import fault_types
from incidents.forms.fields import Instant, LossText, from_last, rows
from incidents.models import Incident
from incidents.policies import last_plan, last_report
from workflow.forms import ActionForm, RequiredText


class PlanForm(ActionForm):
    """E11: the sections of document 5.3."""

    difficulty = RequiredText(label=_("What makes the repair difficult"), widget=rows(2))
    business_impact = RequiredText(label=_("Business impact"), widget=rows(2))
    interim_operation = RequiredText(
        label=_("Interim operation"),
        widget=rows(3),
        help_text=_("Switch over, reduce, by hand or offline: how business keeps running."),
    )
    resources = RequiredText(label=_("Preconditions and resources"), widget=rows(2))
    steps = RequiredText(
        label=_("Steps"), widget=rows(4), help_text=_("Who, when, what, and the way back.")
    )
    data_consistency = RequiredText(label=_("Data consistency and re-entry"), widget=rows(2))
    risk = RequiredText(label=_("Risk"), widget=rows(2))
    notify = RequiredText(label=_("Who is told"), widget=rows(2))
    expected_recovery_at = Instant(label=_("Expected recovery"))
    stop_condition = RequiredText(label=_("When the plan ends"), widget=rows(2))

    def prepare(self) -> None:
        """Start from the last version, or from what the incident says already."""
        assert isinstance(self.record, Incident)
        from_last(self, last_plan(self.record))
        self.initial.setdefault("business_impact", self.record.business_impact)
        self.initial.setdefault("interim_operation", self.record.mitigation_method)


class ReportForm(ActionForm):
    """E16: the four things of R25, and what else document 5.2 asks for."""

    fault_type = forms.ChoiceField(label=_("Fault type"))
    direct_cause = RequiredText(label=_("Direct cause"), widget=rows(3))
    root_cause = RequiredText(label=_("Root cause"), widget=rows(3))
    method = RequiredText(label=_("Methods used to resolve"), widget=rows(3))
    loss = LossText(
        label=_("Loss"),
        help_text=_(
            "Duration, transactions, amount, customers, data. If nothing was lost, say so in words."
        ),
    )
    impact = forms.CharField(
        label=_("Scope of impact"), required=False, max_length=10_000, widget=rows(2)
    )
    measures = forms.CharField(
        label=_("Problems shown and corrective measures"),
        required=False,
        max_length=10_000,
        widget=rows(3),
    )

    def prepare(self) -> None:
        """Start from the last version, or from what the resolution says already."""
        assert isinstance(self.record, Incident)
        self.fields["fault_type"].choices = fault_types.choices()  # type: ignore[attr-defined]
        from_last(self, last_report(self.record))
        self.initial.setdefault("fault_type", self.record.fault_type)
        self.initial.setdefault("method", self.record.resolution_method)
        self.initial.setdefault("impact", self.record.business_impact)


class ReleaseForm(ActionForm):
    """E11, E16: the supervisor's word."""

    remark = forms.CharField(label=_("Opinion"), required=False, max_length=2000, widget=rows(2))


class DeliverForm(ActionForm):
    """E11, E16: to whom at the bank; the time is the server's."""

    delivered_to = forms.CharField(
        label=_("Received by (bank contact)"),
        max_length=120,
        help_text=_("Name and unit. The time of delivery is taken from the server."),
    )
