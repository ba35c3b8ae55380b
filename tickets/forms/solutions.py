"""Forms of a solution on its way: plan, signature, implementation (R42–R48)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from operations.models import ChangeRecord
from tickets import current
from tickets.forms.controls import (
    DefectForm,
    MomentField,
    PersonField,
    SignedForm,
    fill_people,
)
from tickets.models import Defect
from tickets.services.inputs import CHANGE_KINDS, ChangeInput, SolutionInput
from workflow.files.controls import FilesField
from workflow.forms import RequiredText
from workflow.texts import validate_required_text as _must_say

PLAN = (
    "cause_class", "module", "cause", "measures", "impact", "risk", "rollback_plan", "testing",
    "planned_at", "planned_implementer", "change_kinds",
)  # fmt: skip


class PlanForm(DefectForm):
    """A complete solution version, sent for signature (D11)."""

    confirmed = forms.BooleanField(label=_("The defect is confirmed"))
    solvable = forms.BooleanField(label=_("It can be solved"))
    cause_class = forms.ChoiceField(
        label=_("Root-cause class"), choices=[("", _("Choose…")), *Defect.CauseClass.choices]
    )
    module = forms.CharField(label=_("Module concerned"), max_length=80)
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
        """Start from the own draft, else from the version that was sent back or recalled."""
        fill_people(self)
        self.fields["module"].initial = self.record.module
        latest = current.latest_solution(self.record)
        draft = current.plan_draft(self.record)
        if draft and draft.author_id == self.actor.pk:
            for name, value in draft.content.items():
                self.fields[name].initial = _as_initial(name, value)
        elif latest:
            for name in PLAN:
                self.fields[name].initial = getattr(latest, name)

    def service_arguments(self) -> dict[str, Any]:
        """``plan`` and the rest."""
        data = dict(self.cleaned_data)
        return {"plan": SolutionInput(**{name: data.pop(name) for name in PLAN}), **data}


def _as_initial(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name == "planned_at" else value


class PlanDraftForm(PlanForm):
    """What there is of a plan so far; nothing is required (D11)."""

    confirmed = None  # type: ignore[assignment]
    solvable = None  # type: ignore[assignment]
    files = None  # type: ignore[assignment]

    def prepare(self) -> None:
        """Every part may still be empty."""
        for name in PLAN:
            field = self.fields[name]
            field.required = False
            field.validators = [check for check in field.validators if check != _must_say]
        super().prepare()

    def service_arguments(self) -> dict[str, Any]:
        """``content`` as JSON."""
        content = {name: _plain(self.cleaned_data.get(name)) for name in PLAN}
        return {"version": self.cleaned_data.get("version"), "content": content}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.pk if isinstance(value, User) else value


class ApproveForm(SignedForm):
    """The signature (D14): the hash that was shown, and the password once more."""

    solution_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    field_order = ("version", "solution_hash", "opinion", "password")

    def prepare(self) -> None:
        """The hash of the version on the page."""
        latest = current.latest_solution(self.record)
        self.fields["solution_hash"].initial = latest.content_hash if latest else ""


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
