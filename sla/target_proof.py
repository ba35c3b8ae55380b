"""Do the stored internal clocks say what the audit trail says? (I03, I17)

The same proof as that of the contract clocks (``sla.proof``), for clocks in working time. Looked
at by number of the row, gaps included: a clock that somebody took away is found by its events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Max

from audit import services as audit
from audit.models import Event
from sla.models import TargetClock
from sla.proof import MARGIN, Difference, Notes, waits_rightly
from sla.target_replay import RebuiltTarget, known_calendars, rebuild_target
from sla.target_time import JUST_AFTER
from sla.target_trail import STARTED
from sla.targets import LOOK_AGAIN, State

TYPE = TargetClock._meta.label_lower
COMPARED = (
    "subject", "step", "run", "kind", "url", "title", "is_demo", "level", "minutes", "origin",
    "state", "due_at", "warn_at", "calendar_missing", "warned_at", "breached_at", "told_at",
    "stopped_at",
)  # fmt: skip


def last_number() -> int:
    """The highest row number of an internal clock that is stored, or that the trail knows."""
    stored = TargetClock.objects.aggregate(last=Max("pk"))["last"] or 0
    told = Event.objects.filter(action=STARTED, target_type=TYPE).order_by("-seq").first()
    return max(stored, int(told.target_id) if told else 0)


def numbers_of(subject: str) -> list[int]:
    """Row numbers of a record's internal clocks, also of one that was taken away since.

    The trail is searched from the first stored clock's beginning on; what stood before it, and a
    record without any stored clock, is found by the nightly walk through all numbers.
    """
    stored = sorted(TargetClock.objects.filter(subject=subject).values_list("pk", flat=True))
    if not stored:
        return []
    first = Event.objects.filter(target_type=TYPE, target_id=str(stored[0])).order_by("seq").first()
    told = Event.objects.filter(
        action=STARTED, seq__gt=first.seq if first else 0, target_type=TYPE, target_label=subject
    )
    return sorted({*stored, *map(int, told.values_list("target_id", flat=True))})


def target_differences(numbers: Collection[int], now: datetime) -> tuple[int, list[Difference]]:
    """Compare the clocks with these row numbers; how many there are, and what differs.

    ``now`` is UTC. One that was being changed meanwhile is looked at again under its lock.
    """
    seen, suspects = _compare(numbers, now)
    if not suspects:
        return seen, []
    with audit.unit_of_work():
        list(TargetClock.objects.select_for_update().filter(pk__in=suspects).order_by("pk"))
        found = _compare(suspects, now)[1]
    return seen, [each for those in found.values() for each in those]


def _compare(numbers: Collection[int], now: datetime) -> tuple[int, dict[int, list[Difference]]]:
    calendars = known_calendars()
    told: dict[int, list[Event]] = defaultdict(list)
    keys = [str(number) for number in numbers]
    for event in Event.objects.filter(target_type=TYPE, target_id__in=keys).order_by("seq"):
        told[int(event.target_id)].append(event)
    rows = TargetClock.objects.filter(pk__in=numbers).prefetch_related("pauses").in_bulk()
    found = {}
    for number in sorted(rows.keys() | told.keys()):
        notes = compare(rows.get(number), rebuild_target(told[number], calendars), now)
        if notes:
            found[number] = notes
    return len(rows.keys() | told.keys()), found


def compare(
    clock: TargetClock | None, rebuilt: RebuiltTarget | None, now: datetime
) -> list[Difference]:
    """Compare one stored clock with what the trail gives."""
    there = clock or rebuilt
    if there is None:
        return []
    notes = Notes(there.subject)
    name = there.step if there.run == 1 else f"{there.step} {there.run}"
    if clock is None or rebuilt is None:
        notes.add(name, "clock", clock and clock.state, rebuilt and rebuilt.state)
        return notes.found
    for what, said, computed in rebuilt.faults:
        notes.add(name, f"trail {what}", said, computed)
    for what in COMPARED:
        notes.same(name, what, getattr(clock, what), getattr(rebuilt, what))
    _compare_next(notes, name, clock, rebuilt, now)
    stored = [(row.paused_at, row.resumed_at) for row in clock.pauses.all()]
    if stored != rebuilt.pauses:
        notes.add(name, "pauses", _spans(stored), _spans(rebuilt.pauses))
    return notes.found


def _compare_next(
    notes: Notes, name: str, clock: TargetClock, rebuilt: RebuiltTarget, now: datetime
) -> None:
    """When the engine looks next; while a calendar is missing it looks once an hour."""
    if rebuilt.calendar_missing and rebuilt.state in (State.RUNNING, State.UNJUDGED):
        if clock.next_at is None or clock.next_at > now + LOOK_AGAIN + MARGIN:
            notes.add(name, "next_at", clock.next_at, now + LOOK_AGAIN)
        return
    expected = _next_moment(rebuilt)
    if not waits_rightly(clock.next_at, expected, now):
        notes.add(name, "next_at", clock.next_at, expected)


def _next_moment(rebuilt: RebuiltTarget) -> datetime | None:
    if rebuilt.state != State.RUNNING:
        return None
    moments = []
    if rebuilt.warn_at and not rebuilt.warned_at:
        moments.append(rebuilt.warn_at)
    if rebuilt.due_at and not rebuilt.told_at:
        moments.append(rebuilt.due_at + JUST_AFTER)
    return min(moments, default=None)


def _spans(pauses: Iterable[tuple[datetime, datetime | None]]) -> str:
    return ", ".join(
        f"{since.isoformat()}/{until.isoformat() if until else ''}" for since, until in pauses
    )
