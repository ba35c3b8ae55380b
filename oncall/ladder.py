"""The escalation ladder: who is called when nobody has answered yet. Pure.

A page carries a snapshot of its ladder, so that a change of the rules never meets a page that is
already calling. The people on each rung are found when the rung is taken: a hand-over in between
is followed.

Rungs are numbered from 0 and never twice: when a page calls again because nothing was done about
it, its ladder begins anew at the next number. ``starts`` lists those numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

# R16: primary at once, backup after 5 min, supervisors after 10, from 15 on everybody.
STEP_SECONDS = 300
DRILL_STEP_SECONDS = 10
ROSTERED = ("primary", "backup", "supervisors", "everybody")
# One named person; the step says whom.
PERSON = "person"
TARGETS = (*ROSTERED, PERSON)
# What somebody gets besides the call.
WISHES = ("sms", "message", "email", "robot")
CHANNELS = ("voice", *WISHES)
URGENCIES = ("urgent", "routine", "drill")
LONGEST_WAIT = 24 * 3600
MOST_STEPS = 8


@dataclass(frozen=True)
class Step:
    """One rung: whom to call, how, and how long to wait (seconds) before the next rung.

    ``person`` is the primary key of the person when ``target`` names one.
    """

    target: str
    wait_seconds: int
    channels: Sequence[str] = ("voice",)
    person: int | None = None


@dataclass(frozen=True)
class Ladder:
    """A whole ladder.

    ``rounds``: how often the last rung is taken before the page gives up; 0 is without limit.
    ``rearm_seconds``: a page that was taken calls again when nothing was done about its record
    for so long; 0 is never.
    """

    steps: tuple[Step, ...]
    rounds: int = 0
    rearm_seconds: int = 0

    def as_rows(self) -> list[dict[str, Any]]:
        """The steps as they are stored."""
        return [{**asdict(step), "channels": list(step.channels)} for step in self.steps]


def _default(wait: int, rearm_seconds: int) -> Ladder:
    return Ladder(tuple(Step(target, wait) for target in ROSTERED), 0, rearm_seconds)


# In force until somebody writes a version.
DEFAULTS = {
    "urgent": _default(STEP_SECONDS, 30 * 60),
    "routine": _default(STEP_SECONDS, 60 * 60),
    "drill": _default(DRILL_STEP_SECONDS, 0),
}


def snapshot(*, is_drill: bool = False) -> list[dict[str, Any]]:
    """The steps of the ladder that ships, as they are stored with a page."""
    return DEFAULTS["drill" if is_drill else "urgent"].as_rows()


def position(index: int, starts: Sequence[int] = ()) -> int:
    """How far up the ladder rung ``index`` is, from 0."""
    return index - max((start for start in starts if start <= index), default=0)


def step_at(ladder: Sequence[dict[str, Any]], index: int, starts: Sequence[int] = ()) -> Step:
    """The rung number ``index`` from 0; beyond the last one the last is repeated for ever."""
    return Step(**ladder[min(position(index, starts), len(ladder) - 1)])


def repeats(ladder: Sequence[dict[str, Any]], index: int, starts: Sequence[int] = ()) -> bool:
    """True when rung ``index`` belongs to the endless repetition of the last one."""
    return position(index, starts) >= len(ladder) - 1


def is_exhausted(
    ladder: Sequence[dict[str, Any]], index: int, rounds: int, starts: Sequence[int] = ()
) -> bool:
    """True when rung ``index`` is beyond what a ladder with ``rounds`` repetitions may take."""
    return rounds > 0 and position(index, starts) >= len(ladder) - 1 + rounds


def faults(ladder: Ladder, urgency: str) -> list[str]:
    """What is wrong with a ladder, as codes; empty when it may be used.

    A ladder for urgent pages and for drills never ends, somebody is rung on every rung of every
    ladder, and its last rung calls more than one named person.
    """
    found = []
    if not 1 <= len(ladder.steps) <= MOST_STEPS:
        found.append("length")
    for step in ladder.steps:
        if step.target not in TARGETS or (step.target == PERSON) != (step.person is not None):
            found.append("target")
        if not 1 <= step.wait_seconds <= LONGEST_WAIT:
            found.append("wait")
        if "voice" not in step.channels or set(step.channels) - set(CHANNELS):
            found.append("channels")
    if ladder.steps and ladder.steps[-1].target == PERSON:
        found.append("last")
    if urgency != "routine" and ladder.rounds:
        found.append("limit")
    if ladder.rounds < 0 or ladder.rearm_seconds < 0:
        found.append("negative")
    return sorted(set(found))
