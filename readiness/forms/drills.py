"""Input of drills."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.services.drills import DEFAULT_SPEED, SPEEDS
from operations.models import ManagedObject
from readiness.models import Drill, DrillReport, EmergencyPlan, PlanVersion
from readiness.moments import key_moments
from readiness.policies.drills import last_report
from readiness.services.drills import DrillEntry
from workflow.forms import ActionForm, CardAwareForm, RequiredText


def plans_in_force() -> Any:
    """Plans that can be drilled."""
    return EmergencyPlan.objects.filter(versions__state=PlanVersion.State.EFFECTIVE).exclude(
        state=EmergencyPlan.State.RETIRED
    )


class _When(forms.DateTimeField):
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class DrillEntryForm(CardAwareForm):
    """A line of the drill calendar (document 5.3)."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("Emergency plan"), queryset=EmergencyPlan.objects.none(),
        empty_label=gettext_lazy("Please choose"),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Project"), max_length=120)
    purpose = RequiredText(label=gettext_lazy("Purpose"), widget=forms.Textarea(attrs={"rows": 2}))
    mode = forms.ChoiceField(label=gettext_lazy("Way"), choices=Drill.Mode.choices)
    planned_at = _When(label=gettext_lazy("Planned for"))
    departments = forms.CharField(label=gettext_lazy("Departments taking part"), max_length=300)
    process = forms.CharField(
        label=gettext_lazy("Course as planned"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    budget = forms.DecimalField(
        label=gettext_lazy("Budget, yuan"), required=False, min_value=0, max_digits=12,
        decimal_places=2,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans_in_force()  # type: ignore[attr-defined]

    def entry(self) -> DrillEntry:
        """The cleaned form as the service takes it."""
        return DrillEntry(**self.cleaned_data)


class _StartFields(CardAwareForm):
    """What is played, on which system, how fast."""

    managed_object = forms.ModelChoiceField(
        label=gettext_lazy("System"),
        queryset=ManagedObject.objects.filter(retired_on__isnull=True),
        empty_label=gettext_lazy("Please choose"),
    )
    scenario = RequiredText(
        label=gettext_lazy("What the on-call person is told"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hour_seconds = forms.TypedChoiceField(
        label=gettext_lazy("Speed: one contract hour lasts"),
        choices=[],
        coerce=int,
        initial=DEFAULT_SPEED,
        widget=forms.RadioSelect,
    )

    def offer(self, plan: EmergencyPlan) -> None:
        """Fill in what the plan says already, so that one button is enough."""
        self.fields["hour_seconds"].choices = [  # type: ignore[attr-defined]
            (speed, _("%(count)s s") % {"count": speed}) for speed in SPEEDS
        ]
        covered = list(plan.objects_covered.filter(retired_on__isnull=True)[:2])
        if len(covered) == 1:
            self.initial.setdefault("managed_object", covered[0])
        self.initial.setdefault(
            "scenario", _("Drill by plan %(number)s: %(name)s. Please handle it by the plan.")
            % {"number": plan.number, "name": plan.name},
        )  # fmt: skip


class StartNowForm(_StartFields):
    """Start a drill from a plan."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)


class StartForm(_StartFields, ActionForm):
    """Hold a planned drill now."""

    def prepare(self) -> None:
        """From its plan."""
        assert isinstance(self.record, Drill)
        self.offer(self.record.plan)


class HeldForm(ActionForm):
    """Held at a table or on site."""

    held_at = _When(label=gettext_lazy("Held at"))


class ReportForm(ActionForm):
    """The summary (document 5.3)."""

    def prepare(self) -> None:
        """Start from the last version, else from the calendar and the timeline."""
        assert isinstance(self.record, Drill)
        if last := last_report(self.record):
            for name in DrillReport.PARTS:
                self.initial.setdefault(name, getattr(last, name))
            return
        self.initial.setdefault("content", self.record.purpose)
        self.initial.setdefault("overall_plan", self.record.process)
        self.initial.setdefault("participants", self.record.departments)
        if self.record.incident:
            self.initial.setdefault("course", "\n".join(key_moments(self.record.incident)))


def _part(name: str) -> RequiredText:
    label = DrillReport._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    rows = 8 if name == "course" else 3
    return RequiredText(label=label, widget=forms.Textarea(attrs={"rows": rows}))


ReportForm.declared_fields.update({name: _part(name) for name in DrillReport.PARTS})


class OpinionForm(ActionForm):
    """A supervisor's word."""

    opinion = forms.CharField(
        label=gettext_lazy("Opinion"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
