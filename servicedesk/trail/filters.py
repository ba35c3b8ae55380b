"""What the trail can be narrowed to, and its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from servicedesk.trail.labels import ACTION_LABELS

PER_PAGE = 50
DATE = {"type": "date"}
OUTCOMES = [
    ("", _("All")),
    (Event.Outcome.DONE.value, _("carried out")),
    (Event.Outcome.REFUSED.value, _("refused")),
]


class TrailFilter(forms.Form):
    """Record, person, act, outcome, days."""

    record = forms.CharField(label=_("Record number"), required=False, max_length=60)
    actor = forms.CharField(label=_("Who"), required=False, max_length=60)
    action = forms.ChoiceField(label=_("Act"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=OUTCOMES)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(DATE))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(DATE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = sorted((str(label), code) for code, label in ACTION_LABELS.items())
        choices = [("", _("All")), *((code, label) for label, code in acts)]
        self.fields["action"] = forms.ChoiceField(label=_("Act"), required=False, choices=choices)
        self.order_fields(["record", "actor", "action", "outcome", "since", "until"])

    def clean(self) -> dict[str, Any]:
        """The days must be in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        return cleaned

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """The events that fit; a filter with an error narrows to nothing."""
        if not self.is_valid():
            return events.none()
        asked = self.cleaned_data
        if asked["record"]:
            events = events.filter(target_label__icontains=asked["record"].strip())
        if asked["actor"]:
            events = events.filter(actor_name__icontains=asked["actor"].strip())
        for name in ("action", "outcome"):
            if asked[name]:
                events = events.filter(**{name: asked[name]})
        if asked["since"]:
            events = events.filter(entered_at__gte=_midnight(asked["since"]))
        if asked["until"]:
            events = events.filter(entered_at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return events


@dataclass(frozen=True)
class TrailPage:
    """Events newest first, with cursors (sequence numbers) for ``{% pagination %}``."""

    rows: list[Event]
    total: int
    prev: str
    next: str

    def __iter__(self) -> Iterator[Event]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def trail_page(events: QuerySet[Event], params: Mapping[str, str]) -> TrailPage:
    """The page that ``after`` (older) or ``before`` (newer) asks for; never an offset."""
    total = events.count()
    older, newer = _seq(params.get("after", "")), _seq(params.get("before", ""))
    if newer is not None:
        found = list(events.filter(seq__gt=newer).order_by("seq")[: PER_PAGE + 1])
        more, rows = len(found) > PER_PAGE, found[:PER_PAGE][::-1]
        has_newer, has_older = more, True
    else:
        if older is not None:
            events = events.filter(seq__lt=older)
        found = list(events.order_by("-seq")[: PER_PAGE + 1])
        more, rows = len(found) > PER_PAGE, found[:PER_PAGE]
        has_newer, has_older = older is not None, more
    if not rows:
        return TrailPage([], total, "", "")
    return TrailPage(
        rows,
        total,
        str(rows[0].seq) if has_newer else "",
        str(rows[-1].seq) if has_older else "",
    )


def _seq(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
