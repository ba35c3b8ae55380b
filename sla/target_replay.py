"""Internal clocks rebuilt from the audit trail alone; the stored rows are not read.

What people did (start, pause, resume, stop) is taken from the events. Deadlines, breaches and
verdicts are computed anew on the working calendar, and an event that says otherwise is noted as a
fault. Where the calendar itself was changed after an event, its deadlines are believed: they were
counted on the calendar of their day, and the trail holds that change as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from audit.models import Event
from calendars.arithmetic import SHANGHAI, WorkingCalendar
from calendars.models import CalendarYear
from calendars.services import current_calendar
from sla import target_time
from sla import target_trail as trail
from sla.models import TargetClock
from sla.replay import at
from sla.target_time import JUST_AFTER, Deadlines

State = TargetClock.State


@dataclass(frozen=True)
class Calendars:
    """The working calendar, and the row of the trail that changed each of its years last."""

    calendar: WorkingCalendar
    changed: dict[int, int]

    def held_at(self, seq: int, instants: Iterable[datetime | None]) -> bool:
        """Was it, for these instants, already what it is now when row ``seq`` was written?"""
        years = {each.astimezone(SHANGHAI).year for each in instants if each}
        # An arrangement for the New Year may move a working day of the December before.
        touched = years | {year + 1 for year in years}
        return all(self.changed.get(year, 0) < seq for year in touched)


def known_calendars() -> Calendars:
    """As loaded now; two queries more than the calendar itself needs."""
    events = Event.objects.filter(
        target_type=CalendarYear._meta.label_lower,
        action__in=["calendar.loaded", "calendar.replaced"],
    ).order_by("seq")
    changed = {int(key): seq for key, seq in events.values_list("target_id", "seq")}
    return Calendars(current_calendar(), changed)


@dataclass
class RebuiltTarget:
    """One internal clock as the trail tells it; fields as those of ``TargetClock``."""

    subject: str
    step: str
    run: int
    kind: str
    url: str
    title: str
    is_demo: bool
    level: str
    minutes: int
    origin: datetime
    state: str = State.RUNNING
    due_at: datetime | None = None
    warn_at: datetime | None = None
    calendar_missing: bool = False
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    told_at: datetime | None = None
    stopped_at: datetime | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    faults: list[tuple[str, object, object]] = field(default_factory=list)

    def legs(self) -> list[target_time.Leg]:
        """The stretches of time that count."""
        return target_time.legs(self.origin, self.pauses, self.stopped_at)


def rebuild_target(events: Iterable[Event], calendars: Calendars) -> RebuiltTarget | None:
    """Rebuild one clock from its events, oldest first; None when it was never started."""
    clock: RebuiltTarget | None = None
    for event in events:
        if event.action in (trail.STARTED, trail.TAKEN_OVER):
            if clock is not None:
                clock.faults.append(("started", 2, 1))
                continue
            clock = _begin(event)
        if clock is not None and (rule := RULES.get(event.action)):
            rule(clock, event, calendars)
    return clock


def _begin(event: Event) -> RebuiltTarget:
    data = event.data
    fixed = {name: data[name] for name in trail.FIXED}
    return RebuiltTarget(
        subject=event.target_label, step=data["step"], run=data["run"],
        origin=_instant(data["origin"]), **fixed,
    )  # fmt: skip


def _started(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    _plan(clock, event, calendars)
    _agree(clock, event)


def _taken_over(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    data = event.data
    for name in (*trail.INSTANTS, "warned_at", "told_at"):
        setattr(clock, name, at(data[name]))
    clock.state, clock.calendar_missing = data["state"], data["calendar_missing"]
    clock.pauses = [(_instant(paused), at(resumed)) for paused, resumed in data["pauses"]]


def _paused(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    paused_at = _instant(event.data["paused_at"])
    clock.pauses.append((paused_at, None))
    _plan(clock, event, calendars)
    _breach(clock, event.happened_at)
    clock.state = State.PAUSED
    _agree(clock, event)


def _resumed(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    if not clock.pauses or clock.pauses[-1][1] is not None:
        clock.faults.append(("pauses", event.action, ""))
        return
    paused_at, _open = clock.pauses[-1]
    clock.pauses[-1] = (paused_at, at(event.data["resumed_at"]))
    clock.state = State.RUNNING
    _plan(clock, event, calendars)
    _agree(clock, event)


def _stopped(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    _plan(clock, event, calendars)
    open_pause = clock.pauses[-1] if clock.pauses and clock.pauses[-1][1] is None else None
    # A clock that ends while paused ended when it was paused.
    ended = open_pause[0] if open_pause else event.happened_at
    _breach(clock, ended)
    clock.stopped_at = ended
    clock.state = _verdict(clock, event.data["state"])
    _agree(clock, event)


def _planned(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    _plan(clock, event, calendars)
    _agree(clock, event)


def _judged(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    _plan(clock, event, calendars)
    if clock.stopped_at:
        _breach(clock, clock.stopped_at)
    clock.state = _verdict(clock, event.data["state"])
    _agree(clock, event)


def _reminded(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    """Reminded in time of what the clock says; older events of this kind name no instants."""
    code, fired_at = event.data["code"], at(event.data.get("fired_at"))
    if fired_at is None:
        return
    expected = clock.due_at + JUST_AFTER if code == "breach" and clock.due_at else clock.warn_at
    if at(event.data["due_at"]) != expected or (expected and fired_at < expected):
        clock.faults.append((f"reminder {code}", at(event.data["due_at"]), expected))
    if code == "breach":
        clock.breached_at = clock.breached_at or at(event.data["due_at"])
        clock.told_at = fired_at
    clock.warned_at = clock.warned_at or fired_at


def _plan(clock: RebuiltTarget, event: Event, calendars: Calendars) -> None:
    """Deadlines by arithmetic; by the event's word where the calendar was changed since."""
    said = Deadlines(
        at(event.data["due_at"]), at(event.data["warn_at"]), event.data["calendar_missing"]
    )
    ran = (clock.origin, event.happened_at, said.due_at)
    found = said
    if calendars.held_at(event.seq, ran):
        counted = clock.legs()
        if counted and clock.stopped_at:
            counted = [*counted[:-1], (counted[-1][0], None)]
        found = target_time.deadlines(calendars.calendar, counted, clock.minutes)
    clock.due_at, clock.warn_at = found.due_at, found.warn_at
    clock.calendar_missing = found.calendar_missing


def _breach(clock: RebuiltTarget, instant: datetime) -> None:
    if clock.breached_at is None and clock.due_at and instant > clock.due_at:
        clock.breached_at = clock.due_at + JUST_AFTER


def _verdict(clock: RebuiltTarget, said: str) -> str:
    """Void is a person's act, but hides no breach; everything else is judged anew."""
    if clock.breached_at:
        return State.MISSED
    if said == State.VOIDED:
        return State.VOIDED
    return State.UNJUDGED if clock.calendar_missing else State.MET


def _agree(clock: RebuiltTarget, event: Event) -> None:
    """Note a fault where the event says something else than the arithmetic."""
    said = {"state": event.data["state"], "calendar_missing": event.data["calendar_missing"]}
    said |= {name: at(event.data[name]) for name in trail.INSTANTS}
    for name, value in said.items():
        computed = getattr(clock, name)
        if computed != value:
            clock.faults.append((name, value, computed))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


Rule = Callable[[RebuiltTarget, Event, Calendars], None]
RULES: dict[str, Rule] = {
    trail.STARTED: _started,
    trail.TAKEN_OVER: _taken_over,
    trail.PAUSED: _paused,
    trail.RESUMED: _resumed,
    trail.STOPPED: _stopped,
    trail.PLANNED: _planned,
    trail.JUDGED: _judged,
    trail.REMINDER: _reminded,
}
