"""Forms of a solution on its way: plan, signature, implementation (R42–R48)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from operations.models import ChangeRecord
from tickets import current
from tickets.forms.controls import (
    DefectForm,
    FilesField,
    MomentField,
    PersonField,
    fill_people,
)
from tickets.services.inputs import CHANGE_KINDS, ChangeInput, SolutionInput
from workflow.forms import RequiredText

PLAN = (
    "cause", "measures", "impact", "risk", "rollback_plan", "testing", "planned_at",
    "planned_implementer", "change_kinds",
)  # fmt: skip


class PlanForm(DefectForm):
    """A complete solution version, sent for signature (D11)."""

    confirmed = forms.BooleanField(label=_("The defect is confirmed"))
    solvable = forms.BooleanField(label=_("It can be solved"))
    cause = RequiredText(label=_("Cause"))
    measures = RequiredText(label=_("Advice and measures"))
    impact = RequiredText(label=_("Impact"))
    risk = RequiredText(label=_("Risk"))
    rollback_plan = RequiredText(label=_("Rollback plan"))
    testing = RequiredText(label=_("Testing"))
    planned_at = MomentField(label=_("Planned for"))
    planned_implementer = PersonField(Role.IMPLEMENTER, label=_("Planned implementer"))
    change_kinds = forms.MultipleChoiceField(
        label=_("Changes needed"), choices=list(CHANGE_KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    files = FilesField()  # type: ignore[assignment]

    def prepare(self) -> None:
        """Start from the version that was sent back."""
        fill_people(self)
        latest = current.latest_solution(self.record)
        if latest is None:
            return
        for name in PLAN:
            self.fields[name].initial = getattr(latest, name)

    def service_arguments(self) -> dict[str, Any]:
        """``plan`` and the rest."""
        data = dict(self.cleaned_data)
        return {"plan": SolutionInput(**{name: data.pop(name) for name in PLAN}), **data}


class ApproveForm(DefectForm):
    """The signature (D14): the hash that was shown, and the password once more."""

    solution_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Your password, once more"), strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "data-no-draft": "true"}
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        """The hash of the version on the page."""
        latest = current.latest_solution(self.record)
        self.fields["solution_hash"].initial = latest.content_hash if latest else ""

    def clean_password(self) -> str:
        """Only the person's own password signs."""
        if not self.actor.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."), code="password")
        return ""

    def service_arguments(self) -> dict[str, Any]:
        """Everything but the password."""
        data = dict(self.cleaned_data)
        data.pop("password")
        return data


class SendBackForm(DefectForm):
    """Refused, with an opinion (D15)."""

    opinion = RequiredText(label=_("Opinion"), phrase_kind="send_back")
    phrases = (
        _("The rollback plan is not detailed enough."),
        _("The testing does not cover the change."),
        _("Please choose a time outside business hours."),
    )


class StartForm(DefectForm):
    """Implementation begins (D17)."""

    backup = forms.CharField(
        label=_("Backup before the change"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was backed up, where to, and how it was checked."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Required when programs or data are changed."""
        latest = current.latest_solution(self.record)
        if latest and current.needs_backup(latest):
            self.fields["backup"] = RequiredText(
                label=self.fields["backup"].label, help_text=self.fields["backup"].help_text
            )


class FinishForm(DefectForm):
    """Done, with the change record (D19, document 5.4)."""

    steps = RequiredText(label=_("Steps carried out"))
    result = RequiredText(label=_("Result"))
    kind = forms.ChoiceField(
        label=_("Change kind"), required=False,
        choices=[("", _("Nothing was changed")), *ChangeRecord.Kind.choices],
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("Level"), choices=ChangeRecord.Level.choices, required=False,
        initial=ChangeRecord.Level.ORDINARY,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason for the change"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    before = forms.CharField(
        label=_("Before the change"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    after = forms.CharField(
        label=_("After the change"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    no_change_reason = forms.CharField(
        label=_("If nothing was changed: why"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    files = FilesField()  # type: ignore[assignment]

    def prepare(self) -> None:
        """The reason is usually the defect itself."""
        latest = current.latest_solution(self.record)
        if latest is None:
            return
        self.fields["reason"].initial = f"{self.record.number} {self.record.title}"
        kinds = [kind for kind in latest.change_kinds if kind in ChangeRecord.Kind.values]
        self.fields["kind"].initial = kinds[0] if kinds else ""

    def service_arguments(self) -> dict[str, Any]:
        """``change`` is None when no kind was chosen."""
        data = dict(self.cleaned_data)
        change = {name: data.pop(name) for name in ("kind", "level", "reason", "before", "after")}
        change["level"] = change["level"] or ChangeRecord.Level.ORDINARY
        return {"change": ChangeInput(**change) if change["kind"] else None, **data}
