"""Lengths and points of time as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HOUR = 3600
NOTHING = "—"


def local(value: datetime) -> datetime:
    """The instant on the product's wall clock (Asia/Shanghai), whatever the server's zone."""
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.astimezone(ZoneInfo(settings.TIME_ZONE))


def stamp(value: datetime | date | time | None, style: str = "") -> str:
    """``2026-11-23 09:05``; ``style`` is "s" (with seconds), "date", "time" or "" (both)."""
    if isinstance(value, datetime):
        pattern = {"s": "%Y-%m-%d %H:%M:%S", "date": "%Y-%m-%d", "time": "%H:%M"}
        return local(value).strftime(pattern.get(style, "%Y-%m-%d %H:%M"))
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return NOTHING


def hours_minutes(seconds: float, hour_seconds: int = HOUR) -> str:
    """``9时12分``. ``hour_seconds`` is the length of a contract hour (shorter in drills)."""
    minutes = int(max(0.0, seconds) * 60 // hour_seconds)
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02d}"}


def clock_face(seconds: float | timedelta | None) -> str:
    """``1:05:09``, or ``05:09`` below an hour."""
    if seconds is None:
        return NOTHING
    whole = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    hours, rest = divmod(whole, HOUR)
    minutes, seconds_left = divmod(rest, 60)
    if hours:
        return f"{sign}{hours}:{minutes:02d}:{seconds_left:02d}"
    return f"{sign}{minutes:02d}:{seconds_left:02d}"


def length(value: datetime | timedelta | float | None, now: datetime) -> str:
    """How long, in the two largest units: ``2天3时``, ``3时05分``, ``12分``.

    An instant is measured from there to ``now``; a number is seconds. A span below a minute is told
    in seconds, unless it is still growing.
    """
    if value is None:
        return NOTHING
    grows = isinstance(value, datetime)
    if isinstance(value, datetime):
        value = now - value
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    minutes = int(max(0.0, seconds) // 60)
    if minutes >= 24 * 60:
        return _("%(days)s d %(hours)s h") % {
            "days": minutes // (24 * 60),
            "hours": minutes // 60 % 24,
        }
    if minutes >= 60:
        return hours_minutes(seconds)
    if minutes:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not grows and seconds >= 1:
        return _("%(seconds)s s") % {"seconds": int(seconds)}
    return _("under a minute")


def relative(value: datetime, now: datetime) -> str:
    """``3 小时前`` within a day, the date and time otherwise."""
    if not is_recent(value, now):
        return stamp(value)
    gap = (now - value).total_seconds()
    minutes = int(abs(gap) // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        text = _("%(count)s min ago") if gap > 0 else _("in %(count)s min")
        return text % {"count": minutes}
    text = _("%(count)s h ago") if gap > 0 else _("in %(count)s h")
    return text % {"count": minutes // 60}


def is_recent(value: datetime, now: datetime) -> bool:
    """Less than a day away, so that relative words say more than the date."""
    return abs((now - value).total_seconds()) < 24 * HOUR


def ago(value: datetime | None, now: datetime) -> SafeString | str:
    """A ``<time>`` element: relative words, the full time in ``title`` and ``datetime``."""
    if value is None:
        return NOTHING
    return format_html(
        '<time class="ago" datetime="{}" title="{}">{}</time>',
        local(value).isoformat(timespec="seconds"),
        stamp(value, "s"),
        relative(value, now),
    )
