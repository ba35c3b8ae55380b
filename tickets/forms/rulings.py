"""Forms of proposals, rulings and decisions (D8, D12, D16, D18, D26–D28, R47)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.phones import PhoneField
from tickets import current
from tickets.forms.acts import OpinionForm
from tickets.forms.controls import (
    DefectForm,
    MomentField,
    PersonField,
    SignedForm,
    fill_people,
)
from tickets.models import Defect, SuperiorDecision
from tickets.services.routes import ROUTE_ROLE
from workflow.files.controls import FilesField
from workflow.forms import RequiredText


class RemarkForm(DefectForm):
    """An opinion, if there is one."""

    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("If you have one."),
    )  # fmt: skip


class ReclassifyForm(OpinionForm):
    """Why the other side should take it (D8)."""

    opinion = RequiredText(label=_("Why it belongs to the other side"))


class AgreeToReclassifyForm(RemarkForm):
    """Who takes it on the other side (D8)."""

    assignee = PersonField(label=_("Assignee"))
    field_order = ("assignee", "opinion")

    def prepare(self) -> None:
        """People of the side to which it goes."""
        proposal = current.pending_reclassification(self.record)
        if proposal:
            role = ROUTE_ROLE[Defect.State(proposal.to_route)]
            cast("PersonField", self.fields["assignee"]).roles = (role.value,)
        fill_people(self)


class UnsolvableForm(DefectForm):
    """Confirmed, but not to be solved here: why, and what else (D12, R41)."""

    cause_class = forms.ChoiceField(
        label=_("Root-cause class"), choices=[("", _("Choose…")), *Defect.CauseClass.choices]
    )
    module = forms.CharField(label=_("Module concerned"), max_length=80)
    cause = RequiredText(label=_("Cause"))
    why = RequiredText(label=_("Why it cannot be solved"))
    alternatives = RequiredText(
        label=_("Alternatives"), help_text=_("What was considered, and what it would take.")
    )
    workaround = RequiredText(
        label=_("Workaround"), help_text=_("How the business can go on for the present.")
    )

    def prepare(self) -> None:
        """What is known already."""
        self.fields["module"].initial = self.record.module
        self.fields["cause_class"].initial = self.record.cause_class


class CosignForm(SignedForm, RemarkForm):
    """The co-signature, with the password (D12)."""


class ChangePlanForm(OpinionForm):
    """Why the plan changes, and in which state things are (D18)."""

    opinion = RequiredText(
        label=_("Why the plan changes"),
        help_text=_("What has been done so far, and in which state the system is now."),
    )


class DecideForm(DefectForm):
    """The superior department's decision (D27)."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=SuperiorDecision.Decision.choices, widget=forms.RadioSelect
    )
    opinion = RequiredText(label=_("Opinion"))
    vendor = forms.CharField(
        label=_("Vendor"), max_length=80, required=False,
        help_text=_("Only when it is handed over to the vendor."),
    )  # fmt: skip
    review_at = MomentField(
        label=_("Review on"),
        required=False,
        help_text=_("Only when it is deferred: then it is taken up again by itself."),
    )


class ReleaseForm(SignedForm):
    """Implementation on somebody's word (D26)."""

    authoriser_name = forms.CharField(label=_("Authorised by"), max_length=40)
    authoriser_phone = PhoneField(label=_("Phone of the authoriser"))
    authorised_at = MomentField(label=_("Authorised at"))
    reason = RequiredText(label=_("Why it cannot wait"))
    solution_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = (
        "version",
        "authoriser_name",
        "authoriser_phone",
        "authorised_at",
        "reason",
        "password",
    )

    def prepare(self) -> None:
        """Now, unless said otherwise; the version on the page."""
        self.fields["authorised_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        latest = current.latest_solution(self.record)
        self.fields["solution_hash"].initial = latest.content_hash if latest else ""


class SignAfterwardsForm(SignedForm, RemarkForm):
    """The written signature on what was released (D26)."""

    solution_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def prepare(self) -> None:
        """The version that was released."""
        release = current.unsigned_emergency(self.record)
        self.fields["solution_hash"].initial = release.solution_hash if release else ""


class OffSystemForm(RemarkForm):
    """Who acknowledged the report outside the desk, when, and the proof of it (R47)."""

    name = forms.CharField(label=_("Acknowledged by"), max_length=40)
    acknowledged_on = forms.DateField(
        label=_("Acknowledged on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    files = FilesField(label=_("Evidence"), required=True)  # type: ignore[assignment]
    field_order = ("version", "name", "acknowledged_on", "files", "opinion")
