"""``ROUNDS=200 SEED=7 python -m benchmarks.faults``: run the campaign; exit 1 when anything is off.

``SCENARIO`` is "clocks" (the default) or "paging"; a round of the latter starts ``PAGES`` pages,
``RATE`` a second.

Needs DATABASE_URL of a PostgreSQL server and redis-server on the machine; makes and drops its own
database and starts its own Redis.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.faults.house import House
from benchmarks.faults.instants import next_edge
from benchmarks.faults.scenario import Count, Scenario
from benchmarks.faults.shifted import FILE, ShiftedClock
from benchmarks.ground import machine, own_database

PATIENCE_SECONDS = 90.0
# After the edge ``now`` is moved on by these hours, until everything a clock can tell is due.
HOURS = (3, 5, 5, 8, 16)
# A round in which time is not moved has its fault so many seconds after its beginning, and what
# was killed comes back so many seconds later.
FAULT_AFTER, BACK_AFTER = (1.0, 8.0), (1.0, 5.0)
# (workers, seconds between ticks) of each scenario.
HOUSES = {"clocks": (4, "0.3"), "paging": (2, "1.0")}


class Campaign:
    """Rounds of work and faults under a clock that is moved."""

    def __init__(
        self, house: House, clock: ShiftedClock, chance: Random, scenario: Scenario
    ) -> None:
        self.house, self.clock, self.chance, self.scenario = house, clock, chance, scenario

    def now(self) -> datetime:
        """The product's time."""
        from django.utils import timezone

        return timezone.now()

    def move_to(self, instant: datetime) -> None:
        """Move the product's time to an instant."""
        self.clock.write(self.clock.read() + (instant - self.now()))

    def round(self, number: int) -> str:
        """Work with faults in between; returns what happened."""
        if self.scenario.keeps_time:
            return f"round {number}: {self._in_real_time()}"
        return f"round {number}: {self._around_an_edge()}"

    def _around_an_edge(self) -> str:
        """Time is moved to the edge of a day and far beyond."""
        kind, edge = next_edge(self.now(), self.chance)
        self.move_to(edge - timedelta(seconds=1))
        self.scenario.begin_round(edge, self.chance)
        happened = []
        for hours in self.chance.sample(HOURS, 3):
            time.sleep(self.chance.uniform(0.05, 0.4))
            happened.append(self.house.something_happens())
            self.scenario.act(self.now(), self.chance)
            time.sleep(self.chance.uniform(0.05, 0.4))
            self.move_to(self.now() + timedelta(hours=hours))
        time.sleep(self.chance.uniform(0.1, 1.0))
        self.house.wake_all()
        self.house.start_all()
        return f"{kind} {edge:%Y-%m-%d %H:%M}Z; {'; '.join(happened)}"

    def _in_real_time(self) -> str:
        """One fault while work comes at its own pace."""
        self.scenario.begin_round(self.now(), self.chance)
        fault_at = time.monotonic() + self.chance.uniform(*FAULT_AFTER)
        back_at = fault_at + self.chance.uniform(*BACK_AFTER)
        happened = ""
        while self.scenario.has_more() or time.monotonic() < back_at:
            self.scenario.act(self.now(), self.chance)
            time.sleep(0.02)
            if not happened and time.monotonic() >= fault_at:
                happened = self.house.something_happens()
            if time.monotonic() >= back_at:
                self.house.wake_all()
                self.house.start_all()
        return happened

    def settle(self) -> bool:
        """With everything running again, wait until nothing due is left."""
        self.house.wake_all()
        self.house.start_all()
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            if self.scenario.is_done(self.now()):
                return True
            time.sleep(0.2)
        return False


def scenario_of(name: str, house: House, seed: int) -> Scenario:
    """The scenario of that name; KeyError for another one."""
    if name == "paging":
        from benchmarks.faults.paging import Paging

        return Paging(house, seed)
    from benchmarks.faults.clocks import Clocks

    return {"clocks": Clocks}[name]()


def run(name: str, rounds: int, seed: int, folder: Path) -> int:
    """The whole campaign in a fresh database; prints the report."""
    from benchmarks.faults import shifted

    clock = ShiftedClock(Path(os.environ[FILE]))
    clock.write(timedelta(0))
    shifted.install()
    chance = Random(seed)
    workers, tick = HOUSES[name]
    house = House(folder, chance, workers=workers)
    os.environ.update(REDIS_URL=house.redis_url, ENGINE_TICK_SECONDS=tick, ALLOWED_HOSTS="*")
    campaign = Campaign(house, clock, chance, scenario_of(name, house, seed))
    campaign.scenario.set_up(campaign.now())
    started = time.monotonic()
    try:
        house.start_all()
        house.wait_for_redis()
        for number in range(1, rounds + 1):
            print(campaign.round(number), flush=True)
        settled = campaign.settle()
    finally:
        house.end()
    count = campaign.scenario.count(campaign.now())
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = time.monotonic() - started
    print(f"seed {seed}, {took:.0f} s, {machine()}")
    print(f"processor time of the house {spent.ru_utime + spent.ru_stime:.0f} s")
    print(f"rounds {rounds}, kills {house.kills}, stops {house.stops}")
    return report(count, campaign.scenario, settled=settled)


def report(count: Count, scenario: Scenario, *, settled: bool) -> int:
    """Print what was counted; the exit status."""
    for line in [*count.faults[:20], *count.told]:
        print(line)
    print(f"{count.name} {count.done}")
    print(f"lost {count.lost}")
    print(f"doubled {count.doubled}")
    if not settled:
        print("something due was still waiting at the end")
    whole = settled and not count.faults and not count.lost
    return 0 if whole and count.done and count.doubled <= scenario.may_double else 1


def main() -> int:
    """From the command line."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("DATABASE_URL must name a PostgreSQL server", file=sys.stderr)
        return 2
    name = os.environ.get("SCENARIO", "clocks")
    if name not in HOUSES:
        print(f"SCENARIO is one of {', '.join(HOUSES)}", file=sys.stderr)
        return 2
    rounds = int(os.environ.get("ROUNDS", "20"))
    seed = int(os.environ.get("SEED", "20261124"))
    with tempfile.TemporaryDirectory(prefix="servicedesk-faults-") as folder:
        shift = Path(folder) / "shift"
        shift.write_text("0", encoding="ascii")
        os.environ[FILE] = str(shift)
        # A stopped process must not hold the campaign up by a lock for long.
        os.environ["DB_IDLE_IN_TRANSACTION_SECONDS"] = "10"
        with own_database(f"faults_{name}"):
            return run(name, rounds, seed, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
