"""The submission form of a defect (document 5.6)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import PhoneField
from operations.models import ManagedObject
from tickets.forms.controls import (
    DefectForm,
    DefectNumberField,
    MomentField,
    model_choice,
)
from tickets.models import Defect
from tickets.services.defects import FORM_FIELDS
from tickets.services.inputs import DefectInput
from workflow.files.controls import FilesField
from workflow.forms import CardAwareForm, RequiredText
from workflow.texts import validate_required_text


def _long(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": rows}), **kwargs,
    )  # fmt: skip


class DefectFields(CardAwareForm):
    """What a bank user fills in, in four groups."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("The problem in one sentence.")
    )
    managed_object = forms.ModelChoiceField(
        label=_("System"), queryset=ManagedObject.objects.none(), empty_label=_("Choose…")
    )
    module = forms.CharField(
        label=_("Module or menu"), max_length=80, required=False,
        help_text=_("For example: merchant query, settlement report."),
    )  # fmt: skip
    found_at = MomentField(label=_("Found at"), required=False)
    phenomenon = RequiredText(
        label=_("What happens"),
        help_text=_("What you see on the screen, with the wording of any error. No card numbers."),
    )
    operation_steps = _long(_("Steps that lead to it"))
    expected_result = _long(_("What should happen"), rows=2)
    actual_result = _long(_("What happens instead"), rows=2)
    impact = _long(
        _("Who and how many are affected"), rows=2,
        help_text=_("Units, merchants, terminals, transactions."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=Defect.Urgency.choices, initial=Defect.Urgency.S3,
        help_text=_("If the system is down, please call the hotline at once."),
    )  # fmt: skip
    reproducible = forms.CharField(
        label=_("Can it be repeated?"), max_length=80, required=False,
        help_text=_("For example: every time, now and then, once."),
    )  # fmt: skip
    environment = forms.CharField(
        label=_("Terminal, browser, version"), max_length=120, required=False
    )
    contact_phone = PhoneField(label=_("Contact phone"))
    assigning_customer = forms.CharField(
        label=_("Assigning customer"), max_length=80, required=False,
        help_text=_("Only if a customer assigned the problem to your unit."),
    )  # fmt: skip
    files = FilesField()  # type: ignore[assignment]

    groups = (
        (_("Where"), ("title", "managed_object", "module", "found_at")),
        (_("What happened"), ("phenomenon", "operation_steps", "expected_result", "actual_result")),
        (_("How bad it is"), ("impact", "urgency", "reproducible", "environment")),
        (_("How to reach you"), ("contact_phone", "assigning_customer")),
    )

    def offer_systems(self) -> None:
        """Objects in service, retired ones left out."""
        field = model_choice(self, "managed_object")
        field.queryset = ManagedObject.objects.filter(retired_on=None)

    def allow_gaps(self) -> None:
        """A draft needs only a title, and its texts may still be short (D1)."""
        for name, field in self.fields.items():
            field.required = name == "title"
            field.widget.is_required = field.required
            field.validators = [
                each for each in field.validators if each is not validate_required_text
            ]

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The groups with their fields, for the page."""
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def defect_input(self) -> DefectInput:
        """The cleaned form as the services take it."""
        return DefectInput(
            **{name: self.cleaned_data[name] for name in FORM_FIELDS if name in self.cleaned_data}
        )


class NewDefectForm(DefectFields):
    """A form that is not a record yet; ``token`` makes a double click one ticket."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    recurrence_of = DefectNumberField(
        label=_("Recurrence of"), required=False, widget=forms.HiddenInput,
        help_text=_("Number of an earlier defect that can no longer be reopened."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        reporter: User,
        reader: User | None = None,
        draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_systems()
        self.fields["contact_phone"].initial = reporter.phone
        cast("DefectNumberField", self.fields["recurrence_of"]).reader = reader or reporter
        if draft:
            self.allow_gaps()


class SubmitForm(DefectFields, DefectForm):
    """The form of an existing draft, or of a defect that was returned (D2)."""

    def prepare(self) -> None:
        """Show what is written so far."""
        self.offer_systems()
        for name in FORM_FIELDS:
            self.fields[name].initial = getattr(self.record, name)

    def service_arguments(self) -> dict[str, Any]:
        """``form``, ``files`` and ``version``."""
        return {
            "form": self.defect_input(),
            "files": self.cleaned_data["files"],
            "version": self.cleaned_data["version"],
        }


class DraftForm(SubmitForm):
    """The same, kept for later (D1)."""

    def prepare(self) -> None:
        """Gaps are allowed."""
        super().prepare()
        self.allow_gaps()
