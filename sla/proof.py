"""Do the stored clocks say what the audit trail says? (I03, I17, R21–R24)

Every clock is rebuilt from its events and compared, field by field and milestone by milestone,
with the rows that pages and the engine read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from audit import services as audit
from audit.models import Event
from sla.firing import PUSH_BACK, locked_clocks
from sla.models import Clock, Commitment
from sla.replay import Rebuilt, Story, rebuild

MARGIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Difference:
    """One thing that is stored otherwise than the trail tells it; "" stands for nothing there."""

    subject: str
    clock: str
    what: str
    stored: str
    rebuilt: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.subject, self.clock, self.what) if part)
        stored, rebuilt = self.stored or "nothing", self.rebuilt or "nothing"
        return f"{place}: {stored} is stored, the trail gives {rebuilt}"

    def as_data(self) -> dict[str, str]:
        """For the report of a check."""
        return asdict(self)


def differences(commitments: list[Commitment], now: datetime) -> list[Difference]:
    """Compare these records' clocks with the trail; ``now`` UTC.

    A record that was being changed meanwhile is looked at again under its lock.
    """
    suspects = _compare(commitments, now)
    if not suspects:
        return []
    wrong = {each.subject for each in suspects}
    found: list[Difference] = []
    for commitment in commitments:
        if commitment.subject in wrong:
            with audit.unit_of_work():
                list(locked_clocks(commitment))
                found += _compare([commitment], now)
    return found


def _compare(commitments: list[Commitment], now: datetime) -> list[Difference]:
    keys = {str(commitment.pk): commitment for commitment in commitments}
    told: dict[str, list[Event]] = defaultdict(list)
    events = Event.objects.filter(
        target_type=Commitment._meta.label_lower, target_id__in=list(keys)
    ).order_by("seq")
    for event in events:
        told[event.target_id].append(event)
    clocks: dict[int, list[Clock]] = defaultdict(list)
    rows = Clock.objects.filter(commitment__in=commitments).order_by("pk")
    for clock in rows.prefetch_related("milestones"):
        clocks[clock.commitment_id].append(clock)
    found: list[Difference] = []
    for key, commitment in keys.items():
        found += compare(commitment, clocks[commitment.pk], rebuild(told[key]), now)
    return found


def compare(
    commitment: Commitment, clocks: Iterable[Clock], story: Story, now: datetime
) -> list[Difference]:
    """Compare one record's stored clocks with its story."""
    notes = Notes(commitment.subject)
    for key, what, said, computed in story.faults:
        notes.add(_name(*key) if key else "", what, said, computed)
    if story.terms is None:
        notes.add("", "opening", "clocks", "")
        return notes.found
    agreement = commitment.agreement
    for what, stored, rebuilt in (
        ("hour_seconds", commitment.hour_seconds, story.hour_seconds),
        ("created_at", commitment.created_at, story.created_at),
        ("agreement", agreement.version, story.terms.version),
        ("fix_hours", agreement.fix_hours, story.terms.fix_hours),
        ("plan_hours", agreement.plan_hours, story.terms.plan_hours),
        ("report_hours", agreement.report_hours, story.terms.report_hours),
        ("plan_clock_origin", agreement.plan_clock_origin, story.terms.plan_clock_origin),
        ("warnings", agreement.warnings, story.terms.warnings),
    ):
        notes.same("", what, stored, rebuilt)
    waiting = dict(story.clocks)
    for clock in clocks:
        rebuilt_clock = waiting.pop((clock.kind, clock.run), None)
        if rebuilt_clock is None:
            notes.add(_name(clock.kind, clock.run), "clock", clock.state, "")
        else:
            _compare_clock(notes, clock, rebuilt_clock, story, now)
    for missing in waiting.values():
        notes.add(_name(missing.kind, missing.run), "clock", "", missing.state)
    return notes.found


def _compare_clock(
    notes: Notes, clock: Clock, rebuilt: Rebuilt, story: Story, now: datetime
) -> None:
    name = _name(clock.kind, clock.run)
    for what in ("origin", "due_at", "state", "opened_at", "stopped_at", "breached_at"):
        notes.same(name, what, getattr(clock, what), getattr(rebuilt, what))
    if rebuilt.ended_by is not None:
        notes.same(name, "ended_by", clock.ended_by, rebuilt.ended_by)
    if not waits_rightly(clock.next_milestone_at, story.next_moment(rebuilt), now):
        notes.same(name, "next_milestone_at", clock.next_milestone_at, story.next_moment(rebuilt))
    stored = {(row.code, row.due_at): row for row in clock.milestones.all()}
    for code, at in sorted(stored.keys() | rebuilt.tellings.keys()):
        row, told = stored.get((code, at)), rebuilt.tellings.get((code, at))
        if row is None or told is None:
            there = row.due_at if row else None
            notes.same(name, f"milestone {code}", there, told.due_at if told else None)
            continue
        for what in ("fired_at", "late"):
            notes.same(name, f"milestone {code} {what}", getattr(row, what), getattr(told, what))


def waits_rightly(stored: datetime | None, rebuilt: datetime | None, now: datetime) -> bool:
    """A milestone that could not be told is tried again within a minute; nothing else may wait."""
    if stored is None or rebuilt is None or stored == rebuilt:
        return stored == rebuilt
    return rebuilt <= now and rebuilt < stored <= now + PUSH_BACK + MARGIN


@dataclass
class Notes:
    """The differences of one record, as they are found."""

    subject: str

    def __post_init__(self) -> None:
        self.found: list[Difference] = []

    def same(self, clock: str, what: str, stored: object, rebuilt: object) -> None:
        """Note a difference unless both are equal."""
        if stored != rebuilt:
            self.add(clock, what, stored, rebuilt)

    def add(self, clock: str, what: str, stored: object, rebuilt: object) -> None:
        """Note a difference."""
        self.found.append(Difference(self.subject, clock, what, _words(stored), _words(rebuilt)))


def _name(kind: str, run: int) -> str:
    return kind if run == 1 else f"{kind} {run}"


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
