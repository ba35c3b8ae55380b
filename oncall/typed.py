"""A stretch as a planner types it: ``张丽 11-23..11-29``, ``张丽/刘强 11-23 18:00..22:00``. Pure.

Who (one name, or primary/backup), then optionally the place (主岗, 备岗, primary, backup), from two
dots to, with dates ``11-23`` or ``2026-11-23`` and times ``18:00``; a day without a time is the
whole day, and an end that is only a time is on the day of the start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from calendars.arithmetic import SHANGHAI
from oncall.coverage import midnight
from oncall.models import LANES

_DATE = r"(?:(?P<{0}year>\d{{4}})-)?(?P<{0}month>\d{{1,2}})-(?P<{0}day>\d{{1,2}})"
_TIME = r"(?P<{0}hour>\d{{1,2}})[::](?P<{0}minute>\d{{2}})"
_MOMENT = rf"(?:{_DATE}(?:[ T]+{_TIME})?|{_TIME.replace('{0}', '{0}only_')})"
_LINE = re.compile(
    rf"^\s*(?P<who>.+?)\s+(?:(?P<lane>主岗|备岗|主|备|primary|backup)\s+)?"
    rf"{_MOMENT.format('from_')}(?:\s*(?:\.\.|~|至|—|–)\s*{_MOMENT.format('to_')})?\s*$",
    re.IGNORECASE,
)
_WORDS = {"主岗": "primary", "主": "primary", "备岗": "backup", "备": "backup"}
_HALF_A_YEAR = timedelta(days=183)


class NotUnderstood(ValueError):
    """The line is not a stretch."""


@dataclass(frozen=True)
class Typed:
    """Names by lane and a stretch (Beijing time); ``whole_day`` when no time was typed."""

    names: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    whole_day: bool


def read(line: str, today: date) -> Typed:
    """What ``line`` says; a date without a year is the one nearest to ``today``.

    Raises ``NotUnderstood``.
    """
    match = _LINE.match(line)
    if match is None or match["from_month"] is None:
        raise NotUnderstood(line)
    try:
        first = _day(match, "from_", today)
        last = _day(match, "to_", today) if match["to_month"] else first
        begins, finishes = _clock(match, "from_"), _clock(match, "to_")
    except ValueError:
        raise NotUnderstood(line) from None
    starts_at = datetime.combine(first, begins, SHANGHAI) if begins else midnight(first)
    if finishes is not None:
        ends_at = datetime.combine(last, finishes, SHANGHAI)
    else:
        ends_at = midnight(last + timedelta(days=1))
    return Typed(_names(match["who"], match["lane"]), starts_at, ends_at, begins is None)


def _names(who: str, word: str | None) -> dict[str, str]:
    first, *more = [part.strip() for part in re.split(r"[/、/]", who)]
    if word:
        if more:
            raise NotUnderstood(who)
        return {_WORDS.get(word, word.lower()): first}
    if len(more) > 1 or not all([first, *more]):
        raise NotUnderstood(who)
    return dict(zip(LANES, [first, *more], strict=False))


def _day(match: re.Match[str], which: str, today: date) -> date:
    month, day = int(match[f"{which}month"]), int(match[f"{which}day"])
    if given := match[f"{which}year"]:
        return date(int(given), month, day)
    found = date(today.year, month, day)
    if found < today - _HALF_A_YEAR:
        return date(today.year + 1, month, day)
    return found


def _clock(match: re.Match[str], which: str) -> time | None:
    for prefix in (which, f"{which}only_"):
        if match[f"{prefix}hour"] is not None:
            return time(int(match[f"{prefix}hour"]), int(match[f"{prefix}minute"]))
    return None
