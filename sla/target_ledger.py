"""Why is it due then? The account of an internal clock, in sentences, with each day it counted.

Read out of the audit trail like the ledger of the contract clocks (``sla.ledger``). Days and hours
are those of the working calendar: holidays and make-up workdays are named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event
from calendars.arithmetic import WorkingCalendar, working_time_between
from calendars.errors import CalendarMissing
from sla import target_time
from sla import target_trail as trail
from sla.ledger import Account, Line, entry, in_words
from sla.models import TargetClock
from sla.models.targets import TargetLevel, TargetStep
from sla.replay import at
from sla.schedule import LATE_SECONDS
from sla.target_days import days_of
from sla.target_replay import Calendars, RebuiltTarget, known_calendars, rebuild_target
from sla.target_time import JUST_AFTER
from workflow.durations import hours_minutes, stamp

State = TargetClock.State


def target_accounts(numbers: list[int], now: datetime) -> list[Account]:
    """The accounts of the internal clocks with these row numbers, in the reader's language."""
    told: dict[str, list[Event]] = defaultdict(list)
    keys = [str(number) for number in numbers]
    events = Event.objects.filter(
        target_type=TargetClock._meta.label_lower, target_id__in=keys
    ).order_by("seq")
    for event in events:
        if event.action in _SENTENCES:
            told[event.target_id].append(event)
    calendars = known_calendars()
    found = []
    for those in told.values():
        clock = rebuild_target(those, calendars)
        if clock is not None:
            found.append((clock.origin, _account(clock, those, calendars, now)))
    return [account for _origin, account in sorted(found, key=lambda each: each[0])]


def _account(
    clock: RebuiltTarget, events: list[Event], calendars: Calendars, now: datetime
) -> Account:
    return Account(
        title=_title(clock),
        why=_why(clock),
        chip={
            "due_at": clock.due_at,
            "warn_at": clock.warn_at,
            "calendar_missing": clock.calendar_missing,
            "started_at": clock.origin,
            "stopped_at": clock.stopped_at,
            "state": clock.state,
        },
        lines=[_line(event, clock, calendars.calendar) for event in events],
        to_come=_to_come(clock, now),
        days=days_of(clock, calendars.calendar, now),
    )


def _title(clock: RebuiltTarget) -> str:
    facts = {"step": TargetStep(clock.step).label, "run": clock.run}
    if clock.run == 1:
        return _("Internal target · %(step)s") % facts
    return _("Internal target · %(step)s, run %(run)s") % facts


def _why(clock: RebuiltTarget) -> str:
    """The one sentence: from where, how much working time, until when."""
    facts = {
        "origin": stamp(clock.origin, "s"),
        "due": stamp(clock.due_at, "s"),
        "allowed": _allowed(clock),
        "level": TargetLevel(clock.level).label,
        "step": TargetStep(clock.step).label,
    }
    if clock.calendar_missing:
        first = _(
            "No deadline: from %(origin)s %(allowed)s of working time are allowed, but the working "
            "calendar of a year that is needed is not loaded, and nothing is guessed."
        )
    elif clock.due_at is None:
        first = _(
            "No deadline while it is paused: from %(origin)s %(allowed)s of working time are "
            "allowed, and the time with the reporter does not count."
        )
    else:
        first = _(
            "Due at %(due)s: %(allowed)s of working time after %(origin)s, the internal target of "
            "“%(step)s” at urgency %(level)s."
        )
    parts = [first % facts]
    if clock.pauses and clock.due_at is not None:
        count = len(clock.pauses)
        parts.append(
            ngettext(
                "%(count)s pause, while the ticket was with its reporter, does not count.",
                "%(count)s pauses, while the ticket was with its reporter, do not count.",
                count,
            )
            % {"count": count}
        )
    parts.append(_("Only working hours count, not nights, weekends or holidays."))
    return " ".join(parts)


# --- what happened -----------------------------------------------------------------------------
Sentence = tuple[str, str]


def _line(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Line:
    sentence, tone = _SENTENCES[event.action](event, clock, calendar)
    return entry(event, sentence, tone)


def _started(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    facts = {
        "step": TargetStep(clock.step).label,
        "allowed": _allowed(clock),
        "level": TargetLevel(clock.level).label,
        "due": _when(event.data["due_at"]),
    }
    if event.data["calendar_missing"]:
        text = _(
            "“%(step)s” began: %(allowed)s of working time are allowed at urgency %(level)s. No "
            "deadline: the working calendar is not loaded."
        )
        return text % facts, "warn"
    text = _(
        "“%(step)s” began: %(allowed)s of working time are allowed at urgency %(level)s; due at "
        "%(due)s."
    )
    return text % facts, "info"


def _paused(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    used = _used(clock, calendar, until=at(event.data["paused_at"]))
    allowed = timedelta(minutes=clock.minutes)
    if used is None:
        return _("Paused: the ticket was returned for information to its reporter."), "warn"
    facts = {
        "used": hours_minutes(used.total_seconds()),
        "allowed": _allowed(clock),
        "left": hours_minutes((allowed - used).total_seconds()),
    }
    text = _(
        "Paused: the ticket was returned for information to its reporter. %(used)s of %(allowed)s "
        "are used, %(left)s are left."
    )
    return text % facts, "warn"


def _resumed(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    if not event.data["due_at"]:
        return _("Resumed: the ticket came back from its reporter."), "info"
    text = _("Resumed: the ticket came back from its reporter; now due at %(due)s.")
    return text % {"due": _when(event.data["due_at"])}, "info"


def _stopped(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    stopped_at = at(event.data["stopped_at"])
    used = _used(clock, calendar, until=stopped_at)
    facts = {
        "at": stamp(stopped_at, "s"),
        "used": hours_minutes(used.total_seconds()) if used is not None else "—",
        "allowed": _allowed(clock),
    }
    state = event.data["state"]
    return _STOPS[state]() % facts, {"met": "ok", "missed": "late"}.get(state, "")


def _planned(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    text = _("The working calendar was loaded: now due at %(due)s.")
    return text % {"due": _when(event.data["due_at"])}, "info"


def _judged(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    facts = {"due": _when(event.data["due_at"])}
    if event.data["state"] == State.MISSED:
        text = _("The working calendar was loaded: it had been due at %(due)s, so it was missed.")
        return text % facts, "late"
    return _("The working calendar was loaded: due at %(due)s, so it was met.") % facts, "ok"


def _reminded(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    due_at, fired_at = at(event.data.get("due_at")), at(event.data.get("fired_at"))
    breach = event.data["code"] == "breach"
    what = _("the internal target has passed") if breach else _("a quarter of the time is left")
    if due_at is None or fired_at is None:
        return _("Reminded: %(what)s.") % {"what": what}, "late" if breach else ""
    behind = int((fired_at - due_at).total_seconds())
    facts = {
        "what": what,
        "due": stamp(due_at, "s"),
        "told": stamp(fired_at, "s"),
        "behind": in_words(behind),
    }
    if behind > LATE_SECONDS:
        text = _("Reached at %(due)s: %(what)s. Told at %(told)s, sent late by %(behind)s.")
    else:
        text = _("Reached at %(due)s: %(what)s. Told at %(told)s.")
    return text % facts, "late" if breach else "warn"


def _taken_over(event: Event, clock: RebuiltTarget, calendar: WorkingCalendar) -> Sentence:
    text = _("Taken over into the trail as it stood: it counts from %(origin)s; due at %(due)s.")
    facts = {"origin": stamp(clock.origin, "s"), "due": _when(event.data["due_at"])}
    return text % facts, ""


Writer = Callable[[Event, RebuiltTarget, WorkingCalendar], Sentence]
_SENTENCES: dict[str, Writer] = {
    trail.STARTED: _started,
    trail.PAUSED: _paused,
    trail.RESUMED: _resumed,
    trail.STOPPED: _stopped,
    trail.PLANNED: _planned,
    trail.JUDGED: _judged,
    trail.REMINDER: _reminded,
    trail.TAKEN_OVER: _taken_over,
}
_STOPS: dict[str, Callable[[], str]] = {
    "met": lambda: _("The step ended at %(at)s with %(used)s of %(allowed)s used: met."),
    "missed": lambda: _(
        "The step ended at %(at)s with %(used)s used, %(allowed)s were allowed: missed."
    ),
    "voided": lambda: _(
        "Void since %(at)s, when the ticket was withdrawn, merged or made void: it counts neither "
        "as met nor as missed."
    ),
    "unjudged": lambda: _(
        "The step ended at %(at)s; it is judged when the working calendar is loaded."
    ),
}


def _to_come(clock: RebuiltTarget, now: datetime) -> list[Line]:
    """Reminders of a running clock that have not been sent yet."""
    if clock.state != State.RUNNING:
        return []
    lines = []
    if clock.warn_at and not clock.warned_at:
        lines.append(Line(at=clock.warn_at, sentence=_("a quarter of the time is left")))
    if clock.due_at and not clock.told_at:
        passed = _("the internal target has passed")
        lines.append(Line(at=clock.due_at + JUST_AFTER, sentence=passed))
    return lines


def _used(
    clock: RebuiltTarget, calendar: WorkingCalendar, *, until: datetime | None
) -> timedelta | None:
    """Working time used up to ``until``; None where the calendar is missing."""
    if until is None:
        return None
    pauses = [each for each in clock.pauses if each[0] < until]
    used = timedelta(0)
    try:
        for start, end in target_time.legs(clock.origin, pauses, until):
            used += working_time_between(calendar, start, min(end or until, until))
    except CalendarMissing:
        return None
    return used


def _allowed(clock: RebuiltTarget) -> str:
    return hours_minutes(clock.minutes * 60)


def _when(text: Any) -> str:
    return stamp(at(text), "s")
