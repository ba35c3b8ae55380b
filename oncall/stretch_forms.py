"""Filling a stretch: as a form, and as one typed line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.forms import MinuteInput, offer_people
from oncall.names import desk_people, person_named
from oncall.typed import NotUnderstood, read
from workflow.durations import local
from workflow.errors import InvalidInput
from workflow.forms import CardAwareForm


class StretchForm(CardAwareForm):
    """Who stands from when to when (Beijing time); whoever is not named stays."""

    starts_at = forms.DateTimeField(label=_("From"), widget=MinuteInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=MinuteInput)
    primary = forms.ModelChoiceField(User.objects.none(), label=_("Primary"), required=False)
    backup = forms.ModelChoiceField(User.objects.none(), label=_("Backup"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("Needed when somebody else is planned there already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "primary", "backup")

    @property
    def stretch(self) -> dict[str, Any]:
        """What ``fill_stretch`` takes."""
        return dict(self.cleaned_data)


class LineForm(CardAwareForm):
    """``张丽 11-23..11-29`` and why."""

    line = forms.CharField(label=_("Who and when"), max_length=200)
    why = forms.CharField(label=_("Why"), max_length=500, required=False)

    def clean_line(self) -> dict[str, Any]:
        """The stretch it says; what has passed of today is left out of a whole day."""
        line = self.cleaned_data["line"]
        try:
            typed = read(line, timezone.localdate())
        except NotUnderstood:
            words = _("Please type it like this: %(example)s")
            raise forms.ValidationError(words % {"example": "张丽/刘强 11-23..11-29"}) from None
        people = desk_people()
        named = {lane: person_named(name, people) for lane, name in typed.names.items()}
        starts_at = typed.starts_at
        if typed.whole_day and starts_at.date() == timezone.localdate():
            starts_at = soonest(timezone.now())
        return {
            "primary": named.get("primary"), "backup": named.get("backup"),
            "starts_at": starts_at, "ends_at": typed.ends_at,
        }  # fmt: skip

    @property
    def stretch(self) -> dict[str, Any]:
        """What ``fill_stretch`` takes."""
        return {**self.cleaned_data["line"], "reason": self.cleaned_data["why"]}


def soonest(now: datetime) -> datetime:
    """The next full minute after ``now``."""
    return local(now.replace(second=0, microsecond=0) + timedelta(minutes=1))


def chosen(given: dict[str, str], now: datetime) -> dict[str, Any]:
    """What the form begins with: ``day`` and ``until`` in the address, or ``start`` and ``end``.

    Beijing time. What is over stays on record: of a time that has begun the rest is meant, and of
    one that is over nothing.
    """
    zone = local(now).tzinfo
    try:
        if "start" in given:
            begin, end = (datetime.fromisoformat(given[name]) for name in ("start", "end"))
        else:
            first = date.fromisoformat(given["day"])
            last = date.fromisoformat(given.get("until") or given["day"]) + timedelta(days=1)
            begin, end = (datetime.combine(day, time()) for day in (first, last))
        begin, end = (local(each.replace(tzinfo=each.tzinfo or zone)) for each in (begin, end))
    except (KeyError, ValueError, OverflowError):
        return {}
    begin = max(begin, soonest(now))
    return {"starts_at": begin, "ends_at": end} if begin < end else {}


def tell(refusal: InvalidInput, form: StretchForm | LineForm) -> None:
    """Put a refusal beside the fields of either form."""
    for name, message in refusal.fields.items():
        if isinstance(form, LineForm):
            form.add_error("why" if name == "reason" else "line", str(message))
        else:
            form.add_error(name if name in form.fields else None, str(message))
