"""The form of rotations: one row per layer, the highest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall import rotation
from oncall.names import PeopleInOrder, in_order

ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Europe/Berlin", "Europe/London",
         "America/New_York", "America/Los_Angeles", "UTC")  # fmt: skip
# What is chosen beside ``every_days``: nothing for a number of days, this for one of working days.
WORKING = rotation.WORKING_DAYS
TURNS = {
    "1": _("Daily"), "7": _("Weekly"), "": _("By days"),
    WORKING: _("By working days"),
}  # fmt: skip
FIXED = ("1", "7")
FOLLOWS = {
    rotation.ANY_TIME: _("At any time"),
    rotation.WORKING: _("In working time only"),
    rotation.OUTSIDE: _("Outside working time only"),
}


class DayInput(forms.DateInput):
    """The browser's own control for a date."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own control for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LayerForm(forms.Form):
    """One layer; a row without people is none."""

    name = forms.CharField(label=_("Name of the layer"), max_length=40, required=False)
    people = PeopleInOrder(
        label=_("People in order"),
        required=False,
        help_text=_("Names in the order of their turns, with commas between."),
    )
    backups = PeopleInOrder(
        label=_("Backups in order"),
        required=False,
        help_text=_("Empty: the next in the order of the people."),
    )
    turn = forms.ChoiceField(label=_("Turn"), choices=list(TURNS.items()), required=False)
    every_days = forms.IntegerField(
        label=_("Days of a turn"), required=False, min_value=1, max_value=rotation.LONGEST_TURN
    )
    first_day = forms.DateField(label=_("First day"), widget=DayInput, required=False)
    handover = forms.TimeField(label=_("Hand-over at"), widget=ClockInput, required=False)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name) for name in ZONES], required=False
    )
    follow = forms.ChoiceField(
        label=_("Working calendar"), choices=list(FOLLOWS.items()), required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        choices=list(WEEKDAYS_ABBR.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_time = forms.TimeField(label=_("Only from"), widget=ClockInput, required=False)
    until_time = forms.TimeField(label=_("Only until"), widget=ClockInput, required=False)

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "backups"):
            field = self.fields[name]
            assert isinstance(field, PeopleInOrder)
            field.people = people

    def clean(self) -> dict[str, Any]:
        """A layer with people says when it begins and how long a turn is."""
        given: dict[str, Any] = super().clean() or {}
        if not self.is_layer:
            return given
        if not given.get("first_day") and "first_day" not in self.errors:
            self.add_error("first_day", _("Please say on which day the first turn begins."))
        fixed = given.get("turn") in FIXED
        if not fixed and not given.get("every_days") and "every_days" not in self.errors:
            self.add_error("every_days", _("Please say how many days a turn lasts."))
        return given

    @property
    def is_layer(self) -> bool:
        """True when somebody is named, or was meant to be."""
        return bool(self.cleaned_data.get("people") or self.cleaned_data.get("name")) or (
            "people" in self.errors
        )

    @property
    def layer(self) -> rotation.Layer:
        """The layer of a valid row."""
        given = self.cleaned_data
        turn: str = given["turn"]
        return rotation.Layer(
            name=given["name"] or str(TURNS[turn]),
            people=given["people"], backups=given["backups"], first_day=given["first_day"],
            every_days=int(turn) if turn in FIXED else given["every_days"],
            counts=WORKING if turn == WORKING else rotation.DAYS,
            handover=given["handover"] or time(9), zone=given["zone"] or ZONES[0],
            weekdays=tuple(sorted(given["weekdays"])) or rotation.ALL_DAYS,
            from_time=given["from_time"], until_time=given["until_time"], follow=given["follow"],
        )  # fmt: skip


LayerFormSet = forms.formset_factory(
    LayerForm, extra=1, can_order=True, can_delete=True, max_num=rotation.MOST_LAYERS,
    absolute_max=rotation.MOST_LAYERS + 2,
)  # fmt: skip


def turn_of(layer: rotation.Layer) -> str:
    """The choice of ``TURNS`` that says how long a turn of this layer lasts."""
    if layer.counts == rotation.WORKING_DAYS:
        return WORKING
    return str(layer.every_days) if str(layer.every_days) in FIXED else ""


def layer_rows(layers: Sequence[rotation.Layer], people: Sequence[User]) -> list[dict[str, Any]]:
    """Rows of the layers in force."""
    return [
        {
            "name": layer.name,
            "people": in_order(layer.people, people),
            "backups": in_order(layer.backups, people),
            "turn": turn_of(layer),
            "every_days": layer.every_days if turn_of(layer) in ("", WORKING) else None,
            "first_day": layer.first_day,
            "handover": layer.handover,
            "zone": layer.zone,
            "follow": layer.follow,
            "weekdays": [] if layer.weekdays == rotation.ALL_DAYS else list(layer.weekdays),
            "from_time": layer.from_time,
            "until_time": layer.until_time,
        }
        for layer in layers
    ]
