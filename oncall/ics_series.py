"""When the events of a series take place. Pure; every loop is bounded, whatever the file says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _

from calendars.arithmetic import SHANGHAI

# Occurrences of one series that are looked at, the ones long past included.
MOST_STEPS = 5_000
# What a series may say for each frequency. Others are refused: some of them name days that never
# come, and looking for those would go on until the year 9999.
_PARTS = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "WKST"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"},
    "YEARLY": {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"},
}
_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL"}

Moment = date | datetime


class BadSeries(ValueError):
    """A series that cannot be taken; the text is for the person."""


def instant(moment: Moment) -> datetime:
    """UTC. A day without a time, and a time without a zone, are Beijing's."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), SHANGHAI)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC)


def starts(first: Moment, rule: Any, horizon: datetime) -> Iterator[Moment]:
    """The starts of a series up to ``horizon`` (UTC), as the wall clock of its own zone shows them.

    A series at nine stays at nine when a zone changes to summer time. Raises ``BadSeries``.
    """
    parts = _checked(rule)
    until = _wall_until(parts.pop("UNTIL", [None])[0], first)
    text = ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())
    wall = _wall(first)
    try:
        series = rrulestr(text, dtstart=wall)
    except (ValueError, TypeError) as error:
        raise BadSeries(_("the repetition cannot be read")) from error
    for step, found in enumerate(series):
        moment = _like(first, found)
        if (until is not None and found > until) or instant(moment) >= horizon:
            return
        if step >= MOST_STEPS:
            raise BadSeries(_("it repeats too often"))
        yield moment


def _checked(rule: Any) -> dict[str, list[Any]]:
    parts = {str(name).upper(): list(values) for name, values in rule.items()}
    frequency = str(parts.get("FREQ", [""])[0]).upper()
    if frequency not in _PARTS:
        raise BadSeries(_("it repeats more often than daily"))
    if set(parts) - _ALWAYS - _PARTS[frequency]:
        raise BadSeries(_("the repetition is of a kind that is not taken"))
    if any(int(value) < 1 for name in ("INTERVAL", "COUNT") for value in parts.get(name, ())):
        raise BadSeries(_("the repetition cannot be read"))
    return parts


def _wall_until(until: Any, first: Moment) -> datetime | None:
    """The last moment on the wall clock of the series; a day is meant to its end."""
    if until is None:
        return None
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    zone = first.tzinfo if isinstance(first, datetime) and first.tzinfo else SHANGHAI
    return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until


def _wall(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _like(first: Moment, found: datetime) -> Moment:
    return found.replace(tzinfo=first.tzinfo) if isinstance(first, datetime) else found.date()


def end_of(start: Moment, length: timedelta) -> datetime:
    """UTC end of an occurrence that is ``length`` long."""
    if isinstance(start, datetime):
        return instant(start) + length
    return instant(start + length)
