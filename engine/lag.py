"""How late an engine is: the worst delay among the rows of one run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Worst:
    """The longest delay noted so far, in milliseconds; None while nothing was due."""

    milliseconds: int | None = None


_worst: ContextVar[Worst | None] = ContextVar("engine_lag", default=None)


@contextmanager
def measured() -> Iterator[Worst]:
    """Collect the delays noted inside."""
    worst = Worst()
    token = _worst.set(worst)
    try:
        yield worst
    finally:
        _worst.reset(token)


def note(due_at: datetime, now: datetime) -> None:
    """A row due at ``due_at`` was taken at ``now`` (UTC). Outside of a run it is not counted."""
    worst = _worst.get()
    if worst is not None:
        late = max(0, int((now - due_at).total_seconds() * 1000))
        worst.milliseconds = max(worst.milliseconds or 0, late)
