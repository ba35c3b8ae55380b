"""Reading a year's holiday arrangement from its file. Pure: no database.

The file names the State Council's notice and its periods::

    {"year": 2026, "notice": "国办发明电〔2025〕7号", "days": [
      {"kind": "holiday", "from": "2026-10-01", "to": "2026-10-07",
       "name": "国庆节", "name_en": "National Day"}, …]}

``kind`` is holiday, makeup or special; ``to`` may be left out for a single day; a day changed by a
later amendment may carry a ``notice`` of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from calendars.errors import ArrangementError

SHIPPED = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 2000, 2100
KINDS = frozenset({"holiday", "makeup", "special"})


@dataclass(frozen=True)
class ArrangedDay:
    """One day of an arrangement."""

    date: date
    kind: str
    name: str
    name_en: str
    notice: str


@dataclass(frozen=True)
class Arrangement:
    """The days of one year that are not what their weekday says, in order."""

    year: int
    notice: str
    days: tuple[ArrangedDay, ...]


def parse(text: str) -> Arrangement:
    """Read and check an arrangement; raises ``ArrangementError`` naming what is wrong (R11)."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise ArrangementError(f"not a JSON file: {error}") from error
    if not isinstance(content, dict):
        raise ArrangementError("the file must hold one object with year, notice and days")
    year, periods = content.get("year"), content.get("days")
    if not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ArrangementError(f"year: a number from {FIRST_YEAR} to {LAST_YEAR} is needed")
    if not isinstance(periods, list) or not periods:
        raise ArrangementError("days: a list of periods is needed")
    notice = _text(content, "notice", "notice", 120)
    days: dict[date, ArrangedDay] = {}
    for number, period in enumerate(periods, start=1):
        for day in _period(period, f"days, item {number}", year, notice):
            if day.date in days:
                raise ArrangementError(f"days, item {number}: {day.date} occurs twice")
            days[day.date] = day
    return Arrangement(year, notice, tuple(days[each] for each in sorted(days)))


def _period(period: Any, place: str, year: int, notice: str) -> list[ArrangedDay]:
    if not isinstance(period, dict):
        raise ArrangementError(f"{place}: an object is needed")
    kind = period.get("kind")
    if kind not in KINDS:
        raise ArrangementError(f"{place}: kind must be holiday, makeup or special")
    first = _date(period, "from", place)
    last = _date(period, "to", place) if "to" in period else first
    if not first <= last < first + timedelta(days=31):
        raise ArrangementError(f"{place}: {first} to {last} is not a holiday's length")
    name, name_en = _text(period, "name", place, 40), _text(period, "name_en", place, 60)
    if "notice" in period:
        notice = _text(period, "notice", place, 120)
    dates = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    for day in dates:
        # The arrangement of a New Year has moved working days of the December before (2018).
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise ArrangementError(f"{place}: {day} is outside {year}")
        if kind == "makeup" and day.weekday() < 5:
            raise ArrangementError(f"{place}: {day} is no Saturday or Sunday to make up on")
    return [ArrangedDay(day, kind, name, name_en, notice) for day in dates]


def _date(period: dict[str, Any], key: str, place: str) -> date:
    try:
        return date.fromisoformat(period.get(key, ""))
    except (TypeError, ValueError):
        raise ArrangementError(f"{place}: “{key}” must be a date such as 2026-10-01") from None


def _text(holder: dict[str, Any], key: str, place: str, longest: int) -> str:
    value = holder.get(key)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
        raise ArrangementError(f"{place}: “{key}” must be a text of 1 to {longest} characters")
    return value.strip()
