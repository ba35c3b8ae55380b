"""The form of a new version of the service plan (R56)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sla import schedule
from sla.models import Agreement
from sla.terms import TELL, Terms, read_at
from workflow.decisions import Text
from workflow.forms import CardAwareForm, RequiredText

SLOTS = 4
KINDS: dict[str, Text] = {
    schedule.FIX: _("Fix"),
    schedule.PLAN: _("Contingency plan"),
    schedule.REPORT: _("Fault report"),
}
FIXED: dict[str, tuple[str, ...]] = {
    schedule.FIX: (schedule.BREACH,),
    schedule.PLAN: (schedule.DUTY_OPENED, schedule.BREACH),
    schedule.REPORT: (schedule.BREACH,),
}


class MomentField(forms.CharField):
    """``50%`` of the time, or ``60m`` before the end."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"size": 8, "placeholder": "50% / 60m"})
        super().__init__(required=False, max_length=12, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """In one spelling."""
        text = str(super().clean(value))
        if not text:
            return ""
        try:
            return read_at(text)
        except ValueError:
            raise forms.ValidationError(
                _("A share such as 50%, or minutes before the end such as 60m.")
            ) from None


class AgreementForm(CardAwareForm):
    """All parameters; begins with those of the version in force."""

    effective_on = forms.DateField(
        label=_("Effective from"),
        help_text=_("From 00:00 Beijing time of this day, in the future."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    fix_hours = forms.IntegerField(label=_("Fix within, hours"), min_value=1, max_value=240)
    plan_hours = forms.IntegerField(
        label=_("Contingency plan within, hours"), min_value=1, max_value=240
    )
    plan_clock_origin = forms.ChoiceField(
        label=_("The plan's hours count"), choices=Agreement.PlanOrigin.choices,
        help_text=_("The plan's sentence can be read both ways; from T0 is the stricter one."),
    )  # fmt: skip
    report_hours = forms.IntegerField(
        label=_("Fault report within, hours"), min_value=1, max_value=240
    )
    alert_repeat_minutes = forms.IntegerField(
        label=_("Repeat unacknowledged S1 alerts every, minutes"), min_value=1, max_value=240
    )
    report_for_s2 = forms.BooleanField(label=_("S2 needs a fault report, too"), required=False)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120,
        help_text=_("The contract, amendment or minutes this follows."),
    )  # fmt: skip
    reason = RequiredText(label=_("Reason for the change"))

    def __init__(self, *args: Any, begin: Agreement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begin = begin or Agreement()
        for name in ("fix_hours", "plan_hours", "plan_clock_origin", "report_hours",
                     "alert_repeat_minutes", "report_for_s2"):  # fmt: skip
            self.fields[name].initial = getattr(begin, name)
        for kind in KINDS:
            self._add_milestones(kind, begin.warnings[kind])

    def _add_milestones(self, kind: str, known: list[dict[str, Any]]) -> None:
        free = [row for row in known if row["at"] not in FIXED[kind]]
        told = {row["at"]: row["tell"] for row in known}
        choices = list(TELL.items())
        for number in range(1, SLOTS + 1):
            row = free[number - 1] if number <= len(free) else {}
            self.fields[f"{kind}_at_{number}"] = MomentField(
                label=_("Milestone %(number)d") % {"number": number}, initial=row.get("at", "")
            )
            self.fields[f"{kind}_tell_{number}"] = forms.TypedChoiceField(
                label=_("Told to"), choices=choices, coerce=int, required=False,
                initial=row.get("tell", schedule.SUPERVISORS),
            )  # fmt: skip
        for at in FIXED[kind]:
            self.fields[f"{kind}_tell_{at}"] = forms.TypedChoiceField(
                label=_("Told to"), choices=choices, coerce=int, initial=told.get(at),
            )  # fmt: skip

    def milestone_tables(self) -> list[dict[str, Any]]:
        """For the template: one table for each clock, a row for each milestone."""
        return [
            {
                "kind": kind,
                "label": label,
                "rows": [
                    {"at": self[f"{kind}_at_{number}"], "tell": self[f"{kind}_tell_{number}"]}
                    for number in range(1, SLOTS + 1)
                ],
                "fixed": [{"at": at, "tell": self[f"{kind}_tell_{at}"]} for at in FIXED[kind]],
                "errors": self.errors.get(f"{kind}_warnings", []) if self.is_bound else [],
            }
            for kind, label in KINDS.items()
        ]

    def plain_fields(self) -> list[Any]:
        """The fields outside those tables."""
        return [self[name] for name in self._own_fields()]

    def _own_fields(self) -> list[str]:
        return [name for name in self.base_fields if name != "not_a_card"]

    def terms(self) -> Terms:
        """What was typed, as the service takes it."""
        given = {name: self.cleaned_data[name] for name in self._own_fields()}
        day = given.pop("effective_on")
        midnight = datetime.combine(day, time(), timezone.get_default_timezone())
        return Terms(effective_from=midnight, warnings=self._warnings(), **given)

    def _warnings(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for kind in KINDS:
            free = [
                {
                    "at": self.cleaned_data[f"{kind}_at_{number}"],
                    "tell": self.cleaned_data[f"{kind}_tell_{number}"] or schedule.SUPERVISORS,
                }
                for number in range(1, SLOTS + 1)
                if self.cleaned_data[f"{kind}_at_{number}"]
            ]
            fixed = {at: {"at": at, "tell": self.cleaned_data[f"{kind}_tell_{at}"]}
                     for at in FIXED[kind]}  # fmt: skip
            opening = [fixed[at] for at in FIXED[kind] if at == schedule.DUTY_OPENED]
            found[kind] = [*opening, *free, fixed[schedule.BREACH]]
        return found

    def refuse(self, wrong: dict[str, Text]) -> None:
        """Put a refusal of the service beside its field; milestones have their table."""
        names = {"effective_from": "effective_on"}
        for name, message in wrong.items():
            field = names.get(name, name)
            if field in self.fields:
                self.add_error(field, str(message))
            else:
                self.errors.setdefault(field, self.error_class()).append(str(message))


class TargetsForm(forms.Form):
    """Internal targets in working hours: a step a row, an urgency a column; empty: not agreed."""

    known = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, cells: dict[str, Any], known: str, steps: Any, levels: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].initial = known
        self._steps, self._levels = steps, levels
        for step, step_label in steps:
            for level, level_label in levels:
                name = f"{step}_{level}"
                self.fields[name] = forms.DecimalField(
                    label=f"{step_label} · {level_label}", required=False, max_digits=5,
                    decimal_places=2, min_value=0.1, max_value=800, initial=cells.get(name),
                    widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
                )  # fmt: skip

    def table(self) -> list[dict[str, Any]]:
        """Rows of cells for the template."""
        return [
            {
                "label": label,
                "cells": [(self[f"{step}_{level}"], name) for level, name in self._levels],
            }
            for step, label in self._steps
        ]
