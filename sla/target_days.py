"""The days an internal clock runs through: which hours counted, and why others did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from calendars.arithmetic import WorkingCalendar, is_working_day, working_segments
from calendars.errors import CalendarMissing
from calendars.models import CalendarDay
from sla.ledger import Day
from sla.target_replay import RebuiltTarget
from workflow.durations import hours_minutes, local

# A clock that ran for longer is told up to here; its deadline stands in its first sentence.
MOST_DAYS = 100
ONE_DAY = timedelta(days=1)
Kind = CalendarDay.Kind


def days_of(clock: RebuiltTarget, calendar: WorkingCalendar, now: datetime) -> list[Day]:
    """Every day from the start to the deadline, or to the end of a clock that ended before it.

    In the reader's language; none from the first day on whose calendar is missing. A running
    clock's days to come are listed as well: they are why it is due then.
    """
    spans = list(_spans(clock, now))
    if not spans:
        return []
    first, last = local(spans[0][0]).date(), local(spans[-1][1]).date()
    named = {row.date: row for row in CalendarDay.objects.filter(date__range=(first, last))}
    found: list[Day] = []
    total = timedelta(0)
    for start, end in spans:
        day = local(start).date()
        while day <= local(end).date() and len(found) < MOST_DAYS:
            try:
                hours = _hours(calendar, day, start, end)
                works = is_working_day(calendar, day)
            except CalendarMissing:
                return found
            counted = sum((until - since for since, until in hours), timedelta(0))
            total += counted
            found.append(
                Day(
                    date=day,
                    what=_what(day, named.get(day), works),
                    hours=", ".join(f"{_face(since)}–{_face(until)}" for since, until in hours),
                    counted=hours_minutes(counted.total_seconds()) if hours else "—",
                    total=hours_minutes(total.total_seconds()),
                    works=works,
                )
            )
            day += ONE_DAY
    return found


def _spans(clock: RebuiltTarget, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches that count, no further than the deadline."""
    for start, end in clock.legs():
        until = end or clock.due_at or now
        if clock.due_at:
            until = min(until, clock.due_at)
        if until >= start:
            yield start, until


def _hours(
    calendar: WorkingCalendar, day: date, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    parts = [
        (max(since, start), min(until, end)) for since, until in working_segments(calendar, day)
    ]
    return [(since, until) for since, until in parts if since < until]


def _what(day: date, named: CalendarDay | None, works: bool) -> str:
    """``Monday, working day``, ``Thursday, public holiday: National Day``."""
    facts = {"weekday": date_format(day, "l"), "name": named.label if named else ""}
    if named and named.kind == Kind.MAKEUP:
        return _("%(weekday)s, make-up workday: %(name)s") % facts
    if named and named.kind == Kind.HOLIDAY:
        return _("%(weekday)s, public holiday: %(name)s") % facts
    if works:
        return _("%(weekday)s, working day") % facts
    return _("%(weekday)s, weekend") % facts


def _face(instant: datetime) -> str:
    here = local(instant)
    return here.strftime("%H:%M:%S" if here.second else "%H:%M")
