"""What a scenario of the campaign is: something the product must do exactly once, and its count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Protocol


@dataclass
class Count:
    """What was done, and what was lost or doubled; ``faults`` says which, in words.

    ``told`` is what else the report says; it decides nothing.
    """

    name: str
    done: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class Scenario(Protocol):
    """Set up once, given work each round, asked until it is done, counted at the end.

    ``keeps_time``: the clock is not moved; a round lasts for as long as there is work to be given.
    ``may_double``: so many things may be done twice, where the world outside leaves no choice.
    """

    keeps_time: bool
    may_double: int

    def set_up(self, now: datetime) -> None:
        """People and whatever else is needed, before the processes run."""

    def begin_round(self, edge: datetime, chance: Random) -> None:
        """Give the product work whose instants lie around ``edge`` (UTC)."""

    def has_more(self) -> bool:
        """The round has work that was not given yet."""

    def act(self, now: datetime, chance: Random) -> None:
        """What people do meanwhile."""

    def is_done(self, now: datetime) -> bool:
        """Nothing that is due at ``now`` waits any more."""

    def count(self, now: datetime) -> Count:
        """Compare what was done with what had to be."""
