"""Why is it due then? Every start, stop, move and milestone of a clock as a sentence (R21–R24).

The sentences are read out of the audit trail, which nobody can change unseen; what the stored rows
say is compared with it every night (``sla.proof``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event
from sla import trail
from sla.models import Clock, Commitment
from sla.panels import LABELS, MILESTONES
from sla.replay import Key, Rebuilt, Story, at, rebuild
from sla.schedule import BREACH
from workflow.durations import hours_minutes, stamp

HOUR = 3600


@dataclass(frozen=True)
class Line:
    """One thing that happened to a clock, or will. ``seq`` is its row in the audit trail."""

    at: datetime
    sentence: str
    person: str = ""
    reason: str = ""
    seq: int | None = None
    tone: str = ""
    entered_at: datetime | None = None
    hash: str = ""


@dataclass(frozen=True)
class Day:
    """A calendar day an internal clock ran through: which hours of it counted, and why."""

    date: date
    what: str
    hours: str
    counted: str
    total: str
    works: bool


@dataclass(frozen=True)
class Account:
    """The account of one clock; ``days`` only where working time counts."""

    title: str
    why: str
    chip: dict[str, Any]
    lines: list[Line]
    to_come: list[Line] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)


def account_of(commitment: Commitment) -> list[Account]:
    """The ledger of every clock of a record, in the reader's language, oldest clock first."""
    events = list(Event.objects.about(commitment))
    story = rebuild(events)
    if story.terms is None:
        return []
    by_clock: dict[Key, list[Event]] = {key: [] for key in story.clocks}
    for event in events:
        key = (event.data.get("clock", ""), event.data.get("run", 0))
        if key in by_clock:
            by_clock[key].append(event)
    return [
        _account(story, clock, by_clock[key], _opening(events))
        for key, clock in story.clocks.items()
    ]


def _account(
    story: Story, clock: Rebuilt, events: Iterable[Event], opening: Event | None
) -> Account:
    lines = [_terms(story, opening)] if opening else []
    lines += [_line(event, story, clock) for event in events]
    return Account(
        title=title_of(clock.kind, clock.run),
        why=_why(story, clock),
        chip={
            "due_at": clock.due_at,
            "started_at": clock.origin,
            "stopped_at": clock.stopped_at,
            "state": clock.state,
            "hour_seconds": story.hour_seconds,
        },
        lines=lines,
        to_come=_to_come(story, clock),
    )


def title_of(kind: str, run: int) -> str:
    """ "Fault report, 2nd run": the name of a clock."""
    label = str(LABELS[Clock.Kind(kind)])
    return label if run == 1 else _("%(clock)s, run %(run)s") % {"clock": label, "run": run}


def _opening(events: Iterable[Event]) -> Event | None:
    return next((event for event in events if event.action == trail.OPENED), None)


# --- why ---------------------------------------------------------------------------------------
def _why(story: Story, clock: Rebuilt) -> str:
    """The one sentence: from where, how long, until when."""
    terms = story.terms
    assert terms is not None
    hours = {"fix": terms.fix_hours, "plan": terms.plan_hours, "report": terms.report_hours}
    facts = {
        "origin": stamp(clock.origin, "s"),
        "due": stamp(clock.due_at, "s"),
        "hours": hours[clock.kind],
        "version": terms.version,
        "seconds": story.hour_seconds,
    }
    if clock.kind == Clock.Kind.REPORT:
        text = _(
            "Due at %(due)s: %(hours)s hours after the fault was resolved at %(origin)s, as "
            "version %(version)s of the agreement says."
        )
    elif clock.kind == Clock.Kind.PLAN and terms.plan_clock_origin == "fix_due":
        text = _(
            "Due at %(due)s: %(hours)s hours after the missed fix time at %(origin)s, as version "
            "%(version)s of the agreement says."
        )
    else:
        text = _(
            "Due at %(due)s: %(hours)s hours after T0, the first report at %(origin)s, as version "
            "%(version)s of the agreement says."
        )
    return " ".join([text % facts, _counting(story.hour_seconds)])


def _counting(hour_seconds: int) -> str:
    if hour_seconds != HOUR:
        return _("In this drill an hour of the contract lasts %(seconds)s seconds.") % {
            "seconds": hour_seconds
        }
    return _("Every hour counts: nights, weekends and holidays too, without a pause.")


def _terms(story: Story, opening: Event) -> Line:
    terms = story.terms
    assert terms is not None
    sentence = _(
        "The clocks were opened under version %(version)s of the agreement: fix %(fix)s h, "
        "contingency plan %(plan)s h, fault report %(report)s h."
    ) % {
        "version": terms.version,
        "fix": terms.fix_hours,
        "plan": terms.plan_hours,
        "report": terms.report_hours,
    }
    return entry(opening, sentence)


# --- what happened -----------------------------------------------------------------------------
def _line(event: Event, story: Story, clock: Rebuilt) -> Line:
    write = _SENTENCES.get(event.action)
    if write is None:
        return entry(event, event.action)
    sentence, tone = write(event.data, story)
    return entry(event, sentence, tone)


def entry(event: Event, sentence: str, tone: str = "") -> Line:
    """An event of the trail as a line of a ledger."""
    return Line(
        at=event.happened_at,
        sentence=sentence,
        person="" if event.actor_kind == "system" else event.actor_name,
        reason=event.opinion,
        seq=event.seq,
        tone=tone,
        entered_at=event.entered_at,
        hash=event.hash,
    )


def _started(data: dict[str, Any], story: Story) -> tuple[str, str]:
    facts = {"origin": _when(data["origin"]), "due": _when(data["due_at"])}
    return _("Counting began from %(origin)s; due at %(due)s.") % facts, "info"


def _moved(data: dict[str, Any], story: Story) -> tuple[str, str]:
    facts = {
        "was": _when(data["was"]),
        "origin": _when(data["origin"]),
        "due": _when(data["due_at"]),
    }
    text = _("T0 was moved: counted from %(origin)s instead of %(was)s; now due at %(due)s.")
    return text % facts, "warn"


def _milestone(data: dict[str, Any], story: Story) -> tuple[str, str]:
    due_at, fired_at = at(data["due_at"]), at(data["fired_at"])
    assert due_at is not None
    assert fired_at is not None
    behind = int((fired_at - due_at).total_seconds())
    facts = {
        "what": MILESTONES.get(data["code"], data["code"]),
        "due": stamp(due_at, "s"),
        "told": stamp(fired_at, "s"),
        "behind": in_words(behind),
    }
    if data["late"]:
        text = _("Reached at %(due)s: %(what)s. Told at %(told)s, sent late by %(behind)s.")
    else:
        text = _("Reached at %(due)s: %(what)s. Told at %(told)s.")
    tone = "late" if data["code"] == BREACH else "warn" if data["late"] else ""
    return text % facts, tone


def _stopped(data: dict[str, Any], story: Story) -> tuple[str, str]:
    clock = story.clocks.get((data["clock"], data["run"]))
    stopped_at = at(data["stopped_at"])
    assert clock is not None
    assert stopped_at is not None
    facts = {"at": stamp(stopped_at, "s"), "by": _margin(clock, stopped_at, story.hour_seconds)}
    return _STOPS[data["state"]]() % facts, {"met": "ok", "missed": "late"}.get(data["state"], "")


def _ran_on(data: dict[str, Any], story: Story) -> tuple[str, str]:
    text = _("The recovery was rejected: it counts on from its old start, without a pause.")
    return text, "warn"


_SENTENCES: dict[str, Callable[[dict[str, Any], Story], tuple[str, str]]] = {
    trail.STARTED: _started,
    trail.MOVED: _moved,
    trail.MILESTONE: _milestone,
    trail.STOPPED: _stopped,
    trail.RAN_ON: _ran_on,
}
_STOPS: dict[str, Callable[[], str]] = {
    "met": lambda: _("Stopped at %(at)s, %(by)s before its time limit: met."),
    "missed": lambda: _("Stopped at %(at)s: missed. The breach stays on record."),
    "lapsed": lambda: _("No longer needed since %(at)s, when the fault was resolved."),
    "voided": lambda: _("Void since %(at)s: it counts neither as met nor as missed."),
}


def _to_come(story: Story, clock: Rebuilt) -> list[Line]:
    """Milestones of a running clock that have not been told yet."""
    if clock.state != Clock.State.RUNNING:
        return []
    return [
        Line(at=moment.at, sentence=str(MILESTONES.get(moment.code, moment.code)))
        for moment in story.pending(clock)
    ]


def _margin(clock: Rebuilt, stopped_at: datetime, hour_seconds: int) -> str:
    return hours_minutes(abs((clock.due_at - stopped_at).total_seconds()), hour_seconds)


def _when(text: str) -> str:
    return stamp(at(text), "s")


def in_words(seconds: int) -> str:
    """``40 seconds``, ``2 h 05 min``."""
    if seconds < 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    return hours_minutes(seconds)
