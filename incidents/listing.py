"""The list of incidents and what it can be narrowed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from incidents.models.incidents import TERMINAL, UNRESOLVED
from operations.models import ManagedObject
from sla.models import Clock
from sla.panels import clock_view

ORDER = (Clock.Kind.FIX, Clock.Kind.PLAN, Clock.Kind.REPORT)


class IncidentFilter(forms.Form):
    """Fields of the filter bar."""

    q = forms.CharField(label=_("Number or title"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("unresolved", _("Not resolved")),
            ("open", _("Not finished")),
            ("done", _("Finished")),
        ],
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("All")), *Incident.Severity.choices]
    )
    mark = forms.ChoiceField(
        label=_("Real or drill"),
        required=False,
        choices=[("", _("All")), ("real", _("Real")), ("drill", _("Drills"))],
    )
    system = forms.ModelChoiceField(
        label=_("System"),
        required=False,
        queryset=ManagedObject.objects.all(),
        empty_label=_("All"),
    )

    def narrow(self, rows: models.QuerySet[Incident]) -> models.QuerySet[Incident]:
        """``rows`` that fit; fields that make no sense are ignored."""
        self.is_valid()
        wanted: dict[str, Any] = self.cleaned_data
        if text := wanted.get("q"):
            rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
        if state := wanted.get("state"):
            rows = rows.filter(_STATES[state])
        if severity := wanted.get("severity"):
            rows = rows.filter(severity=severity)
        if mark := wanted.get("mark"):
            rows = rows.filter(is_drill=mark == "drill")
        if system := wanted.get("system"):
            rows = rows.filter(managed_object=system)
        return rows


_STATES = {
    "unresolved": Q(state__in=UNRESOLVED),
    "open": ~Q(state__in=TERMINAL),
    "done": Q(state__in=TERMINAL),
}


def chip(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """The clock that matters in a list: the first that runs, otherwise the last that ended.

    Expects ``commitment__clocks`` to be prefetched. None: not agreed.
    """
    if incident.commitment is None:
        return None
    clocks = sorted(
        incident.commitment.clocks.all(),
        key=lambda each: (ORDER.index(each.kind), each.run),
    )
    running = [clock for clock in clocks if clock.state == Clock.State.RUNNING]
    chosen = running[0] if running else clocks[0]
    return clock_view(chosen, now)
