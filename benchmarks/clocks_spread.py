"""Armed clocks spread over time: how late are their milestones when somebody can read them?

``python -m benchmarks.clocks_spread [clocks] [seconds]``; limit: 99 % within 2 s, with 100,000
armed clocks on PostgreSQL and 10,000 on SQLite. The origins are spread over twelve hours, as those
of many records would be; two workers that tick every second tell what falls due meanwhile.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from benchmarks.ground import (
    analyse,
    machine,
    on_postgres,
    own_database,
    verdict,
    wait_until,
    workers,
)

LIMIT_SECONDS, LIMIT_SHARE = 2.0, 0.99
WATCH_SECONDS = 60
LOOK_EVERY = 0.1
# A clock is 12 h long and tells five milestones: origins up to 11.9 h ago are all still armed.
SPREAD_SECONDS = 11.9 * 3600


def _origins(now: datetime, chance: random.Random) -> Iterator[datetime]:
    while True:
        yield now - timedelta(seconds=chance.randrange(int(SPREAD_SECONDS)))


def watch(start: datetime, seconds: float) -> list[float]:
    """How late each milestone due from ``start`` on was when it could first be read, in seconds."""
    from django.utils import timezone

    from sla.models import Clock, Milestone

    seen: set[int] = set()
    late: list[float] = []
    last = Milestone.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    end = start + timedelta(seconds=seconds)
    while timezone.now() < end + timedelta(seconds=10):
        for pk, due_at in Milestone.objects.filter(
            pk__gt=last, due_at__gte=start, due_at__lt=end
        ).values_list("pk", "due_at"):
            if pk not in seen:
                seen.add(pk)
                late.append((timezone.now() - due_at).total_seconds())
        time.sleep(LOOK_EVERY)
    untold = Clock.objects.filter(next_milestone_at__gte=start, next_milestone_at__lt=end)
    return late + [float("inf")] * untold.count()


def run(count: int, seconds: float) -> int:
    """Load, let the workers come up, watch."""
    from django.utils import timezone

    from benchmarks import loads
    from sla.firing import untold

    print(machine(), "PostgreSQL" if on_postgres() else "SQLite", flush=True)
    loads.people(timezone.now())
    at = timezone.now()
    loads.incidents(count, _origins(at, random.Random(7)), at)
    analyse()
    with workers("clocks"):
        # What fell due while the clocks were loaded is told first and not counted.
        if not wait_until(lambda: untold(timezone.now()) == 0, 300):
            print("the workers never caught up")
            return 1
        late = sorted(watch(timezone.now(), seconds))
    if not late:
        print("nothing fell due")
        return 1
    share = sum(1 for each in late if each <= LIMIT_SECONDS) / len(late)
    print(
        f"{count} armed, {len(late)} milestones in {seconds:.0f} s: {share:.1%} within "
        f"{LIMIT_SECONDS:.0f} s, median {late[len(late) // 2]:.2f} s, "
        f"99 % {late[int(len(late) * 0.99) - 1]:.2f} s, worst {late[-1]:.2f} s"
    )
    return verdict(holds=share >= LIMIT_SHARE)


def main() -> int:
    """From the command line."""
    with own_database("spread"):
        default = 100_000 if on_postgres() else 10_000
        count = int(sys.argv[1]) if len(sys.argv) > 1 else default
        seconds = float(sys.argv[2]) if len(sys.argv) > 2 else WATCH_SECONDS
        return run(count, seconds)


if __name__ == "__main__":
    sys.exit(main())
