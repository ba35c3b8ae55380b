"""What a scenario of the campaign is: something the product must do exactly once, and its count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Protocol


@dataclass
class Count:
    """What was done, and what was lost or doubled; ``faults`` says which, in words."""

    name: str
    done: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)


class Scenario(Protocol):
    """Set up once, given work each round, asked until it is done, counted at the end."""

    def set_up(self, now: datetime) -> None:
        """People and whatever else is needed, before the processes run."""

    def begin_round(self, edge: datetime, chance: Random) -> None:
        """Give the product work whose instants lie around ``edge`` (UTC)."""

    def act(self, now: datetime, chance: Random) -> None:
        """What people do meanwhile."""

    def is_done(self, now: datetime) -> bool:
        """Nothing that is due at ``now`` waits any more."""

    def count(self, now: datetime) -> Count:
        """Compare what was done with what had to be."""
