"""Input of the risk register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import DESK_ROLES
from incidents.fault_types import SCENES
from operations.models import ManagedObject
from readiness.forms.drills import plans_in_force
from readiness.forms.fields import day
from readiness.models import EmergencyPlan, Risk, RiskMeasure
from readiness.models.risks import SCALE
from readiness.services.risks import FIELDS, Assessment
from workflow.forms import ActionForm, CardAwareForm, RequiredText


def _grade(**kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=SCALE, coerce=int, **kwargs)


class AssessmentFields(CardAwareForm):
    """What may happen, how likely, how bad; the level is computed (R53)."""

    title = forms.CharField(label=gettext_lazy("Risk"), max_length=120)
    scenario = forms.ChoiceField(label=gettext_lazy("Scenario"), choices=list(SCENES.items()))
    managed_object = forms.ModelChoiceField(
        label=gettext_lazy("System"), required=False,
        queryset=ManagedObject.objects.filter(retired_on__isnull=True),
    )  # fmt: skip
    cause = RequiredText(label=gettext_lazy("Cause"), widget=forms.Textarea(attrs={"rows": 2}))
    consequence = RequiredText(
        label=gettext_lazy("Consequence"), widget=forms.Textarea(attrs={"rows": 2})
    )
    likelihood = _grade(
        label=gettext_lazy("Likelihood"), help_text=gettext_lazy("1 rare … 5 almost certain")
    )
    impact = _grade(
        label=gettext_lazy("Impact"), help_text=gettext_lazy("1 negligible … 5 business stands")
    )
    residual_likelihood = _grade(
        label=gettext_lazy("Residual likelihood"),
        help_text=gettext_lazy("With all measures in place."),
    )
    residual_impact = _grade(label=gettext_lazy("Residual impact"))
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=User.objects.none())
    plan = forms.ModelChoiceField(
        label=gettext_lazy("Emergency plan"), required=False,
        queryset=EmergencyPlan.objects.none(),
        help_text=gettext_lazy("A high risk needs one."),
    )  # fmt: skip
    review_on = day(label=gettext_lazy("Next review on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = desk_people()  # type: ignore[attr-defined]
        self.fields["plan"].queryset = plans_in_force()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Measures never make it worse."""
        cleaned = super().clean() or {}
        for name in ("likelihood", "impact"):
            before, after = cleaned.get(name), cleaned.get(f"residual_{name}")
            if before and after and after > before:
                self.add_error(f"residual_{name}", _("Not above the grade before the measures."))
        return cleaned

    def assessment(self) -> Assessment:
        """The cleaned form as the services take it."""
        return Assessment(**{name: self.cleaned_data[name] for name in FIELDS})


class AssessForm(AssessmentFields, ActionForm):
    """Assess it anew."""

    def prepare(self) -> None:
        """From what stands in the register."""
        for name in FIELDS:
            self.initial.setdefault(name, getattr(self.record, name))

    def service_arguments(self) -> dict[str, Any]:
        """One assessment."""
        return {"assessment": self.assessment(), "version": self.cleaned_data["version"]}


class MeasureForm(ActionForm):
    """A preventive or corrective measure (R54)."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RiskMeasure.Kind.choices)
    text = RequiredText(label=gettext_lazy("Measure"), widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=User.objects.none())
    due_on = day(label=gettext_lazy("Due on"))

    def prepare(self) -> None:
        """Somebody of the desk; the risk's owner by default."""
        self.fields["owner"].queryset = desk_people()  # type: ignore[attr-defined]
        self.initial.setdefault("owner", getattr(self.record, "owner", None))


class FinishMeasureForm(ActionForm):
    """What was done."""

    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure"), queryset=RiskMeasure.objects.none(), empty_label=None
    )
    result = RequiredText(
        label=gettext_lazy("Result"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        """The open ones of this risk."""
        assert isinstance(self.record, Risk)
        self.fields["measure"].queryset = self.record.measures.filter(  # type: ignore[attr-defined]
            done_on=None
        )


def desk_people() -> Any:
    """Who can own a risk or a measure."""
    return User.objects.holding(*DESK_ROLES)
