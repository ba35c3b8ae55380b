"""Calendar months in Beijing time, as figures are counted by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

FIRST_YEAR, LAST_YEAR = 2020, 2099


@dataclass(frozen=True)
class Month:
    """One month; ``start`` and ``end`` are UTC instants, the end not included."""

    year: int
    number: int

    @property
    def start(self) -> datetime:
        """Its first instant."""
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant of the next month."""
        return self.next.start

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


def month_of(day: date) -> Month:
    """The month of a local day."""
    return Month(day.year, day.month)


def read_month(text: str, today: date) -> Month:
    """``2026-11``; the present month when it is none, or in the future."""
    present = month_of(today)
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not found:
        return present
    year, number = int(found[1]), int(found[2])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
        return present
    return Month(year, number) if (year, number) < (present.year, present.number) else present
