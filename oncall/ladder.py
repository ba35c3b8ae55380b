"""The escalation ladder: who is called when nobody has answered yet. Pure.

A page carries a snapshot of its ladder, so that a change of the rules never meets a page that is
already calling. The people on each rung are found when the rung is taken: a hand-over in between
is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

# R16: primary at once, backup after 5 min, supervisors after 10, from 15 on everybody.
STEP_SECONDS = 300
DRILL_STEP_SECONDS = 10
TARGETS = ("primary", "backup", "supervisors", "everybody")


@dataclass(frozen=True)
class Step:
    """One rung: whom to call, and how long to wait (seconds) before the next rung."""

    target: str
    wait_seconds: int


def snapshot(*, is_drill: bool = False) -> list[dict[str, Any]]:
    """The ladder of a new page, as it is stored with the page."""
    wait = DRILL_STEP_SECONDS if is_drill else STEP_SECONDS
    return [asdict(Step(target, wait)) for target in TARGETS]


def step_at(ladder: Sequence[dict[str, Any]], index: int) -> Step:
    """The rung number ``index`` from 0; beyond the last one the last is repeated for ever."""
    return Step(**ladder[min(index, len(ladder) - 1)])


def repeats(ladder: Sequence[dict[str, Any]], index: int) -> bool:
    """True when rung ``index`` belongs to the endless repetition of the last one."""
    return index >= len(ladder) - 1
