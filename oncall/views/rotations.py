"""The rotations in force, their history, and changing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from oncall.forms import VersionForm
from oncall.models import Roster, RotationVersion
from oncall.names import desk_people
from oncall.policies import ROSTER_READERS, can_plan_shifts
from oncall.rotation import Layer
from oncall.rotation_form import FOLLOWS, LayerFormSet, layer_rows
from oncall.services.rotations import change_rotations, rotations_in_force
from workflow.errors import InvalidInput, StaleVersion, insist

HISTORY = 12


class RotationsView(SignedInMixin, View):
    """The layers of both rosters, and who changed them when and why."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Readers see them; supervisors find the way to change them."""
        people = {person.pk: person.name for person in User.objects.all()}
        page = {
            "rosters": [_shown(roster, people) for roster in Roster],
            "may_plan": bool(can_plan_shifts(self.person)),
        }
        return render(request, "oncall/rotations.html", page)


class RotationEditView(SignedInMixin, View):
    """The layers of one roster as a form; saving makes a new version."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest, roster: str) -> HttpResponse:
        """Filled with the layers in force."""
        self.check(roster)
        version, present = rotations_in_force(roster)
        people = desk_people()
        rows = LayerFormSet(
            initial=layer_rows(present.layers, people), prefix="layers",
            form_kwargs={"people": people},
        )  # fmt: skip
        return self.page(roster, VersionForm(initial={"version": version}), rows, people)

    def post(self, request: HttpRequest, roster: str) -> HttpResponse:
        """Put them in force; what is wrong stands beside its field."""
        self.check(roster)
        people = desk_people()
        form = VersionForm(request.POST)
        rows = LayerFormSet(request.POST, prefix="layers", form_kwargs={"people": people})
        if not (form.is_valid() & rows.is_valid()):
            return self.page(roster, form, rows, people, status=422)
        try:
            self.save(roster, form, rows)
        except InvalidInput as refusal:
            _tell(refusal, form, _used(rows))
            return self.page(roster, form, rows, people, status=422)
        except StaleVersion as refusal:
            form.add_error(None, str(refusal.message))
            return self.page(roster, form, rows, people, status=409)
        messages.success(request, _("The rotations are in force; publish them to make shifts."))
        return redirect(f"{reverse('oncall:publish')}?roster={roster}")

    def check(self, roster: str) -> None:
        """A roster that there is, and a planner."""
        if roster not in Roster.values:
            raise Http404
        insist(can_plan_shifts(self.person))

    def save(self, roster: str, form: VersionForm, rows: Any) -> None:
        """Hand it to the service."""
        change_rotations(
            actor=self.person, roster=roster, now=timezone.now(),
            layers=tuple(row.layer for row in _used(rows)), **form.cleaned_data,
        )  # fmt: skip

    def page(
        self, roster: str, form: VersionForm, rows: Any, people: list[User],
        status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        """The form as it stands."""
        page = {
            "roster": Roster(roster), "form": form, "rows": rows, "people": people,
            "crumbs": [{"label": _("Rotations"), "url": reverse("oncall:rotations")}],
        }  # fmt: skip
        return render(self.request, "oncall/rotation_edit.html", page, status=status)


def _used(rows: Any) -> list[Any]:
    """The rows that are layers, in the order given."""
    return [row for row in rows.ordered_forms if row.is_layer]


def _tell(refusal: InvalidInput, form: VersionForm, used: list[Any]) -> None:
    for key, message in refusal.fields.items():
        _layers, _dash, rest = key.partition("layers-")
        number, _dash, name = rest.partition("-")
        if number.isdigit() and int(number) < len(used) and name in used[int(number)].fields:
            used[int(number)].add_error(name, str(message))
        else:
            form.add_error(key if key in form.fields else None, str(message))


def _shown(roster: Roster, people: dict[int, str]) -> dict[str, Any]:
    version, present = rotations_in_force(roster)
    return {
        "roster": roster,
        "version": version,
        "layers": [_layer(layer, people) for layer in present.layers],
        "history": RotationVersion.objects.filter(roster=roster)[:HISTORY],
    }


def _layer(layer: Layer, people: dict[int, str]) -> dict[str, Any]:
    return {
        "layer": layer,
        "people": [people.get(pk, "?") for pk in layer.people],
        "backups": [people.get(pk, "?") for pk in layer.backups],
        "follow": FOLLOWS[layer.follow] if layer.follow else "",
        "weekdays": [] if len(layer.weekdays) == 7 else layer.weekdays,
    }
