"""The demonstration rosters: a week each at the mobile, a working day each at the hotline."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.actors import SETUP
from calendars.arithmetic import SHANGHAI, is_working_day
from calendars.errors import CalendarMissing
from calendars.services import current_calendar
from oncall.coverage import DAY
from oncall.models import Roster, RotationVersion, Shift
from oncall.rotation import DAYS, WORKING_DAYS, Layer
from oncall.services.publishing import publish
from oncall.services.rotations import change_rotations
from oncall.services.shifts import add_shift
from servicedesk.demo.people import person
from servicedesk.demo.stories import at, stories

WEEK = timedelta(days=7)
AHEAD = timedelta(days=35)
# A working day about so far ahead is left open at the hotline, to show what a gap looks like.
OPEN_AFTER = timedelta(days=9)


def extend_roster(now: datetime) -> None:
    """Past weeks as they were; five weeks from ``now`` (UTC) by rotations (R11, R14)."""
    told = stories()["roster"]
    first = at(told["first_monday"])
    _past(told["people"], first, now)
    for roster, people, turn, counts in (
        (Roster.ON_CALL, told["people"], 7, DAYS),
        (Roster.HOTLINE, told["hotline"], 1, WORKING_DAYS),
    ):
        if not RotationVersion.objects.filter(roster=roster).exists():
            layer = Layer(
                told["layers"][roster], tuple(person(name).pk for name in people),
                first.astimezone(SHANGHAI).date(), every_days=turn, counts=counts,
            )  # fmt: skip
            change_rotations(
                actor=SETUP, roster=roster, version=0, layers=(layer,), reason=told["reason"],
                now=now,
            )  # fmt: skip
    _publish(Roster.ON_CALL, now, None)
    _publish(Roster.HOTLINE, now, _open_day(now))


def _past(names: list[str], first: datetime, now: datetime) -> None:
    """The weeks that have begun, which nothing can be published into."""
    known = set(Shift.objects.of(Roster.ON_CALL).values_list("starts_at", flat=True))
    for week in range((now - first) // WEEK + 1):
        starts = first + week * WEEK
        if starts not in known and not _taken(starts):
            add_shift(
                actor=SETUP,
                starts_at=starts,
                ends_at=starts + WEEK,
                primary=person(names[week % len(names)]),
                backup=person(names[(week + 1) % len(names)]),
            )


def _publish(roster: str, now: datetime, left_open: date | None) -> None:
    """From the end of what is published to five weeks ahead, without the day to be left open."""
    ends = Shift.objects.of(roster).order_by("-ends_at").values_list("ends_at", flat=True)
    done_until = max(now, ends[0]) if ends else now
    first, last = done_until.astimezone(SHANGHAI).date(), (now + AHEAD).astimezone(SHANGHAI).date()
    if left_open and first <= left_open <= last:
        _publish_days(roster, first, left_open - DAY, now)
        first = left_open + DAY
    _publish_days(roster, first, last, now)


def _publish_days(roster: str, first: date, last: date, now: datetime) -> None:
    if first <= last and last >= now.astimezone(SHANGHAI).date():
        publish(actor=SETUP, roster=roster, first=first, last=last, now=now)


def _open_day(now: datetime) -> date | None:
    calendar, day = current_calendar(), (now + OPEN_AFTER).astimezone(SHANGHAI).date()
    try:
        while not is_working_day(calendar, day):
            day += DAY
    except CalendarMissing:
        return None
    return day


def _taken(starts: datetime) -> bool:
    """True when somebody has planned this week by hand."""
    return Shift.objects.of(Roster.ON_CALL).touching(starts, starts + WEEK).exists()
