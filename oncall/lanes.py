"""People and gaps as bars in lanes, along a line of whole Beijing days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from calendars.arithmetic import SHANGHAI
from oncall.coverage import DAY, midnight
from oncall.gaps import Gap, Span
from oncall.models import Roster, Shift

HUES = 6
HOUR = 60
# The hotline works by day only: its days are drawn from eight to six, or as far as it works.
BY_DAY = (8, 18)
# A gap narrower than this part of its line, in per cent, has no room for its minutes.
ROOM_FOR_WORDS = 11


@dataclass(frozen=True)
class LaneBar:
    """One person, or nobody, in a lane: ``x`` and ``width`` as text in per cent of the line.

    ``lane`` is 0 for primary and 1 for backup; a gap goes over all lanes. ``begins`` is False when
    the bar goes on from the line before. ``minutes`` are those of a gap.
    """

    x: str
    width: str
    lane: int
    name: str
    hue: int
    begins: bool
    by_hand: bool
    minutes: int = 0

    @property
    def has_room(self) -> bool:
        """Whether the minutes of a gap can be read in its bar."""
        return float(self.width.rstrip("%")) >= ROOM_FOR_WORDS


@dataclass(frozen=True)
class Line:
    """Whole days side by side from ``first``; each is drawn from hour ``low`` to hour ``high``.

    ``on_top``: the first line of a page, which says also of what began earlier how it came there.
    """

    first: date
    days: int
    low: int = 0
    high: int = 24
    on_top: bool = False

    @property
    def start(self) -> datetime:
        """Where it begins."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The midnight after its last day."""
        return midnight(self.first + self.days * DAY)

    def share(self, instant: datetime) -> float:
        """How far across an instant lies, in per cent; what is not drawn lies at the next edge."""
        local = instant.astimezone(SHANGHAI)
        whole = (local.date() - self.first).days
        minute = local.hour * HOUR + local.minute
        low, high = self.low * HOUR, self.high * HOUR
        within = min(max(minute - low, 0), high - low) / (high - low)
        return min(max((whole + within) * 100 / self.days, 0), 100)

    def column(self, day: date) -> str:
        """Where a day begins."""
        return f"{(day - self.first).days * 100 / self.days:.3f}%"

    def point(self, instant: datetime) -> str:
        """Where an instant lies; nothing when it is not drawn."""
        hour = instant.astimezone(SHANGHAI).hour
        drawn = self.start <= instant < self.end and self.low <= hour < self.high
        return f"{self.share(instant):.3f}%" if drawn else ""

    def bars(
        self, shifts: Sequence[Shift], gaps: Sequence[Gap], hues: dict[int, int]
    ) -> list[LaneBar]:
        """Everything that stands in this line, and what is open in it (R11, R14)."""
        found = [bar for shift in shifts for bar in self._of_shift(shift, hues)]
        return found + [bar for gap in gaps for bar in self._of_gap(gap)]

    def _of_shift(self, shift: Shift, hues: dict[int, int]) -> list[LaneBar]:
        begins = shift.starts_at >= self.start
        by_hand = shift.planned_version is None and (begins or self.on_top)
        return [
            LaneBar(*placed, lane, person.name, hues[person.pk], begins, by_hand)
            for placed in self._placed(shift.starts_at, shift.ends_at)
            for lane, person in enumerate(shift.people)
        ]  # fmt: skip

    def _of_gap(self, gap: Gap) -> list[LaneBar]:
        seen = Gap(max(gap.starts_at, self.start), min(gap.ends_at, self.end))
        return [
            LaneBar(*placed, 0, "", 0, gap.starts_at >= self.start, False, seen.minutes)
            for placed in self._placed(gap.starts_at, gap.ends_at)
        ]

    def _placed(self, begins: datetime, finishes: datetime) -> list[tuple[str, str]]:
        """Where it lies; nothing for what is not in this line."""
        begins, finishes = max(begins, self.start), min(finishes, self.end)
        if begins >= finishes:
            return []
        x, until = self.share(begins), self.share(finishes)
        return [(f"{x:.3f}%", f"{max(until - x, 0.4):.3f}%")]


def hues_of(shifts: Iterable[Shift]) -> dict[int, int]:
    """A colour for everybody who stands in one of them, by primary key."""
    hues: dict[int, int] = {}
    for shift in shifts:
        for person in shift.people:
            hues.setdefault(person.pk, len(hues) % HUES)
    return hues


def lanes_of(shifts: Iterable[Shift], roster: str) -> int:
    """Two for the mobile; for the hotline only when somebody stands behind somebody (R11, R14)."""
    two = roster == Roster.ON_CALL or any(shift.backup is not None for shift in shifts)
    return 2 if two else 1


def hours_shown(spans: Iterable[Span], roster: str) -> tuple[int, int]:
    """From which hour to which hour a day of the roster is drawn, so that nothing lies outside."""
    if roster == Roster.ON_CALL:
        return 0, 24
    low, high = BY_DAY
    for begins, finishes in spans:
        start, end = begins.astimezone(SHANGHAI), finishes.astimezone(SHANGHAI)
        if start.date() != end.date():
            return 0, 24
        low, high = min(low, start.hour), max(high, end.hour + (end.minute > 0))
    return low, high
