"""Input of emergency plans."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.fault_types import SCENES
from operations.models import ManagedObject
from readiness.forms.fields import day
from readiness.models import EmergencyPlan, PlanStep
from readiness.phases import Phase
from readiness.policies.plans import draft_of, effective
from readiness.sections import SECTIONS
from readiness.services.plans import PlanText
from workflow.forms import ActionForm, CardAwareForm, RequiredText

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,18}")
LONGEST_STEP = PlanStep._meta.get_field("text").max_length or 300
PER_LINE = gettext_lazy("One step a line.")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlanFields(CardAwareForm):
    """What a version says: its head, sections and steps, in Chinese and (optional) English."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    title_en = forms.CharField(label=gettext_lazy("English title"), max_length=120, required=False)
    scenario = forms.ChoiceField(label=gettext_lazy("Scenario"), choices=list(SCENES.items()))
    objects_covered = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Systems covered"),
        queryset=ManagedObject.objects.filter(retired_on__isnull=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("On incidents of these systems this plan is offered first."),
    )
    rto_minutes = forms.IntegerField(
        label=gettext_lazy("RTO, minutes"), min_value=1, max_value=100_000, required=False
    )
    rpo_minutes = forms.IntegerField(
        label=gettext_lazy("RPO, minutes"), min_value=0, max_value=100_000, required=False
    )
    changes = forms.CharField(
        label=gettext_lazy("What has changed in this version"), max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        """English steps stand beside the Chinese ones, line by line."""
        cleaned = super().clean() or {}
        for phase in Phase:
            lines = _lines(cleaned.get(f"steps_{phase.value}", ""))
            english = _lines(cleaned.get(f"steps_en_{phase.value}", ""))
            if any(len(line) > LONGEST_STEP for line in lines):
                self.add_error(f"steps_{phase.value}", _("A step has at most 300 characters."))
            if any(len(line) > LONGEST_STEP for line in english):
                self.add_error(f"steps_en_{phase.value}", _("A step has at most 300 characters."))
            if english and len(english) != len(lines):
                self.add_error(
                    f"steps_en_{phase.value}",
                    _("As many lines as in Chinese (%(count)s), or none.") % {"count": len(lines)},
                )
        return cleaned

    def text(self) -> PlanText:
        """The cleaned form as the services take it."""
        given = self.cleaned_data
        return PlanText(
            title=given["title"], title_en=given["title_en"], scenario=given["scenario"],
            objects=given["objects_covered"], rto_minutes=given["rto_minutes"],
            rpo_minutes=given["rpo_minutes"], changes=given["changes"],
            sections={code: given[f"section_{code}"] for code in SECTIONS},
            sections_en={code: given[f"section_en_{code}"] for code in SECTIONS},
            steps={
                phase.value: _pairs(given[f"steps_{phase.value}"], given[f"steps_en_{phase.value}"])
                for phase in Phase
            },
        )  # fmt: skip

    def blocks(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """(heading, fields, folded) for the page."""
        head = ["title", "title_en", "scenario", "objects_covered", "rto_minutes", "rpo_minutes",
                "changes"]  # fmt: skip
        if "number" in self.fields:
            head.insert(0, "number")
        return [
            (_("The plan"), [self[name] for name in head], False),
            (_("Sections"), [self[f"section_{code}"] for code in SECTIONS], False),
            (_("Checklist"), [self[f"steps_{phase.value}"] for phase in Phase], False),
            (
                _("English version"),
                [self[f"section_en_{code}"] for code in SECTIONS]
                + [self[f"steps_en_{phase.value}"] for phase in Phase],
                True,
            ),
        ]


def _texts() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for language in ("", "_en"):
        for code, name in SECTIONS.items():
            fields[f"section{language}_{code}"] = forms.CharField(
                label=name, required=False, max_length=10_000, widget=_area(3)
            )
        for phase in Phase:
            fields[f"steps{language}_{phase.value}"] = forms.CharField(
                label=phase.label, required=False, max_length=10_000, widget=_area(3),
                help_text=PER_LINE,
            )  # fmt: skip
    return fields


# Declared before anything inherits, so that the API's schema names every one of them.
PlanFields.declared_fields.update(_texts())


class NewPlanForm(PlanFields):
    """A plan that does not exist yet."""

    number = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Capital letters, digits and dashes, such as YA-POWER."),
    )

    def clean_number(self) -> str:
        """Capital letters, digits, dashes."""
        number = str(self.cleaned_data["number"]).strip().upper()
        if not CODE.fullmatch(number):
            raise ValidationError(_("Capital letters, digits and dashes, at least two."))
        return number


class WritePlanForm(PlanFields, ActionForm):
    """Go on with the draft, or begin the next version from the effective one."""

    def prepare(self) -> None:
        """Start from the draft, else from what is in force."""
        assert isinstance(self.record, EmergencyPlan)
        plan = self.record
        for name in ("title", "title_en", "scenario"):
            self.initial.setdefault(name, getattr(plan, name))
        self.initial.setdefault("objects_covered", list(plan.objects_covered.all()))
        latest = draft_of(plan) or effective(plan)
        if latest is None:
            return
        for name in ("rto_minutes", "rpo_minutes"):
            self.initial.setdefault(name, getattr(latest, name))
        if latest.state == "draft":
            self.initial.setdefault("changes", latest.changes)
        for code in SECTIONS:
            self.initial.setdefault(f"section_{code}", latest.sections.get(code, ""))
            self.initial.setdefault(f"section_en_{code}", latest.sections_en.get(code, ""))
        steps = list(latest.steps.all())
        for phase in Phase:
            mine = [step for step in steps if step.phase == phase]
            self.initial.setdefault(f"steps_{phase.value}", "\n".join(step.text for step in mine))
            english = "\n".join(step.text_en for step in mine).strip()
            self.initial.setdefault(f"steps_en_{phase.value}", english)

    def service_arguments(self) -> dict[str, Any]:
        """One text instead of forty fields."""
        return {"text": self.text(), "version": self.cleaned_data["version"]}


class ApprovePlanForm(ActionForm):
    """Into force, with the day of the next review."""

    next_review_on = day(
        label=gettext_lazy("Next review on"), help_text=gettext_lazy("Usually within a year.")
    )
    opinion = forms.CharField(
        label=gettext_lazy("Opinion"), required=False, max_length=2000, widget=_area(2)
    )

    def prepare(self) -> None:
        """A year from today."""
        self.initial.setdefault("next_review_on", timezone.localdate() + timedelta(days=365))


class ConfirmReviewForm(ActionForm):
    """Reviewed, nothing to change."""

    next_review_on = day(label=gettext_lazy("Next review on"))
    opinion = RequiredText(label=gettext_lazy("What was reviewed, and with whom"), widget=_area(3))

    def prepare(self) -> None:
        """A year from today."""
        self.initial.setdefault("next_review_on", timezone.localdate() + timedelta(days=365))


class OpinionForm(ActionForm):
    """Why."""

    opinion = RequiredText(label=gettext_lazy("Opinion"), widget=_area(3))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pairs(text: str, english: str) -> list[tuple[str, str]]:
    lines, translated = _lines(text), _lines(english)
    translated = translated or [""] * len(lines)
    return list(zip(lines, translated, strict=True))
