"""What publishing a period would do: new, changed and unchanged shifts, gaps and problems. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.coverage import Coverage
from oncall.gaps import Gap, Span
from oncall.models import Shift
from oncall.rotation import Duty
from oncall.spans import common, joined, without
from workflow.decisions import Text


class Change(models.TextChoices):
    """What a line of the preview would do."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    LEFT_OUT = "left_out", _("Left open")


@dataclass
class Line:
    """One shift as the rotations propose it; with ``problems`` it is left open.

    ``instead_of`` are the people on leave for whom somebody stands in.
    """

    starts_at: datetime
    ends_at: datetime
    primary: User
    backup: User | None
    layer: str
    instead_of: list[User] = field(default_factory=list)
    replaces: list[Shift] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """From and to, UTC."""
        return self.starts_at, self.ends_at

    @property
    def change(self) -> Change:
        """What it would do."""
        if self.problems:
            return Change.LEFT_OUT
        if not self.replaces:
            return Change.NEW
        return Change.SAME if self.is_there else Change.CHANGED

    @property
    def is_there(self) -> bool:
        """True when exactly this shift is published already."""
        (one, *more) = self.replaces
        return (
            not more
            and (one.starts_at, one.ends_at) == self.span
            and (one.primary_id, one.backup_id)
            == (self.primary.pk, self.backup.pk if self.backup else None)
        )


@dataclass
class Proposal:
    """What publishing from ``start`` to ``end`` (UTC) would do.

    ``kept`` are shifts by hand, or that have begun, around which the lines are cut; ``removed``
    the published ones that no line stands for any more.
    """

    start: datetime
    end: datetime
    version: int
    lines: list[Line]
    kept: list[Shift]
    removed: list[Shift]
    gaps: list[Gap]
    unknown: tuple[Span, ...]

    def count(self, change: Change) -> int:
        """Lines of one kind."""
        return sum(line.change == change for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """Lines of each kind, by code."""
        return {change.value: self.count(change) for change in Change}

    @property
    def changes_something(self) -> bool:
        """False when publishing would leave everything as it is."""
        return bool(self.removed) or any(
            line.change in (Change.NEW, Change.CHANGED) for line in self.lines
        )

    @property
    def minutes_uncovered(self) -> int:
        """Minutes that stay open."""
        return sum(gap.minutes for gap in self.gaps)

    @property
    def fingerprint(self) -> str:
        """Changes when publishing would do something else than what was looked at.

        Beginnings are left out: that of the first line moves with the clock.
        """
        told = [
            f"{line.ends_at.isoformat()} {line.primary.pk} "
            f"{line.backup.pk if line.backup else 0} {line.change}"
            for line in self.lines
        ]
        told += [f"- {shift.pk}" for shift in self.removed]
        return hashlib.sha256("\n".join([str(self.version), *told]).encode()).hexdigest()[:32]


def propose(
    duties: Iterable[Duty],
    shifts: Sequence[Shift],
    people: dict[int, User],
    *,
    start: datetime,
    end: datetime,
    by_hand_too: bool,
) -> tuple[list[Line], list[Shift], list[Shift]]:
    """Lines, kept shifts and removed shifts, from duties and the roster's shifts (UTC).

    Only shifts that begin in the period are changed, and of those only published ones unless
    ``by_hand_too``; everything else stays and the lines are cut around it.
    """
    free: list[Shift] = []
    kept: list[Shift] = []
    for shift in shifts:
        mine = start <= shift.starts_at < end
        replaceable = mine and (by_hand_too or shift.planned_version is not None)
        (free if replaceable else kept).append(shift)
    taken = joined((shift.starts_at, shift.ends_at) for shift in kept)
    lines = []
    for duty in duties:
        if duty.begins >= end:
            continue
        for begins, finishes in without([(max(duty.starts_at, start), duty.ends_at)], taken):
            if begins >= finishes:
                continue
            backup = people[duty.backup] if duty.backup is not None else None
            absent = [people[each] for each in duty.instead_of]
            lines.append(Line(begins, finishes, people[duty.primary], backup, duty.layer, absent))
    replaced = set()
    for line in lines:
        line.replaces = [
            shift for shift in free if common([(shift.starts_at, shift.ends_at)], [line.span])
        ]
        replaced |= {shift.pk for shift in line.replaces}
    return lines, kept, [shift for shift in free if shift.pk not in replaced]


def still_open(lines: Sequence[Line], kept: Sequence[Shift], wanted: Coverage) -> list[Gap]:
    """What would be uncovered after publishing."""
    spans = [line.span for line in lines if not line.problems]
    return wanted.gaps([*spans, *((shift.starts_at, shift.ends_at) for shift in kept)])
