"""Input of the acts on an incident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.phones import PhoneField
from accounts.roles import Role
from incidents import fault_types
from incidents.models import Incident
from incidents.policies import FIXERS, last_plan, last_report
from incidents.services.drills import DEFAULT_SPEED, SPEEDS
from operations.models import ManagedObject
from workflow.forms import ActionForm, CardAwareForm, RequiredText
from workflow.texts import is_placeholder, validate_required_text, visible

# The severity of the service plan, word for word (R20).
SYSTEM_DOWN_TEXT = _("System down: the business system cannot run")
NOW_IF_EMPTY = _("Leave empty for now.")


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class Instant(forms.DateTimeField):
    """A point of time, to the second, on the product's wall clock."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
            ),
        )
        super().__init__(**kwargs)


class LossText(forms.CharField):
    """The loss: a required text, in which "no loss" is an answer when it is said in words (R25)."""

    NO_LOSS = frozenset({"无损失", "没有损失", "未造成损失", "无任何损失", "noloss"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_rows(3), max_length=10_000, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse 无 and other placeholders, take 无损失."""
        super().validate(value)
        said = visible(str(value)).lower().removesuffix("。").removesuffix(".")
        if value and said not in self.NO_LOSS:
            validate_required_text(str(value))


def _system_field() -> forms.ModelChoiceField[ManagedObject]:
    return forms.ModelChoiceField(
        label=_("System"),
        queryset=ManagedObject.objects.filter(retired_on__isnull=True),
        empty_label=_("Please choose"),
    )


class DeclareS1Form(ActionForm):
    """E3: the system, the impact, and the sentence of the service plan."""

    system_down = forms.BooleanField(label=SYSTEM_DOWN_TEXT)
    managed_object = _system_field()
    business_impact = RequiredText(label=_("Business impact"), widget=_rows(3))

    def prepare(self) -> None:
        """Start from the system that was reported."""
        self.initial.setdefault("managed_object", getattr(self.record, "managed_object_id", None))
        self.order_fields(["system_down", "managed_object", "business_impact"])


class DeclareLowerForm(ActionForm):
    """E4."""

    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[row for row in Incident.Severity.choices if row[0] != "S1"],
        widget=forms.RadioSelect,
    )
    assessment = RequiredText(label=_("Why it is not system down"), widget=_rows(3))


class DismissForm(ActionForm):
    """E5."""

    evidence = RequiredText(label=_("Evidence that it was a false alarm"), widget=_rows(3))


class NoteForm(ActionForm):
    """E8: one row of the recovery document."""

    text = forms.CharField(label=_("What was done or seen"), max_length=2000)
    result = forms.CharField(label=_("Result"), max_length=2000, required=False)
    happened_at = Instant(label=_("Time"), required=False, help_text=NOW_IF_EMPTY)

    def clean_text(self) -> str:
        """Short is fine, nothing is not."""
        text: str = self.cleaned_data["text"]
        if is_placeholder(text):
            raise ValidationError(_("Please say what was done or seen."))
        return text


class ProtectDataForm(ActionForm):
    """E8, R17."""

    scope = RequiredText(label=_("What was protected"), widget=_rows(2))
    method = forms.CharField(label=_("Method"), max_length=200)
    location = forms.CharField(label=_("Where it is kept"), max_length=200)
    protected_at = Instant(label=_("Protected at"), required=False, help_text=NOW_IF_EMPTY)
    verified_by = forms.ModelChoiceField(
        label=_("Verified by"),
        queryset=User.objects.none(),
        help_text=_("Not the person who made the backup."),
    )

    def prepare(self) -> None:
        """Anybody on the desk's technical side but the operator."""
        people = User.objects.holding(*FIXERS, Role.SUPPORT, Role.SUPERVISOR)
        self.fields["verified_by"].queryset = people.exclude(  # type: ignore[attr-defined]
            staff_no=self.actor.staff_no
        )


class WaiveProtectionForm(ActionForm):
    """E8, R17: the signed exception."""

    exempt_reason = RequiredText(label=_("Why data need not be protected first"), widget=_rows(3))
    operator = forms.ModelChoiceField(label=_("For whom"), queryset=User.objects.none())

    def prepare(self) -> None:
        """Those who may fix, but not the signer."""
        self.fields["operator"].queryset = User.objects.holding(  # type: ignore[attr-defined]
            *FIXERS
        ).exclude(staff_no=self.actor.staff_no)
        self.initial.setdefault("operator", getattr(self.record, "holder_id", None))


class MitigateForm(ActionForm):
    """E9."""

    method = RequiredText(label=_("How business keeps running"), widget=_rows(3))
    limits = RequiredText(label=_("Limits of the workaround"), widget=_rows(2))
    mitigated_at = Instant(
        label=_("Business runs again since"), required=False, help_text=NOW_IF_EMPTY
    )
    confirmed_by = forms.ModelChoiceField(
        label=_("Confirmed by (business staff)"), queryset=User.objects.none()
    )

    def prepare(self) -> None:
        """Business staff other than the actor."""
        self.fields["confirmed_by"].queryset = User.objects.holding(  # type: ignore[attr-defined]
            Role.BIZ
        ).exclude(staff_no=self.actor.staff_no)


class LoseMitigationForm(ActionForm):
    """E10."""

    what_failed = RequiredText(label=_("What no longer works"), widget=_rows(3))
    lost_at = Instant(label=_("Since when"), required=False, help_text=NOW_IF_EMPTY)


class ResolveForm(ActionForm):
    """E13, with the recovery facts of R19 prefilled for the usual case: nothing was lost."""

    method = RequiredText(label=_("Resolution method"), widget=_rows(3))
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
        widget=_rows(2),
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
    remark = forms.CharField(label=_("Remark"), required=False, max_length=2000, widget=_rows(2))

    def prepare(self) -> None:
        """Start from what the resolver said."""
        self.initial.setdefault("recovery_result", getattr(self.record, "recovery_result", ""))


class RejectRecoveryForm(ActionForm):
    """E15."""

    what_fails = RequiredText(label=_("What still fails"), widget=_rows(3))


class PlanForm(ActionForm):
    """E11: the sections of document 5.3."""

    difficulty = RequiredText(label=_("What makes the repair difficult"), widget=_rows(2))
    business_impact = RequiredText(label=_("Business impact"), widget=_rows(2))
    interim_operation = RequiredText(
        label=_("Interim operation"),
        widget=_rows(3),
        help_text=_("Switch over, reduce, by hand or offline: how business keeps running."),
    )
    resources = RequiredText(label=_("Preconditions and resources"), widget=_rows(2))
    steps = RequiredText(
        label=_("Steps"), widget=_rows(4), help_text=_("Who, when, what, and the way back.")
    )
    data_consistency = RequiredText(label=_("Data consistency and re-entry"), widget=_rows(2))
    risk = RequiredText(label=_("Risk"), widget=_rows(2))
    notify = RequiredText(label=_("Who is told"), widget=_rows(2))
    expected_recovery_at = Instant(label=_("Expected recovery"))
    stop_condition = RequiredText(label=_("When the plan ends"), widget=_rows(2))

    def prepare(self) -> None:
        """Start from the last version, or from what the incident says already."""
        assert isinstance(self.record, Incident)
        _from_last(self, last_plan(self.record))
        self.initial.setdefault("business_impact", self.record.business_impact)
        self.initial.setdefault("interim_operation", self.record.mitigation_method)


class ReportForm(ActionForm):
    """E16: the four things of R25, and what else document 5.2 asks for."""

    fault_type = forms.ChoiceField(label=_("Fault type"))
    direct_cause = RequiredText(label=_("Direct cause"), widget=_rows(3))
    root_cause = RequiredText(label=_("Root cause"), widget=_rows(3))
    method = RequiredText(label=_("Methods used to resolve"), widget=_rows(3))
    loss = LossText(
        label=_("Loss"),
        help_text=_(
            "Duration, transactions, amount, customers, data. If nothing was lost, say so in words."
        ),
    )
    impact = forms.CharField(
        label=_("Scope of impact"), required=False, max_length=10_000, widget=_rows(2)
    )
    measures = forms.CharField(
        label=_("Problems shown and corrective measures"),
        required=False,
        max_length=10_000,
        widget=_rows(3),
    )

    def prepare(self) -> None:
        """Start from the last version, or from what the resolution says already."""
        assert isinstance(self.record, Incident)
        self.fields["fault_type"].choices = fault_types.choices()  # type: ignore[attr-defined]
        _from_last(self, last_report(self.record))
        self.initial.setdefault("fault_type", self.record.fault_type)
        self.initial.setdefault("method", self.record.resolution_method)
        self.initial.setdefault("impact", self.record.business_impact)


class ReleaseForm(ActionForm):
    """E11, E16: the supervisor's word."""

    remark = forms.CharField(label=_("Opinion"), required=False, max_length=2000, widget=_rows(2))


class DeliverForm(ActionForm):
    """E11, E16: to whom at the bank; the time is the server's."""

    delivered_to = forms.CharField(
        label=_("Received by (bank contact)"),
        max_length=120,
        help_text=_("Name and unit. The time of delivery is taken from the server."),
    )


class NewIncidentForm(CardAwareForm):
    """E1, by the desk or a monitor."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    managed_object = _system_field()
    phenomenon = forms.CharField(label=_("Phenomenon"), max_length=10_000, widget=_rows(4))
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
    managed_object = _system_field()
    scenario = RequiredText(
        label=_("Scenario"),
        widget=_rows(4),
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


def _from_last(form: ActionForm, document: Any) -> None:
    if document is not None:
        for name in form.fields:
            if hasattr(document, name):
                form.initial.setdefault(name, getattr(document, name))
