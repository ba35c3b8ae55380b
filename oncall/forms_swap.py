"""Offering a duty, as people fill it in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES
from oncall.fair_share import turn_hint
from oncall.forms import MinuteInput
from oncall.forms_leave import DeskPersonChoice
from oncall.models import LANES, Lane, Shift
from oncall.services.swap_endings import Duty
from workflow.decisions import same_person
from workflow.durations import stamp
from workflow.forms import CardAwareForm

MOST_DUTIES = 60


def duties_ahead(person: User, now: datetime) -> list[tuple[Shift, str]]:
    """The person's places in shifts that are not over at ``now`` (UTC), the next first."""
    mine = Q(primary=person) | Q(backup=person)
    rows = Shift.objects.filter(mine, ends_at__gt=now).select_related("primary", "backup")
    return [
        (shift, lane)
        for shift in rows.order_by("starts_at", "pk")[:MOST_DUTIES]
        for lane in LANES
        if same_person(getattr(shift, lane), person)
    ]


def duty_label(shift: Shift, lane: str) -> str:
    """``值班移动电话 · 主 · 2026-11-23 09:00 – 2026-11-30 09:00``."""
    span = f"{stamp(shift.starts_at)} – {stamp(shift.ends_at)}"
    return f"{shift.get_roster_display()} · {Lane(lane).label} · {span}"


class SwapForm(CardAwareForm):
    """What I give, to whom, and what I take in return."""

    duty = forms.ChoiceField(label=_("My duty"))
    starts_at = forms.DateTimeField(label=_("From"), widget=MinuteInput, required=False)
    ends_at = forms.DateTimeField(label=_("To"), widget=MinuteInput, required=False)
    colleague = DeskPersonChoice(label=_("Colleague"), queryset=User.objects.none())
    back = forms.ChoiceField(label=_("In return I take"), required=False)
    back_starts_at = forms.DateTimeField(label=_("From"), widget=MinuteInput, required=False)
    back_ends_at = forms.DateTimeField(label=_("To"), widget=MinuteInput, required=False)
    note = forms.CharField(label=_("Note for the colleague"), required=False, max_length=200)

    def __init__(self, *args: Any, actor: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.now = actor, now
        self.fields["starts_at"].help_text = _("Leave both times empty for the whole duty.")
        self._mine = {f"{s.pk}:{lane}": (s, lane) for s, lane in duties_ahead(actor, now)}
        mine = [(key, duty_label(*duty)) for key, duty in self._mine.items()]
        self._choices("duty", [("", _("Please choose")), *mine])
        people = User.objects.holding(*DESK_ROLES).exclude(pk=actor.pk)
        field = self.fields["colleague"]
        assert isinstance(field, DeskPersonChoice)
        field.queryset, field.empty_label = people, str(_("Please choose"))
        rosters = {shift.roster for shift, _lane in self._mine.values()}
        field.help_text = turn_hint(rosters, actor, now)
        self._theirs: dict[str, tuple[Shift, str]] = {}
        groups: list[Any] = [("", _("Nothing: my colleague does me a favour"))]
        for person, found in self._of_others().items():
            self._theirs |= {f"{s.pk}:{lane}": (s, lane) for s, lane in found}
            groups.append((person, [(f"{s.pk}:{lane}", duty_label(s, lane)) for s, lane in found]))
        self._choices("back", groups)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _of_others(self) -> dict[str, list[tuple[Shift, str]]]:
        rows = Shift.objects.filter(starts_at__gt=self.now).select_related("primary", "backup")
        found: dict[str, list[tuple[Shift, str]]] = {}
        for shift in rows.order_by("starts_at", "pk")[: 3 * MOST_DUTIES]:
            for lane in LANES:
                person = getattr(shift, lane)
                if person is not None and person.pk != self.actor.pk:
                    found.setdefault(person.audit_name, []).append((shift, lane))
        return dict(sorted(found.items()))

    def clean(self) -> dict[str, Any]:
        """Consent must come before it begins: of a running duty a later part can be offered."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, shifts in (("", self._mine), ("back_", self._theirs)):
            chosen = shifts.get(data.get("back" if name else "duty") or "")
            if chosen and chosen[0].starts_at <= self.now and not data.get(f"{name}starts_at"):
                self.add_error(f"{name}starts_at", _("This duty has begun: please say from when."))
        return data

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``oncall.services.swaps.offer_swap``."""
        data = self.cleaned_data
        duty = self._part(*self._mine[data["duty"]], data["starts_at"], data["ends_at"])
        back = None
        if data["back"]:
            shift, lane = self._theirs[data["back"]]
            back = self._part(shift, lane, data["back_starts_at"], data["back_ends_at"])
        return {
            "duty": duty, "colleague": data["colleague"], "back": back, "note": data["note"],
        }  # fmt: skip

    def _part(
        self, shift: Shift, lane: str, starts_at: datetime | None, ends_at: datetime | None
    ) -> Duty:
        """All of it, unless a part is named."""
        return Duty(shift.roster, lane, starts_at or shift.starts_at, ends_at or shift.ends_at)
