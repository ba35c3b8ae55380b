"""The filter above the list of defects (R07)."""

from __future__ import annotations

import unicodedata
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.pinyin import fold
from accounts.roles import Role
from tickets.models.defect_states import TERMINAL, DefectState
from tickets.models.outcomes import SuperiorReport

STATES = [
    ("", _("All")),
    ("open", _("All open")),
    *[choice for choice in DefectState.choices if choice[0] != DefectState.NEW],
]


class DefectFilter(forms.Form):
    """Every field may be empty; nonsense in the address is ignored, never an error."""

    q = forms.CharField(label=_("Number, title or reporter"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    unit = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Organisation.objects.none(), empty_label=_("All")
    )
    mine = forms.BooleanField(label=_("In my hands"), required=False)
    report = forms.ChoiceField(
        label=_("Report upward"), required=False,
        choices=[("", _("All")), ("due", _("Report due")), ("sent", _("To be acknowledged"))],
    )  # fmt: skip

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        units = Organisation.objects.filter(kind__in=["bank", "bank_unit"]).order_by("path")
        if not actor.is_desk and not actor.has_role(Role.SUPERIOR):
            units = units.filter(path__startswith=actor.organisation.path)
        cast("forms.ModelChoiceField[Any]", self.fields["unit"]).queryset = units
        if not (actor.is_desk or actor.has_role(Role.SUPERIOR)):
            del self.fields["report"]

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow ``rows`` to what was asked for."""
        self.is_valid()
        wanted = self.cleaned_data
        if state := wanted.get("state"):
            rows = rows.exclude(state__in=TERMINAL) if state == "open" else rows.filter(state=state)
        if unit := wanted.get("unit"):
            rows = rows.filter(unit__path__startswith=unit.path)
        if wanted.get("mine"):
            rows = rows.filter(in_hands_of(self.actor))
        if report := wanted.get("report"):
            reported = SuperiorReport.objects.filter(state=report)
            rows = rows.filter(pk__in=reported.values("defect"))
        if text := unicodedata.normalize("NFKC", wanted.get("q") or "").strip():
            rows = rows.filter(
                Q(number__icontains=text)
                | Q(title__icontains=text)
                | Q(reporter__search__contains=fold(text))
            )
        return rows


def in_hands_of(user: User) -> Q:
    """Held by the person, or by nobody in particular in one of the person's roles."""
    return Q(holder=user) | Q(holder=None, holder_role__in=user.roles)
