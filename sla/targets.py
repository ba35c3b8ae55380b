"""Internal targets of ticket steps: clocks in working time that can pause. No contract here.

The room that owns the record calls ``follow`` inside each step; everything else follows from it.
All instants are UTC. A year without calendar is never guessed: such a clock has no deadline and
says so (日历缺失), until the calendar is loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.actors import CLOCK_ENGINE
from audit import services as audit
from calendars.arithmetic import WorkingCalendar
from calendars.services import current_calendar
from engine.due import backlog, claim_due
from sla import handlers, schedule, target_time, target_trail
from sla.models import Target, TargetClock, TargetPause
from sla.target_time import JUST_AFTER, Leg

State = TargetClock.State
LIVE = (State.RUNNING, State.PAUSED)
BATCH = 50
LOOK_AGAIN = timedelta(hours=1)
PUSH_BACK = timedelta(seconds=60)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Subject:
    """The record whose steps are timed: its number, address, title, urgency, kind."""

    number: str
    kind: str
    url: str
    title: str
    level: str
    is_demo: bool = False


def follow(
    subject: Subject,
    *,
    steps: Collection[str],
    now: datetime,
    hold: bool = False,
    drop: bool = False,
    actor: audit.Actor = CLOCK_ENGINE,
    reason: str = "",
) -> None:
    """Bring the record's clocks in line: ``steps`` are under way, every other one is over.

    ``hold``: the record waits for its reporter, so what runs pauses instead of ending. ``drop``:
    the record is withdrawn, merged or void, so what runs is void unless it is already missed.
    Calling it again changes nothing. Joins the caller's transaction. Each change is an event of
    ``actor`` with the opinion (``reason``) of his step, so that the trail alone gives the clock.
    """
    with audit.unit_of_work():
        live = {clock.step: clock for clock in _live(subject.number)}
        desk = _Desk(now, actor, reason)
        for step, clock in live.items():
            if drop:
                desk.void(clock)
            elif hold and step not in steps:
                desk.pause(clock)
            elif step not in steps:
                desk.stop(clock)
            else:
                desk.resume(clock)
        missing = [step for step in steps if step not in live]
        if missing and not drop:
            desk.start(subject, missing)


def legs_of(clock: TargetClock) -> list[Leg]:
    """The stretches of time that count, in order; the last one is open while the clock runs."""
    pauses = [(pause.paused_at, pause.resumed_at) for pause in clock.pauses.all()]
    return target_time.legs(clock.origin, pauses, clock.stopped_at)


def plan(clock: TargetClock, calendar: WorkingCalendar) -> bool:
    """Compute deadline and reminder anew; the caller saves.

    False without calendar: then there is neither, and the clock is marked.
    """
    legs = legs_of(clock)
    open_legs = [*legs[:-1], (legs[-1][0], None)] if legs and clock.stopped_at else legs
    found = target_time.deadlines(calendar, open_legs, clock.minutes)
    clock.due_at, clock.warn_at = found.due_at, found.warn_at
    clock.calendar_missing = found.calendar_missing
    return not found.calendar_missing


def next_of(clock: TargetClock, now: datetime) -> datetime | None:
    """When the engine must look at the clock again; None: never, as it stands."""
    if clock.state not in (State.RUNNING, State.UNJUDGED):
        return None
    if clock.calendar_missing:
        return now + LOOK_AGAIN
    moments = []
    if clock.warn_at and not clock.warned_at:
        moments.append(clock.warn_at)
    if clock.due_at and not clock.told_at:
        moments.append(clock.due_at + JUST_AFTER)
    return min(moments, default=None)


class _Desk:
    """Does things to clocks at one instant; the calendar is read once, and only if needed."""

    def __init__(self, now: datetime, actor: audit.Actor = CLOCK_ENGINE, reason: str = "") -> None:
        self.now, self.actor, self.reason = schedule.to_second(now), actor, reason
        self._calendar: WorkingCalendar | None = None

    @property
    def calendar(self) -> WorkingCalendar:
        if self._calendar is None:
            self._calendar = current_calendar()
        return self._calendar

    def start(self, subject: Subject, steps: Collection[str]) -> None:
        """Start what has a target; a step without one is not agreed and gets no clock."""
        targets = Target.objects.filter(step__in=steps, level=subject.level)
        for target in targets:
            earlier = TargetClock.objects.filter(subject=subject.number, step=target.step)
            clock = TargetClock(
                subject=subject.number, kind=subject.kind, url=subject.url,
                title=subject.title[:200], is_demo=subject.is_demo, step=target.step,
                run=earlier.count() + 1, level=subject.level, minutes=target.minutes,
                origin=self.now,
            )  # fmt: skip
            clock.save()
            self._save(clock, target_trail.STARTED)

    def pause(self, clock: TargetClock) -> None:
        if clock.state == State.RUNNING:
            TargetPause.objects.create(clock=clock, paused_at=max(self.now, clock.origin))
            self._note_breach(clock, self.now)
            clock.state = State.PAUSED
            self._save(clock, target_trail.PAUSED)

    def resume(self, clock: TargetClock) -> None:
        if clock.state == State.PAUSED:
            clock.pauses.filter(resumed_at=None).update(resumed_at=self.now)
            clock.state = State.RUNNING
            self._save(clock, target_trail.RESUMED)

    def stop(self, clock: TargetClock) -> None:
        """The step is done: met or missed, or to be judged once the calendar is there."""
        at = self._last_counted(clock)
        self._note_breach(clock, at)
        clock.stopped_at = at
        clock.state = self.verdict(clock)
        self._save(clock, target_trail.STOPPED)

    def void(self, clock: TargetClock) -> None:
        at = self._last_counted(clock)
        self._note_breach(clock, at)
        clock.stopped_at = at
        clock.state = State.MISSED if clock.breached_at else State.VOIDED
        self._save(clock, target_trail.STOPPED)

    def verdict(self, clock: TargetClock) -> str:
        if clock.breached_at:
            return State.MISSED
        return State.UNJUDGED if clock.calendar_missing else State.MET

    def _last_counted(self, clock: TargetClock) -> datetime:
        """A clock that ends while paused ended when it was paused."""
        pause = clock.pauses.filter(resumed_at=None).first()
        return pause.paused_at if pause else self.now

    def _note_breach(self, clock: TargetClock, at: datetime) -> None:
        plan(clock, self.calendar)
        if clock.breached_at is None and clock.due_at and at > clock.due_at:
            clock.breached_at = clock.due_at + JUST_AFTER

    def _save(self, clock: TargetClock, action: str) -> None:
        if clock.state in LIVE:
            plan(clock, self.calendar)
        clock.next_at = next_of(clock, self.now)
        clock.save()
        target_trail.changed(clock, action, now=self.now, actor=self.actor, reason=self.reason)


def unreminded(now: datetime) -> int:
    """Internal clocks to be looked at by ``now`` (UTC), counted up to the engine's limit."""
    return backlog(_waiting(), now=now, due_field="next_at")


def remind_due(now: datetime) -> int:
    """Engine "targets": remind of what is due at ``now`` (UTC); returns how many were looked at.

    An error in one clock is logged and delays that clock by a minute; the others go on.
    """
    waiting = _waiting()
    if not waiting.filter(next_at__lte=now).exists():
        return 0
    with audit.unit_of_work():
        clocks = claim_due(
            waiting.prefetch_related("pauses"), now=now, due_field="next_at", limit=BATCH
        )
        desk = _Desk(now)
        for clock in clocks:
            _look_safely(clock, desk, now)
    return len(clocks)


def _look_safely(clock: TargetClock, desk: _Desk, now: datetime) -> None:
    try:
        with audit.unit_of_work():
            _look(clock, desk, now)
    except Exception:
        log.exception("internal clock %s failed; next try in a minute", clock)
        TargetClock.objects.filter(pk=clock.pk).update(next_at=now + PUSH_BACK)


def _look(clock: TargetClock, desk: _Desk, now: datetime) -> None:
    missing = clock.calendar_missing
    if missing and plan(clock, desk.calendar) and clock.state == State.RUNNING:
        target_trail.changed(clock, target_trail.PLANNED, now=now, actor=CLOCK_ENGINE)
    if clock.due_at is not None:
        if clock.state == State.UNJUDGED:
            _judge_late(clock, desk)
        elif now > clock.due_at:
            clock.breached_at = clock.breached_at or clock.due_at + JUST_AFTER
            clock.warned_at = clock.warned_at or now
            _tell(clock, "breach", clock.due_at + JUST_AFTER, now)
            clock.told_at = now
        elif clock.warn_at and clock.warn_at <= now and clock.warned_at is None:
            _tell(clock, "warn", clock.warn_at, now)
            clock.warned_at = now
    clock.next_at = next_of(clock, now)
    clock.save()


def _judge_late(clock: TargetClock, desk: _Desk) -> None:
    """The calendar came after the step was over."""
    if clock.due_at and clock.stopped_at and clock.stopped_at > clock.due_at:
        clock.breached_at = clock.due_at + JUST_AFTER
    clock.state = desk.verdict(clock)
    target_trail.changed(clock, target_trail.JUDGED, now=desk.now, actor=CLOCK_ENGINE)


def _tell(clock: TargetClock, code: str, due_at: datetime, now: datetime) -> None:
    target_trail.reminded(clock, code, due_at=due_at, now=now)
    handlers.remind(handlers.Reminder(clock, code, due_at, now))


def _waiting() -> QuerySet[TargetClock]:
    return TargetClock.objects.filter(state__in=[State.RUNNING, State.UNJUDGED])


def _live(number: str) -> QuerySet[TargetClock]:
    return (
        TargetClock.objects.filter(subject=number, state__in=LIVE)
        .select_for_update()
        .order_by("pk")
    )
