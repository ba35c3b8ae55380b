"""Looks that an engine takes again and again: one row says when the next is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.due import claim_due


def take_look(looks: type[Any], now: datetime, every: timedelta) -> bool:
    """True when a look is due at ``now`` (UTC) and nobody else takes it; the next is ``every`` on.

    ``looks`` is a model with one row and ``next_at``; without the row the first look is due. Call
    it in a unit of work.
    """
    if not looks.objects.exists():
        looks.objects.get_or_create(pk=1, defaults={"next_at": now})
    claimed = claim_due(looks.objects.all(), now=now, due_field="next_at", limit=1)
    for row in claimed:
        row.next_at = now + every
        row.save(update_fields=["next_at"])
    return bool(claimed)
