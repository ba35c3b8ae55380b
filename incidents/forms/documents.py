"""Input of contingency plan, recovery document and fault report (E11, E12, R18, E16)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents import drafting, fault_types
from incidents.forms.fields import Instant, LossText, from_last, rows
from incidents.models import Channel, Incident
from incidents.policies import last_plan, last_report
from workflow.forms import ActionForm, RequiredText


class PlanForm(ActionForm):
    """E11: the sections of document 5.3."""

    current_status = RequiredText(label=_("Present state of the fault"), widget=rows(2))
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

    phenomenon = RequiredText(label=_("Phenomenon"), widget=rows(2))
    impact = RequiredText(label=_("Scope of impact"), widget=rows(3))
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
    outage_minutes = forms.IntegerField(
        label=_("Business interrupted, minutes"), min_value=0, max_value=1_000_000
    )
    failed_transactions = forms.IntegerField(
        label=_("Failed transactions"), min_value=0, max_value=1_000_000_000_000
    )
    loss_amount = forms.DecimalField(
        label=_("Loss of money, yuan"), min_value=0, max_digits=16, decimal_places=2
    )
    complaints = forms.IntegerField(label=_("Complaints"), min_value=0, max_value=1_000_000_000)
    data_loss = LossText(label=_("Loss of data"))
    recovery = RequiredText(label=_("Data protection and recovery"), widget=rows(4))
    measures = RequiredText(label=_("Problems shown and corrective measures"), widget=rows(3))
    plan_evaluation = RequiredText(label=_("Usability of the emergency plan"), widget=rows(2))

    def prepare(self) -> None:
        """Start from the last version, or from timeline, clocks, data protection and recovery."""
        assert isinstance(self.record, Incident)
        self.fields["fault_type"].choices = fault_types.choices()  # type: ignore[attr-defined]
        last = last_report(self.record)
        from_last(self, last)
        if last is None:
            for name, value in drafting.report(self.record).items():
                self.initial.setdefault(name, value)


class ReleaseForm(ActionForm):
    """E11, E16: the supervisor's word."""

    remark = forms.CharField(label=_("Opinion"), required=False, max_length=2000, widget=rows(2))


class AcceptForm(ReleaseForm):
    """E12: the bank accepts what it was given."""


class ReturnForm(ActionForm):
    """E12: the bank sends it back."""

    opinion = RequiredText(label=_("What must be changed"), widget=rows(3))


class DeliverForm(ActionForm):
    """E11, E16: to whom at the bank; the time is the server's."""

    delivered_to = forms.CharField(
        label=_("Received by (bank contact)"),
        max_length=120,
        help_text=_("Name and unit. The time of delivery is taken from the server."),
    )
    channel = forms.ChoiceField(
        label=_("Delivered by"),
        choices=Channel.choices,
        initial=Channel.DESK,
        required=False,
    )
    receipt = forms.CharField(
        label=_("Receipt"),
        max_length=200,
        required=False,
        help_text=_("Such as the name of the signer, or the number of the letter."),
    )

    def clean_channel(self) -> Any:
        """In the desk when nothing was chosen."""
        return self.cleaned_data["channel"] or Channel.DESK


class RecoveryForm(ActionForm):
    """R18: a version of the recovery document."""

    summary = RequiredText(
        label=_("How it was recovered"),
        widget=rows(4),
        help_text=_(
            "The rows of the timeline are taken as they stand, in the order of their times."
        ),
    )

    def is_multipart(self) -> bool:
        """Files may come with it."""
        return True

    def service_arguments(self) -> dict[str, Any]:
        """With the files, of which there may be several."""
        found = super().service_arguments()
        found["files"] = self.files.getlist("attachments") if self.files else []
        return found
