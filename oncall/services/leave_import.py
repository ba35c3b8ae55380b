"""Taking leave from a calendar file: first looking at what would change, then changing it (R14)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from oncall.ics import Away, CalendarRead
from oncall.models import Leave
from oncall.models.leave import whole_days
from oncall.services.leave import check_may_enter, note_leave, take_back, tell_of_clashes
from workflow.errors import InvalidInput

SALT = "oncall.leave-import"
GOOD_FOR_SECONDS = 3600


class Effect(models.TextChoices):
    """What taking a line does."""

    NEW = "new", _("Is added")
    CHANGED = "changed", _("Is changed")
    SAME = "same", _("Known")
    GONE = "gone", _("Is withdrawn: not in the calendar any more")


@dataclass(frozen=True)
class Line:
    """One time of the preview; ``was`` is what is entered at present."""

    effect: Effect
    starts_at: datetime
    ends_at: datetime
    note: str
    away: Away | None = None
    was: Leave | None = None

    @property
    def key(self) -> str:
        """Names the line from one reading of the file to the next: what it is known again by."""
        known = self.away or self.was
        text = f"{known.uid}\n{known.occurrence}" if known else ""
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day when it takes whole days."""
        return whole_days(self.starts_at, self.ends_at)

    @property
    def changes(self) -> bool:
        """Whether taking it changes anything."""
        return self.effect != Effect.SAME


@dataclass(frozen=True)
class Plan:
    """What the file would do to a person's leave."""

    person: User
    lines: list[Line]
    over: int = 0
    too_far: int = 0

    @property
    def changes(self) -> int:
        """Lines that change anything."""
        return sum(line.changes for line in self.lines)

    def of(self, keys: Collection[str]) -> Plan:
        """The same with only these lines."""
        return replace(self, lines=[line for line in self.lines if line.key in keys])


def plan_import(person: User, read: CalendarRead, now: datetime) -> Plan:
    """Compare the file with what is entered (``now`` UTC); changes nothing.

    A time is known again by its UID. Times of a UID in the file that are not in it any more are
    withdrawn; leave of other UIDs, and what was typed, stays.
    """
    rows = Leave.objects.filter(person=person, uid__in=read.uids)
    known = {(row.uid, row.occurrence): row for row in rows}
    lines = [_line(away, known.pop((away.uid, away.occurrence), None)) for away in read.times]
    lines += [
        Line(Effect.GONE, row.starts_at, row.ends_at, row.note, was=row)
        for row in known.values()
        if row.withdrawn_at is None and row.ends_at > now
    ]
    lines.sort(key=lambda line: (line.starts_at, line.effect))
    return Plan(person, lines, read.over, read.too_far)


def _line(away: Away, row: Leave | None) -> Line:
    effect = Effect.NEW
    if row is not None and row.withdrawn_at is None:
        same = (row.starts_at, row.ends_at, row.note) == (away.starts_at, away.ends_at, away.note)
        effect = Effect.SAME if same else Effect.CHANGED
    return Line(effect, away.starts_at, away.ends_at, away.note, away, row)


def take_import(
    *,
    person: User,
    read: CalendarRead,
    actor: User,
    now: datetime,
    only: Collection[str] | None = None,
) -> Plan:
    """Do what ``plan_import`` shows, all or nothing; returns what was done. ``now`` UTC.

    With ``only`` the lines with these keys, and no others: what was left out is offered again when
    the file is read again. Raises ``NotAllowed``, and ``InvalidInput`` (``line``) when nothing was
    chosen. Taking the same file twice, also at once, changes nothing more.
    """
    check_may_enter(actor, person)
    if only is not None and not only:
        raise InvalidInput({"line": _("Please choose at least one time.")})
    with audit.unit_of_work():
        User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        plan = plan_import(person, read, now)
        plan = plan if only is None else plan.of(only)
        taken = []
        for line in plan.lines:
            if line.effect == Effect.GONE and line.was:
                take_back(line.was, actor, now)
            elif line.changes and line.away:
                taken.append(_take(line.away, line.was, person, actor, now))
        tell_of_clashes(taken, actor=actor, now=now)
    return plan


def _take(away: Away, row: Leave | None, person: User, actor: User, now: datetime) -> Leave:
    action = "oncall.leave_changed" if row and not row.withdrawn_at else "oncall.leave_entered"
    leave = row or Leave(person=person, uid=away.uid, occurrence=away.occurrence)
    leave.starts_at, leave.ends_at, leave.note = away.starts_at, away.ends_at, away.note
    leave.entered_by, leave.entered_at = actor, now
    leave.withdrawn_at = leave.withdrawn_by = None
    leave.save()
    note_leave(leave, action, actor, now)
    return leave


def seal(read: CalendarRead, person: User, actor: User) -> str:
    """What was read, signed, for the form that takes it: nothing is kept on the server between."""
    rows = [
        [each.starts_at.timestamp(), each.ends_at.timestamp(), each.uid, each.occurrence, each.note]
        for each in read.times
    ]
    given = {
        "person": person.pk, "actor": actor.pk, "rows": rows, "uids": sorted(read.uids),
        "left_out": [read.over, read.too_far],
    }  # fmt: skip
    return signing.dumps(given, salt=SALT, compress=True)


def unseal(sealed: str, actor: User) -> tuple[User, CalendarRead]:
    """What ``seal`` was given; raises ``InvalidInput`` (field ``file``) when it is not good."""
    try:
        given: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        given = {}
    person = User.objects.active().filter(pk=given.get("person")).first()
    if person is None or given.get("actor") != actor.pk:
        raise InvalidInput({"file": _("Please choose the file again: the preview is too old.")})
    times = [
        Away(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), uid, key, note)
        for start, end, uid, key, note in given["rows"]
    ]
    over, too_far = given["left_out"]
    return person, CalendarRead(times, frozenset(given["uids"]), over, too_far)
