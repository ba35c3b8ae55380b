"""How soon a telephone rings: from the commit of a page until the provider has taken the call.

``python -m benchmarks.paging [pages] [seconds]``, on PostgreSQL with a Redis of its own, the
processes of the Procfile, and Twilio's double on a real socket without faults:

1. pages spread evenly over the time: 99 % within 5 s;
2. a worker is killed with ``kill -9`` at any moment around a page, again and again, and comes back
   three seconds later: every page within 10 s;
3. everything is killed, pages are committed meanwhile (as by a console or another host), and
   everything is started again: every page within 60 s of the start.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.faults import shifted
from benchmarks.faults.house import House
from benchmarks.faults.shifted import FILE, ShiftedClock
from benchmarks.ground import machine, own_database, verdict, wait_until

STEADY_LIMIT, KILLED_LIMIT, RESTART_LIMIT = 5.0, 10.0, 60.0
KILLS, RESTARTS, EACH_RESTART = 20, 2, 10
PATIENCE = 180.0
SEED = 20261124


class Bench:
    """The house, its telephones, and when each page was committed."""

    def __init__(self, folder: Path) -> None:
        from benchmarks import telephones

        self.module = telephones
        self.chance = Random(SEED)
        # The product as the Procfile starts it, with a second worker that goes on.
        self.house = House(folder, self.chance, workers=2, beats=1)
        self.telephones = telephones.Telephones(SEED)
        self.committed: dict[str, float] = {}

    def set_up(self) -> None:
        """People, provider, processes; returns when calls are looked for."""
        os.environ.update(
            REDIS_URL=self.house.redis_url, ENGINE_TICK_SECONDS="1.0", ALLOWED_HOSTS="*"
        )
        self.persons = [
            pk for pk, number in self.module.people() if not self.telephones.is_dead(number)
        ]
        self.module.connect(self.house, self.telephones.start())
        self.house.start_all()
        if not self.module.awake():
            raise SystemExit("the workers never came up")

    def ring(self) -> str:
        """Commit a page now."""
        page, at = self.module.ring(
            len(self.committed), self.persons, self.chance, last=self.persons
        )
        self.committed[str(page.pk)] = at
        return str(page.pk)

    def waits(self, pages: list[str], since: float | None = None) -> list[float]:
        """Seconds until the provider had each page's first call; infinite for one never called."""
        wait_until(lambda: not (set(pages) - self._first().keys()), PATIENCE)
        first = self._first()
        return sorted(first.get(pk, float("inf")) - (since or self.committed[pk]) for pk in pages)

    def _first(self) -> dict[str, float]:
        first: dict[str, float] = {}
        for call in self.telephones.heard():
            first.setdefault(self.module.page_of(call.reference), call.at)
        return first

    def steady(self, count: int, seconds: float) -> bool:
        """Pages spread evenly; nothing befalls anybody."""
        begun, pages = time.time(), []
        for number in range(count):
            time.sleep(max(0.0, begun + number * seconds / count - time.time()))
            pages.append(self.ring())
        waits = self.waits(pages)
        at_99 = waits[max(0, int(len(waits) * 0.99) - 1)]
        print(
            f"{count} pages in {seconds:.0f} s: median {waits[len(waits) // 2]:.2f} s, "
            f"99 % {at_99:.2f} s, worst {waits[-1]:.2f} s (limit 99 % {STEADY_LIMIT:.0f} s)",
            flush=True,
        )
        return at_99 <= STEADY_LIMIT

    def killed(self) -> bool:
        """A worker dies around the moment of a page."""
        found: list[float] = []
        for number in range(KILLS):
            victim = f"worker {number % 2}"
            pk = self.ring()
            time.sleep(self.chance.uniform(0.0, 0.15))
            self.house.kill(victim)
            time.sleep(3.0)
            self.house.start_all()
            found += self.waits([pk])
            time.sleep(4.0)
        found.sort()
        print(
            f"{KILLS} pages, a worker killed at each: median {found[len(found) // 2]:.2f} s, "
            f"worst {found[-1]:.2f} s (limit {KILLED_LIMIT:.0f} s)",
            flush=True,
        )
        return found[-1] <= KILLED_LIMIT

    def restarted(self) -> bool:
        """Everything is gone while pages come, and is started again."""
        found: list[float] = []
        for _each in range(RESTARTS):
            pages = [self.ring() for _page in range(EACH_RESTART // 2)]
            for name in [*self.house.names(), "redis"]:
                self.house.kill(name)
            pages += [self.ring() for _page in range(EACH_RESTART // 2)]
            time.sleep(5.0)
            started = time.time()
            self.house.start_all()
            found += [max(wait, 0.0) for wait in self.waits(pages, since=started)]
        found.sort()
        print(
            f"{len(found)} pages, everything killed and started again: median "
            f"{found[len(found) // 2]:.2f} s, worst {found[-1]:.2f} s after the start "
            f"(limit {RESTART_LIMIT:.0f} s)",
            flush=True,
        )
        return found[-1] <= RESTART_LIMIT


def run(count: int, seconds: float, folder: Path) -> int:
    """All three, one after the other."""
    ShiftedClock(Path(os.environ[FILE])).write(timedelta(0))
    shifted.install()
    bench = Bench(folder)
    try:
        bench.set_up()
        print(machine(), flush=True)
        kept = [bench.steady(count, seconds), bench.killed(), bench.restarted()]
        print(machine(), flush=True)
    finally:
        bench.house.end()
        bench.telephones.stop()
    return verdict(holds=all(kept))


def main() -> int:
    """From the command line."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("DATABASE_URL must name a PostgreSQL server", file=sys.stderr)
        return 2
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 600.0
    with tempfile.TemporaryDirectory(prefix="servicedesk-paging-") as folder:
        shift = Path(folder) / "shift"
        shift.write_text("0", encoding="ascii")
        os.environ[FILE] = str(shift)
        with own_database("paging"):
            return run(count, seconds, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
