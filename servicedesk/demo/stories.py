"""Reading the sample tickets and the times at which they were worked on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from calendars.arithmetic import SHANGHAI

DATA = Path(__file__).parent / "data"

Sample = dict[str, str]


@cache
def samples() -> list[Sample]:
    """The twenty sample tickets, as they were handed over."""
    rows: list[Sample] = json.loads((DATA / "sample_tickets.json").read_text("utf-8"))
    return rows


@cache
def stories() -> dict[str, Any]:
    """When each step of a sample happened, and the texts its documents need."""
    rows: dict[str, Any] = json.loads((DATA / "stories.json").read_text("utf-8"))
    return rows


def at(beijing: str) -> datetime:
    """UTC instant of a Beijing time such as ``2026-11-02 09:20``."""
    return datetime.strptime(beijing, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)
