"""Clocks rebuilt from the audit trail alone, by the same arithmetic: the stored rows are not read.

What people decided (an origin, a stop) is taken from the events; what follows from it (due times,
verdicts, which milestone stands where) is computed anew, and an event that says otherwise is noted
as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.models import Event
from sla import schedule, trail
from sla.models import Clock

State = Clock.State
Key = tuple[str, int]


@dataclass
class Terms:
    """The agreement as it stood when the clocks were opened; hours."""

    version: int
    fix_hours: int
    plan_hours: int
    report_hours: int
    plan_clock_origin: str
    warnings: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Told:
    """A milestone that was told; instants UTC."""

    due_at: datetime
    fired_at: datetime
    late: bool


@dataclass
class Rebuilt:
    """One clock as the trail tells it."""

    kind: str
    run: int
    origin: datetime
    due_at: datetime
    state: str = State.RUNNING
    opened_at: datetime | None = None
    stopped_at: datetime | None = None
    # None: an older event of the trail did not say what ended the clock.
    ended_by: str | None = ""
    breached_at: datetime | None = None
    told: dict[str, Told] = field(default_factory=dict)
    # Every telling, also of a warning that came again: by code and the instant it stood at.
    tellings: dict[tuple[str, datetime], Told] = field(default_factory=dict)


@dataclass
class Story:
    """All clocks of one record, and what in the trail contradicts itself."""

    terms: Terms | None = None
    created_at: datetime | None = None
    hour_seconds: int = schedule.HOUR
    clocks: dict[Key, Rebuilt] = field(default_factory=dict)
    faults: list[tuple[Key | None, str, str, str]] = field(default_factory=list)

    def moments(self, clock: Rebuilt) -> list[schedule.Moment]:
        """Every milestone of a clock under the terms of the trail."""
        assert self.terms is not None
        return schedule.milestones(clock.kind, clock.origin, self.terms, self.hour_seconds)

    def next_moment(self, clock: Rebuilt) -> datetime | None:
        """When the next milestone is due; None for a clock that has ended."""
        if clock.state != State.RUNNING:
            return None
        return next((moment.at for moment in self.pending(clock)), None)

    def pending(self, clock: Rebuilt) -> list[schedule.Moment]:
        """Milestones still to be told; a warning that a later T0 puts off comes again."""
        return [each for each in self.moments(clock) if _waits(clock, each.code, each.at)]

    def expect(self, key: Key, what: str, computed: Any, said: Any) -> None:
        """Note a fault when the trail says something else than the arithmetic."""
        if computed != said:
            self.faults.append((key, what, _words(said), _words(computed)))


def rebuild(events: Iterable[Event]) -> Story:
    """Rebuild the clocks of one record from its events, oldest first."""
    story = Story()
    for event in events:
        rule = RULES.get(event.action)
        if rule is None:
            continue
        if event.action != trail.OPENED and story.terms is None:
            story.faults.append((None, "opening", "", event.action))
            break
        rule(story, event.data, event)
    return story


def at(text: str | None) -> datetime | None:
    """An instant as an event holds it."""
    return datetime.fromisoformat(text) if text else None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _opened(story: Story, data: dict[str, Any], event: Event) -> None:
    story.terms = Terms(
        data["agreement"],
        data["fix_hours"],
        data["plan_hours"],
        data["report_hours"],
        data["plan_clock_origin"],
        data["warnings"],
    )
    story.hour_seconds, story.created_at = data["hour_seconds"], at(data["created_at"])


def _started(story: Story, data: dict[str, Any], event: Event) -> None:
    key = _key(data)
    if key in story.clocks:
        story.faults.append((key, "started", "2", "1"))
        return
    clock = Rebuilt(*key, _instant(data["origin"]), _instant(data["due_at"]))
    story.clocks[key] = clock
    _count_from(story, key, clock, data)


def _moved(story: Story, data: dict[str, Any], event: Event) -> None:
    key = _key(data)
    if clock := _known(story, key, event):
        story.expect(key, "origin", clock.origin, _instant(data["was"]))
        clock.origin = _instant(data["origin"])
        _count_from(story, key, clock, data)
        _open_again(story, clock, event.happened_at)


def _open_again(story: Story, clock: Rebuilt, moved_at: datetime) -> None:
    """A duty that a later T0 puts into the future has not begun; moved back, it has as told."""
    opening = [each for each in story.moments(clock) if each.code == schedule.DUTY_OPENED]
    if opening and opening[0].at > moved_at:
        clock.opened_at = None
    elif clock.opened_at is None and (told := clock.told.get(schedule.DUTY_OPENED)):
        clock.opened_at = told.due_at


def _waits(clock: Rebuilt, code: str, due_at: datetime) -> bool:
    """Not told, or told before the instant it stands at now; a breach is told once (R21)."""
    told = clock.told.get(code)
    return told is None or (code != schedule.BREACH and told.fired_at < due_at)


def _count_from(story: Story, key: Key, clock: Rebuilt, data: dict[str, Any]) -> None:
    """The due time follows from the origin and the terms; the event only repeats it."""
    assert story.terms is not None
    clock.due_at = schedule.due(clock.kind, clock.origin, story.terms, story.hour_seconds)
    story.expect(key, "due_at", clock.due_at, _instant(data["due_at"]))


def _told(story: Story, data: dict[str, Any], event: Event) -> None:
    key = _key(data)
    clock = _known(story, key, event)
    if clock is None:
        return
    code, due_at, fired_at = data["code"], _instant(data["due_at"]), _instant(data["fired_at"])
    if not _waits(clock, code, due_at):
        story.faults.append((key, code, "2", "1"))
        return
    moments = {moment.code: moment.at for moment in story.moments(clock)}
    story.expect(key, code, moments.get(code), due_at)
    assert story.created_at is not None
    late = due_at < story.created_at or schedule.is_late(due_at, fired_at, story.hour_seconds)
    story.expect(key, f"{code} late", late, data["late"])
    clock.told[code] = clock.tellings[code, due_at] = Told(due_at, fired_at, late)
    if code == schedule.DUTY_OPENED:
        clock.opened_at = due_at
    elif code == schedule.BREACH:
        clock.breached_at = due_at


def _stopped(story: Story, data: dict[str, Any], event: Event) -> None:
    key = _key(data)
    clock = _known(story, key, event)
    if clock is None:
        return
    clock.stopped_at, clock.ended_by = at(data["stopped_at"]), data.get("by")
    clock.state = _verdict(clock, data["state"])
    story.expect(key, "state", clock.state, data["state"])
    if clock.state == State.MISSED and clock.breached_at is None:
        clock.breached_at = clock.due_at + schedule.JUST_AFTER
    story.expect(key, "breached_at", clock.breached_at, at(data["breached_at"]))


def _verdict(clock: Rebuilt, said: str) -> str:
    """Met or missed is judged anew; lapsed and void are people's acts, but hide no breach."""
    if clock.breached_at is not None:
        return State.MISSED
    if said in (State.LAPSED, State.VOIDED):
        return said
    stopped_at = clock.stopped_at or clock.due_at
    return schedule.judge(clock.due_at, stopped_at, stopped_at)


def _ran_on(story: Story, data: dict[str, Any], event: Event) -> None:
    if clock := _known(story, _key(data), event):
        clock.state, clock.stopped_at, clock.ended_by = State.RUNNING, None, ""


def _known(story: Story, key: Key, event: Event) -> Rebuilt | None:
    clock = story.clocks.get(key)
    if clock is None:
        story.faults.append((key, "started", "", event.action))
    return clock


def _key(data: dict[str, Any]) -> Key:
    return data["clock"], data["run"]


def _words(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


Rule = Callable[[Story, dict[str, Any], Event], None]
RULES: dict[str, Rule] = {
    trail.OPENED: _opened,
    trail.STARTED: _started,
    trail.MOVED: _moved,
    trail.MILESTONE: _told,
    trail.STOPPED: _stopped,
    trail.RAN_ON: _ran_on,
}
