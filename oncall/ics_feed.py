"""Shifts as a calendar (RFC 5545). Pure: reads only the shifts it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from oncall.models import LANES, Lane, Shift

PRODUCT = "-//Service desk//Roster//EN"


def calendar_of(shifts: Sequence[Shift], *, owner: User | None, title: str, now: datetime) -> bytes:
    """The shifts as events; with ``owner`` only that person's places, without numbers to call.

    An event's UID is the shift's key and place: what is moved stays the same event with a higher
    SEQUENCE, what is swapped away is gone from one calendar and is there in the other. ``now``
    (UTC) is DTSTAMP.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for event in _events(shifts, owner, now):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(
    shifts: Sequence[Shift], owner: User | None, now: datetime
) -> Iterator[icalendar.Event]:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "service-desk"
    for shift in shifts:
        for lane in LANES:
            person = getattr(shift, lane)
            if person is None or (owner is not None and person.pk != owner.pk):
                continue
            event = icalendar.Event()
            event.add("uid", f"shift-{shift.pk}-{lane}@{host}")
            event.add("dtstamp", now)
            event.add("sequence", shift.sequence)
            event.add("last-modified", shift.changed_at)
            event.add("dtstart", shift.starts_at)
            event.add("dtend", shift.ends_at)
            event.add("summary", _summary(shift, lane, None if owner else person))
            yield event


def _summary(shift: Shift, lane: str, person: User | None) -> str:
    values = {
        "roster": shift.get_roster_display(), "place": Lane(lane).label,
        "person": person.name if person else "",
    }  # fmt: skip
    if person is None:
        return _("On duty: %(roster)s, %(place)s") % values
    return _("%(person)s: %(roster)s, %(place)s") % values
