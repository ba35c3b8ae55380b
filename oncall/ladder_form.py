"""The form of a ladder: eight rows, of which those with a target count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES
from oncall import ladder
from oncall.forms import VersionForm
from oncall.ladder_page import CHANNEL_LABELS, TARGET_NAMES


class StepForm(forms.Form):
    """One rung."""

    target = forms.ChoiceField(
        label=_("Calls"), required=False, choices=[("", _("— no step —")), *TARGET_NAMES.items()]
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Named person"), required=False, empty_label="—"
    )
    wait_seconds = forms.IntegerField(
        label=_("Next step after (seconds)"),
        required=False,
        min_value=1,
        max_value=ladder.LONGEST_WAIT,
    )
    extra = forms.MultipleChoiceField(
        label=_("Besides the call"),
        required=False,
        choices=[(code, CHANNEL_LABELS[code]) for code in ladder.CHANNELS if code != "voice"],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, given in self.fields.items():
            # The column's head names it for the eye; the widget says which step it belongs to.
            number = str(self.prefix or "").rpartition("-")[2]
            if name != "extra" and number.isdecimal():
                given.widget.attrs["aria-label"] = gettext("Step %(number)s: %(field)s") % {
                    "number": int(number) + 1, "field": given.label,
                }  # fmt: skip
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = User.objects.holding(*DESK_ROLES).exclude(phone="")

    def clean(self) -> dict[str, Any]:
        """A step says how long it waits, and names a person exactly when it calls one."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("target"):
            return given
        if not given.get("wait_seconds") and "wait_seconds" not in self.errors:
            self.add_error("wait_seconds", _("Please say how long this step waits."))
        if given["target"] == ladder.PERSON and not given.get("person"):
            self.add_error("person", _("Please choose the person."))
        return given

    @property
    def step(self) -> ladder.Step | None:
        """The rung, when this row is one."""
        given = self.cleaned_data
        if not given.get("target"):
            return None
        named = given["person"] if given["target"] == ladder.PERSON else None
        channels = ("voice", *given["extra"])
        person = named.pk if named else None
        return ladder.Step(given["target"], given["wait_seconds"], channels, person)


StepFormSet = forms.formset_factory(
    StepForm, extra=0, min_num=ladder.MOST_STEPS, max_num=ladder.MOST_STEPS, absolute_max=20
)


class LadderForm(VersionForm):
    """What holds for the whole ladder, and why it is changed."""

    rounds = forms.IntegerField(
        label=_("Repetitions of the last step"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("0 is without limit: it calls until somebody answers."),
    )
    rearm_minutes = forms.IntegerField(
        label=_("Calls again when nothing is done for (minutes)"),
        min_value=0,
        max_value=24 * 60,
        help_text=_("Counted from the acknowledgement; 0 is never."),
    )


def initial_rows(present: ladder.Ladder) -> list[dict[str, Any]]:
    """Eight rows: the steps of the ladder in force, then empty ones."""
    rows: list[dict[str, Any]] = [
        {
            "target": step.target,
            "person": step.person,
            "wait_seconds": step.wait_seconds,
            "extra": [code for code in step.channels if code != "voice"],
        }
        for step in present.steps
    ]
    return rows + [{} for _row in range(ladder.MOST_STEPS - len(rows))]
