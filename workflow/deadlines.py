"""A deadline as people see it: colour, word and number (正常 / 临期 / 超时 / 已达标 / 未约定)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from workflow.durations import HOUR, hours_minutes, stamp

# Without a warning time of its own, a deadline is "due soon" in the last quarter of its span, or
# in the last three hours when the span is unknown (a quarter of the twelve-hour clock).
WARN_SHARE = 0.75
WARN_HOURS = 3


@dataclass(frozen=True)
class Deadline:
    """What a chip or a countdown shows; times are epoch milliseconds for the browser."""

    kind: str
    word: str
    detail: str = ""
    title: str = ""
    due_ms: int = 0
    now_ms: int = 0
    warn_ms: int = 0
    hour_seconds: int = HOUR
    live: bool = False

    @property
    def tone(self) -> str:
        """Colour of the chip."""
        return {
            "ok": "ok",
            "warn": "warn",
            "late": "late",
            "met": "ok",
            "calendar": "warn",
        }.get(self.kind, "idle")


def read(source: Any, name: str, default: Any = None) -> Any:
    """``source.name`` or ``source["name"]``; ``default`` when missing or None."""
    value = source.get(name) if isinstance(source, dict) else getattr(source, name, None)
    return default if value is None else value


def deadline(clock: Any, now: datetime) -> Deadline:
    """Read ``clock`` (object or dict) at ``now`` (UTC; the clock's own ``now`` wins).

    Used attributes: ``due_at``, ``state`` ("running", "met", "missed", "lapsed", "voided",
    "paused", "unjudged", "none"), and optionally ``calendar_missing``, ``hour_seconds``, ``now``,
    ``warn_at``, ``started_at``, ``stopped_at``.
    """
    state = str(read(clock, "state", "none")) if clock else "none"
    due_at = read(clock, "due_at") if clock else None
    if state == "paused":
        return Deadline("paused", _("Paused"), title=_("The time with the reporter does not count"))
    if state == "unjudged" or (clock and read(clock, "calendar_missing", False)):
        return Deadline(
            "calendar", _("Calendar missing"), title=_("Load the year's calendar first")
        )
    if state == "none" or due_at is None:
        nothing = _("No time limit is agreed here: nothing is due, and nothing is judged.")
        return Deadline("none", _("Not agreed"), title=nothing)
    now = read(clock, "now", now)
    hour_seconds = int(read(clock, "hour_seconds", HOUR))
    stopped_at = read(clock, "stopped_at")
    title = _("Due %(time)s") % {"time": stamp(due_at)}
    if state == "met":
        return Deadline("met", _("Met"), title=title)
    if state == "lapsed":
        return Deadline("lapsed", _("Lapsed"), title=title)
    if state == "voided":
        return Deadline("voided", _("Voided"), title=title)
    at = stopped_at or now
    warn_at = _warn_at(clock, due_at, hour_seconds)
    left = (due_at - at).total_seconds()
    if state == "missed" or left < 0:
        kind, word, detail = "late", _("Overdue"), _over(-left, hour_seconds)
    elif at >= warn_at:
        kind, word, detail = "warn", _("Due soon"), _left(left, hour_seconds)
    else:
        kind, word, detail = "ok", _("On track"), _left(left, hour_seconds)
    return Deadline(
        kind,
        word,
        detail,
        title,
        _milliseconds(due_at),
        _milliseconds(now),
        _milliseconds(warn_at),
        hour_seconds,
        live=stopped_at is None,
    )


def _warn_at(clock: Any, due_at: datetime, hour_seconds: int) -> datetime:
    if warn_at := read(clock, "warn_at"):
        return warn_at  # type: ignore[no-any-return]
    if started_at := read(clock, "started_at"):
        return started_at + (due_at - started_at) * WARN_SHARE  # type: ignore[no-any-return]
    return due_at - timedelta(seconds=WARN_HOURS * hour_seconds)


def _milliseconds(value: datetime) -> int:
    return int(value.timestamp() * 1000)


def _left(seconds: float, hour_seconds: int) -> str:
    return _("%(time)s left") % {"time": hours_minutes(seconds, hour_seconds)}


def _over(seconds: float, hour_seconds: int) -> str:
    return _("%(time)s over") % {"time": hours_minutes(seconds, hour_seconds)}
