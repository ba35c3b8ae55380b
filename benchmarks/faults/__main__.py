"""``ROUNDS=200 SEED=7 python -m benchmarks.faults``: run the campaign; exit 1 when anything is off.

Needs DATABASE_URL of a PostgreSQL server and redis-server on the machine; makes and drops its own
database and starts its own Redis.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.faults.house import House
from benchmarks.faults.instants import next_edge
from benchmarks.faults.scenario import Scenario
from benchmarks.faults.shifted import FILE, ShiftedClock
from benchmarks.ground import machine, own_database

PATIENCE_SECONDS = 90.0
# After the edge ``now`` is moved on by these hours, until everything a clock can tell is due.
HOURS = (3, 5, 5, 8, 16)


class Campaign:
    """Rounds of work and faults under a clock that is moved."""

    def __init__(self, house: House, clock: ShiftedClock, chance: Random) -> None:
        from benchmarks.faults.clocks import Clocks

        self.house, self.clock, self.chance = house, clock, chance
        self.scenarios: list[Scenario] = [Clocks()]

    def now(self) -> datetime:
        """The product's time."""
        from django.utils import timezone

        return timezone.now()

    def move_to(self, instant: datetime) -> None:
        """Move the product's time to an instant."""
        self.clock.write(self.clock.read() + (instant - self.now()))

    def round(self, number: int) -> str:
        """Work around an edge of time, with faults in between; returns what happened."""
        kind, edge = next_edge(self.now(), self.chance)
        self.move_to(edge - timedelta(seconds=1))
        for scenario in self.scenarios:
            scenario.begin_round(edge, self.chance)
        happened = []
        for hours in self.chance.sample(HOURS, 3):
            time.sleep(self.chance.uniform(0.05, 0.4))
            happened.append(self.house.something_happens())
            for scenario in self.scenarios:
                scenario.act(self.now(), self.chance)
            time.sleep(self.chance.uniform(0.05, 0.4))
            self.move_to(self.now() + timedelta(hours=hours))
        time.sleep(self.chance.uniform(0.1, 1.0))
        self.house.wake_all()
        self.house.start_all()
        return f"round {number}: {kind} {edge:%Y-%m-%d %H:%M}Z; {'; '.join(happened)}"

    def settle(self) -> bool:
        """With everything running again, wait until nothing due is left."""
        self.house.wake_all()
        self.house.start_all()
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            now = self.now()
            if all(scenario.is_done(now) for scenario in self.scenarios):
                return True
            time.sleep(0.2)
        return False


def run(rounds: int, seed: int, folder: Path) -> int:
    """The whole campaign in a fresh database; prints the report."""
    from benchmarks.faults import shifted

    clock = ShiftedClock(Path(os.environ[FILE]))
    clock.write(timedelta(0))
    shifted.install()
    chance = Random(seed)
    house = House(folder, chance)
    os.environ.update(REDIS_URL=house.redis_url, ENGINE_TICK_SECONDS="0.3", ALLOWED_HOSTS="*")
    campaign = Campaign(house, clock, chance)
    for scenario in campaign.scenarios:
        scenario.set_up(campaign.now())
    started = time.monotonic()
    try:
        house.start_all()
        house.wait_for_redis()
        for number in range(1, rounds + 1):
            print(campaign.round(number), flush=True)
        settled = campaign.settle()
    finally:
        house.end()
    counts = [scenario.count(campaign.now()) for scenario in campaign.scenarios]
    for fault in [fault for count in counts for fault in count.faults][:20]:
        print(fault)
    print(f"seed {seed}, {time.monotonic() - started:.0f} s, {machine()}")
    print(f"rounds {rounds}")
    print(f"kills {house.kills}, stops {house.stops}")
    for count in counts:
        print(f"{count.name} {count.done}")
    print(f"lost {sum(count.lost for count in counts)}")
    print(f"doubled {sum(count.doubled for count in counts)}")
    if not settled:
        print("something due was still waiting at the end")
    whole = settled and not any(count.faults or count.lost or count.doubled for count in counts)
    return 0 if whole and all(count.done for count in counts) else 1


def main() -> int:
    """From the command line."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("DATABASE_URL must name a PostgreSQL server", file=sys.stderr)
        return 2
    rounds = int(os.environ.get("ROUNDS", "20"))
    seed = int(os.environ.get("SEED", "20261124"))
    with tempfile.TemporaryDirectory(prefix="servicedesk-faults-") as folder:
        shift = Path(folder) / "shift"
        shift.write_text("0", encoding="ascii")
        os.environ[FILE] = str(shift)
        # A stopped process must not hold the campaign up by a lock for long.
        os.environ["DB_IDLE_IN_TRANSACTION_SECONDS"] = "10"
        with own_database("faults"):
            return run(rounds, seed, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
