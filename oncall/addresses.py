"""Addresses of the roster page, for links, letters and the way back after an act."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def roster_at(roster: str, day: date, *, monthly: bool = False) -> str:
    """The page that shows a roster around a Beijing day, as a week or as a month (R11, R14)."""
    view = {"view": "month"} if monthly else {}
    query = urlencode({"roster": roster, **view, "from": f"{day:%Y-%m-%d}"})
    return f"{reverse('oncall:roster')}?{query}"
