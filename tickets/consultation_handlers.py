"""Telling the hotline that a consultation noted during a call has come to its end.

The hotline stands to the left of this room, so it registers here when the product starts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from tickets.models import Consultation

Ended = Callable[[Consultation, User, datetime], None]
_ended: list[Ended] = []


def on_consultation_ended(handler: Ended) -> None:
    """Call ``handler(consultation, actor, now)`` in the transaction of every C3 and C4, and of
    voiding one that was still open."""
    if handler not in _ended:
        _ended.append(handler)


def consultation_ended(consultation: Consultation, *, actor: User, now: datetime) -> None:
    """C3, C4 or voiding has been done by ``actor`` at ``now`` (UTC)."""
    for handler in _ended:
        handler(consultation, actor, now)
