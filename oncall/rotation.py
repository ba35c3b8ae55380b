"""Rotations: who would be on duty when. A pure function of the configuration and a period.

A configuration has layers, the first being the highest: where a layer says something it wins, and
what no layer says is a gap. A layer is a rotation of people; a turn lasts a number of days, or of
working days, from one hand-over on the clock of its zone to the next. Nothing here reads the
database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from calendars.arithmetic import WorkingCalendar, is_working_day
from oncall.coverage import Coverage, coverage
from oncall.dates import sensible
from oncall.gaps import Gap, Span
from oncall.models import Roster
from oncall.spans import common, joined, within, without

DAY = timedelta(days=1)
MOST_LAYERS = 8
MOST_PEOPLE = 30
LONGEST_TURN = 60
# Six weeks, which with the longest holidays in them stay below LONGEST_TURN days.
LONGEST_WORKING_TURN = 30
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
ANY_TIME, WORKING, OUTSIDE = "", "working", "outside"
DAYS, WORKING_DAYS = "days", "working_days"


@dataclass(frozen=True)
class Layer:
    """One rotation of people, by primary keys.

    ``backups`` is an order of their own; empty means the next in the order of ``people``. The
    layer speaks only on ``weekdays`` (0 is Monday) between two times of day, when they are set
    (over midnight when the second is not later), and only in or outside working time by ``follow``.
    By ``counts`` a turn lasts ``every_days`` days, or so many working days: then it passes on in
    the mornings of working days only, and holidays belong to the turn before them.
    """

    name: str
    people: tuple[int, ...]
    first_day: date
    every_days: int = 7
    handover: time = time(9)
    zone: str = "Asia/Shanghai"
    backups: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ALL_DAYS
    from_time: time | None = None
    until_time: time | None = None
    follow: str = ANY_TIME
    counts: str = DAYS

    def pair(self, turn: int) -> tuple[int, int | None]:
        """Primary and backup of a turn; never one account twice, None when there is nobody else."""
        primary = self.people[turn % len(self.people)]
        order = self.backups or self.people
        first = turn if self.backups else turn + 1
        others = (order[(first + step) % len(order)] for step in range(len(order)))
        return primary, next((each for each in others if each != primary), None)

    def as_row(self) -> dict[str, Any]:
        """As it is kept: dates and times as text."""
        row = asdict(self)
        return {
            **row,
            "people": list(self.people), "backups": list(self.backups),
            "weekdays": list(self.weekdays), "first_day": self.first_day.isoformat(),
            "handover": f"{self.handover:%H:%M}",
            "from_time": f"{self.from_time:%H:%M}" if self.from_time else None,
            "until_time": f"{self.until_time:%H:%M}" if self.until_time else None,
        }  # fmt: skip


def from_row(row: dict[str, Any]) -> Layer:
    """A layer as it was kept; raises ``KeyError``, ``TypeError`` or ``ValueError`` for another."""
    clock = {key: time.fromisoformat(row[key]) if row.get(key) else None for key in _TIMES}
    return Layer(
        name=str(row["name"]),
        people=tuple(int(each) for each in row["people"]),
        first_day=date.fromisoformat(row["first_day"]),
        every_days=int(row.get("every_days", 7)),
        handover=time.fromisoformat(row.get("handover", "09:00")),
        zone=str(row.get("zone", "Asia/Shanghai")),
        backups=tuple(int(each) for each in row.get("backups", ())),
        weekdays=tuple(int(each) for each in row.get("weekdays", ALL_DAYS)),
        follow=str(row.get("follow", ANY_TIME)), counts=str(row.get("counts", DAYS)),
        from_time=clock["from_time"], until_time=clock["until_time"],
    )  # fmt: skip


_TIMES = ("from_time", "until_time")


@dataclass(frozen=True)
class Configuration:
    """The layers of one roster, the highest first."""

    roster: str
    layers: tuple[Layer, ...] = ()

    @property
    def people(self) -> set[int]:
        """Everybody named in it."""
        return {pk for layer in self.layers for pk in (*layer.people, *layer.backups)}


@dataclass(frozen=True)
class Duty:
    """Who would stand from ``starts_at`` to ``ends_at`` (UTC), and which layer says so.

    ``rank`` is the layer's number from the top, ``turn`` that of its turn, both from 0. When the
    duty is a part of a longer one, in which somebody stands in, ``instead_of`` are those who are on
    leave, and ``cut_from`` is when the whole begins.
    """

    starts_at: datetime
    ends_at: datetime
    primary: int
    backup: int | None
    layer: str
    rank: int = 0
    turn: int = 0
    instead_of: tuple[int, ...] = ()
    cut_from: datetime | None = None

    @property
    def begins(self) -> datetime:
        """When the duty begins of which this is a part or the whole."""
        return self.cut_from or self.starts_at

    @property
    def span(self) -> Span:
        """From and to, UTC."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True)
class Plan:
    """Duties and gaps of a period, in order; ``unknown`` is time whose calendar is missing."""

    duties: tuple[Duty, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unknown: tuple[Span, ...] = field(default=())


def faults(configuration: Configuration) -> list[tuple[int, str]]:
    """What cannot be put in force, as (number of the layer, code); pure (R11, R14)."""
    found = [
        (number, code)
        for number, layer in enumerate(configuration.layers)
        for code in _faults(layer, configuration.roster)
    ]
    if len(configuration.layers) > MOST_LAYERS:
        found.append((MOST_LAYERS, "layers"))
    return found


def _faults(layer: Layer, roster: str) -> Iterator[str]:
    if not 0 < len(layer.people) <= MOST_PEOPLE or len(layer.backups) > MOST_PEOPLE:
        yield "people"
    elif roster == Roster.ON_CALL and not _always_two(layer):
        yield "two_people"
    yield from _turn_faults(layer)
    if layer.zone not in available_timezones():
        yield "zone"
    if not layer.weekdays or not set(layer.weekdays) <= set(ALL_DAYS):
        yield "weekdays"
    if (layer.from_time is None) != (layer.until_time is None):
        yield "times"
    if layer.follow not in (ANY_TIME, WORKING, OUTSIDE):
        yield "follow"
    elif layer.follow == OUTSIDE and roster == Roster.HOTLINE:
        yield "hotline_outside"


def _turn_faults(layer: Layer) -> Iterator[str]:
    longest = {DAYS: LONGEST_TURN, WORKING_DAYS: LONGEST_WORKING_TURN}
    if layer.counts not in longest:
        yield "counts"
    elif not 1 <= layer.every_days <= longest[layer.counts]:
        yield "every_days" if layer.counts == DAYS else "every_working_days"
    if not sensible(layer.first_day):
        yield "first_day"


def _always_two(layer: Layer) -> bool:
    turns = len(layer.people)
    return all(layer.pair(turn)[1] is not None for turn in range(turns))


def plan(
    configuration: Configuration,
    start: datetime,
    end: datetime,
    calendar: WorkingCalendar | None = None,
) -> Plan:
    """Who would stand from ``start`` to ``end`` (UTC), and what nobody would (R11, R14).

    The same minute has the same answer whatever period one asks about. ``calendar`` is needed by
    the hotline and by layers that follow it; where its year is missing they say nothing.
    """
    wanted = coverage(configuration.roster, start, end, calendar)
    working = _working(configuration, start, end, calendar)
    open_time = list(wanted.wanted)
    duties: list[Duty] = []
    for rank, layer in enumerate(configuration.layers):
        said = _spoken(layer, configuration.roster, start, end, working, calendar)
        taken: list[Span] = []
        for span, turn, (primary, backup) in said:
            for begins, finishes in common([span], open_time):
                duties.append(Duty(begins, finishes, primary, backup, layer.name, rank, turn))
                taken.append((begins, finishes))
        open_time = without(open_time, joined(taken))
    return Plan(
        duties=tuple(sorted(duties, key=lambda duty: duty.starts_at)),
        gaps=tuple(Gap(begins, finishes) for begins, finishes in joined(open_time)),
        unknown=_unknown(configuration, start, end, working or wanted, calendar),
    )


def _working(
    configuration: Configuration, start: datetime, end: datetime, calendar: WorkingCalendar | None
) -> Coverage | None:
    """Working time of the period, when anything in it follows the calendar."""
    follows = any(
        layer.follow != ANY_TIME or layer.counts == WORKING_DAYS for layer in configuration.layers
    )
    if not follows and configuration.roster != Roster.HOTLINE:
        return None
    return coverage(Roster.HOTLINE, start, end, calendar)


def _unknown(
    configuration: Configuration, start: datetime, end: datetime, working: Coverage,
    calendar: WorkingCalendar | None,
) -> tuple[Span, ...]:  # fmt: skip
    """Where a missing year keeps anybody from saying who stands."""
    uncounted = [
        (_midnight(layer, _known_until(layer, calendar)), end)
        for layer in configuration.layers
        if layer.counts == WORKING_DAYS and calendar
    ]
    return tuple(joined([*working.unknown, *within(uncounted, start, end)]))


def _spoken(
    layer: Layer,
    roster: str,
    start: datetime,
    end: datetime,
    working: Coverage | None,
    calendar: WorkingCalendar | None,
) -> Iterator[tuple[Span, int, tuple[int, int | None]]]:
    """The stretches of which this layer says who stands, in order, with the turn."""
    allowed: list[Span] = within(_hours(layer, start, end), start, end)
    if layer.follow == WORKING and working:
        allowed = common(allowed, working.wanted)
    if layer.follow == OUTSIDE and working:
        allowed = without(allowed, joined([*working.wanted, *working.unknown]))
    for turn, span in _turns(layer, start, end, calendar):
        pair = layer.pair(turn)
        if pair[1] is None and roster == Roster.ON_CALL:
            continue  # it cannot name two people, so it says nothing
        for part in common([span], allowed):
            yield part, turn, pair


def _turns(
    layer: Layer, start: datetime, end: datetime, calendar: WorkingCalendar | None
) -> Iterator[tuple[int, Span]]:
    """The turns that touch the period, numbered from the first day."""
    if layer.counts == WORKING_DAYS and calendar:
        yield from _working_turns(layer, end, calendar)
        return
    days = (start.astimezone(ZoneInfo(layer.zone)).date() - layer.first_day).days
    turn = max(0, days // layer.every_days - 1)
    while True:
        begins = _turn_start(layer, turn)
        if begins >= end:
            return
        finishes = _turn_start(layer, turn + 1)
        if finishes > start:
            yield turn, (begins, finishes)
        turn += 1


def _working_turns(
    layer: Layer, end: datetime, calendar: WorkingCalendar
) -> Iterator[tuple[int, Span]]:
    """All turns that begin before ``end``, numbered from the first working day.

    Where a year is missing nobody can count on, and the last turn ends there.
    """
    last = _known_until(layer, calendar)
    day, counted, turn, begins = layer.first_day, 0, -1, None
    while day < last and (begins is None or begins < end):
        if is_working_day(calendar, day):
            if counted % layer.every_days == 0:
                starts = instant(layer, day, layer.handover)
                if begins is not None:
                    yield turn, (begins, starts)
                begins, turn = starts, turn + 1
            counted += 1
        day += DAY
    if begins is not None and begins < end:
        yield turn, (begins, _midnight(layer, last))


def _known_until(layer: Layer, calendar: WorkingCalendar | None) -> date:
    """The first day from the layer's own on whose year nobody has loaded."""
    year = layer.first_day.year
    while calendar and year in calendar.years:
        year += 1
    return date(year, 1, 1)


def _midnight(layer: Layer, day: date) -> datetime:
    return instant(layer, day, time())


def _turn_start(layer: Layer, turn: int) -> datetime:
    return instant(layer, layer.first_day + turn * layer.every_days * DAY, layer.handover)


def _hours(layer: Layer, start: datetime, end: datetime) -> list[Span]:
    """When the layer's weekdays and times of day let it speak, on the clock of its zone."""
    if set(layer.weekdays) == set(ALL_DAYS) and layer.from_time is None:
        return [(start, end)]
    begins, finishes = layer.from_time or time(), layer.until_time or time()
    zone = ZoneInfo(layer.zone)
    day, last = start.astimezone(zone).date() - DAY, end.astimezone(zone).date()
    found: list[Span] = []
    while day <= last:
        if day.weekday() in layer.weekdays:
            until = day if finishes > begins else day + DAY
            found.append((instant(layer, day, begins), instant(layer, until, finishes)))
        day += DAY
    return joined(found)


def instant(layer: Layer, day: date, at: time) -> datetime:
    """A time on the clock of the layer's zone; one that the clock skips is the one before it."""
    return datetime.combine(day, at, ZoneInfo(layer.zone)).astimezone(UTC)
