"""Reading a leave calendar (RFC 5545): which times it takes away, within bounds (R14)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import icalendar
from django.utils.translation import gettext as _

from oncall.ics_series import BadSeries, Moment, end_of, instant, starts
from workflow.cards import mask_cards

MOST_BYTES = 1024 * 1024
MOST_EVENTS, MOST_SERIES, MOST_TIMES = 1_000, 50, 500
# Leave further away is not taken yet: nobody plans shifts that far.
HORIZON = timedelta(days=400)
LONGEST = timedelta(days=400)
NOTE_LENGTH, UID_LENGTH = 200, 255
_NEEDED = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class BadCalendar(ValueError):
    """The file cannot be taken; the text is for the person."""


@dataclass(frozen=True, order=True)
class Away:
    """One time away (UTC); ``occurrence`` tells the events of a series apart, "" for a single."""

    starts_at: datetime
    ends_at: datetime
    uid: str
    occurrence: str
    note: str


@dataclass(frozen=True)
class CalendarRead:
    """What a file holds: times to take, every UID it names, and what is over or too far away."""

    times: list[Away]
    uids: frozenset[str]
    over: int
    too_far: int


def read_calendar(content: bytes, now: datetime) -> CalendarRead:
    """The times away from ``now`` (UTC) on; raises ``BadCalendar`` with a sentence.

    Days without a time and times without a zone are Beijing's. A changed event of a series
    replaces the one it stands for; cancelled events take nothing.
    """
    events = _events(content)
    if sum(1 for event in events if event.get("RRULE")) > MOST_SERIES:
        raise BadCalendar(_("The file holds more than %(count)s series.") % {"count": MOST_SERIES})
    changed = {(_uid(each), _key(each.RECURRENCE_ID)) for each in events if each.RECURRENCE_ID}
    found = [
        away
        for event in events
        for away in _times(event, now + HORIZON)
        if event.RECURRENCE_ID or (away.uid, away.occurrence) not in changed
    ]
    coming = [away for away in found if away.ends_at > now]
    near = [away for away in coming if away.starts_at < now + HORIZON]
    if len(near) > MOST_TIMES:
        raise BadCalendar(_("The file holds more than %(count)s times.") % {"count": MOST_TIMES})
    uids = frozenset(_uid(event) for event in events)
    return CalendarRead(
        sorted(near), uids, over=len(found) - len(coming), too_far=len(coming) - len(near)
    )


def _events(content: bytes) -> list[icalendar.Event]:
    if len(content) > MOST_BYTES:
        raise BadCalendar(_("The file is larger than 1 MB."))
    try:
        text = content.decode("utf-8-sig")
        calendars = icalendar.Calendar.from_ical(text, multiple=True) if "\0" not in text else []
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        calendars = []
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise BadCalendar(_("This is not a calendar file (iCalendar, .ics, in UTF-8)."))
    events: list[Any] = [event for each in calendars for event in each.walk("VEVENT")]
    if not events:
        raise BadCalendar(_("There is no event in this calendar."))
    if len(events) > MOST_EVENTS:
        raise BadCalendar(_("The file holds more than %(count)s events.") % {"count": MOST_EVENTS})
    for event in events:
        _check(event)
    return events


def _check(event: Any) -> None:
    """Raise ``BadCalendar`` naming the event, when it cannot be understood."""
    broken = [name for name, _why in event.errors if name and name.upper() in _NEEDED]
    if not _uid(event):
        raise _bad(event, _("it has no UID"))
    if broken or "DTSTART" not in event:
        raise _bad(event, _("its dates cannot be read"))
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        given = event.get(name)
        if isinstance(given, list):
            raise _bad(event, _("its dates cannot be read"))
        if given is not None and _of_unknown_zone(given):
            zone = given.params["TZID"]
            raise _bad(event, _("the time zone %(zone)s is not known") % {"zone": zone})


def _of_unknown_zone(given: Any) -> bool:
    naive = isinstance(given.dt, datetime) and given.dt.tzinfo is None
    return naive and "TZID" in given.params


def _times(event: Any, horizon: datetime) -> Iterator[Away]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    try:
        first, length = event.start, event.duration
        if length > LONGEST:
            raise BadSeries(_("it is longer than %(days)s days") % {"days": LONGEST.days})
        if length < timedelta(0):
            raise BadSeries(_("it ends before it starts"))
        if not length:
            return  # a reminder, not a time
        for start in _starts(event, first, horizon):
            key = _key(event.RECURRENCE_ID or start) if _is_series(event) else ""
            yield Away(
                instant(start), end_of(start, length), _uid(event), key, _note(event)
            )  # fmt: skip
    except BadSeries as error:
        raise _bad(event, str(error)) from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise _bad(event, _("its dates cannot be read")) from error


def _starts(event: Any, first: Moment, horizon: datetime) -> list[Moment]:
    rules = event.rrules
    if event.RECURRENCE_ID or not (rules or event.rdates):
        return [first]
    if len(rules) > 1:
        raise BadSeries(_("the repetition is of a kind that is not taken"))
    found: dict[datetime, Moment] = {instant(first): first}
    for start in starts(first, rules[0], horizon) if rules else ():
        found[instant(start)] = start
    for start, _end in event.rdates:
        found[instant(start)] = start
    for without in event.exdates:
        found.pop(instant(without), None)
    return list(found.values())


def _is_series(event: Any) -> bool:
    return bool(event.rrules or event.rdates or event.RECURRENCE_ID)


def _key(moment: Moment) -> str:
    """Which event of a series: its start by the series, whatever it was moved to."""
    return f"{instant(moment):%Y%m%dT%H%M%SZ}"


def _uid(event: Any) -> str:
    given = event.get("UID")
    uid = "" if given is None or isinstance(given, list) else str(given).strip()
    return uid if len(uid) <= UID_LENGTH else hashlib.sha256(uid.encode()).hexdigest()


def _note(event: Any) -> str:
    given = event.get("SUMMARY")
    text = "" if given is None else str(given[0] if isinstance(given, list) else given)
    return mask_cards(" ".join("".join(filter(_is_shown, text)).split()))[:NOTE_LENGTH]


def _is_shown(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _bad(event: Any, why: str) -> BadCalendar:
    named = _note(event) or _uid(event) or "?"
    text = _("The event “%(event)s” cannot be taken: %(why)s.")
    return BadCalendar(text % {"event": named[:60], "why": why})
