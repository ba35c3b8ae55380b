"""What a tick costs when nothing is due: ``python -m benchmarks.clocks_idle [small] [large]``.

Limits: 5 ms of processor time at 1,000,000 running clocks, and no more than twice the cost at
1,000. On SQLite the large number is 10,000.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.ground import analyse, machine, on_postgres, own_database, verdict

LIMIT_MS, LIMIT_RATIO = 5.0, 2.0
TICKS = 300
# A difference that a clock of this machine cannot tell is no difference.
NOISE_MS = 0.2


def load(total: int) -> None:
    """Fill up to ``total`` running clocks whose next milestones lie days ahead."""
    from django.db import connection
    from django.utils import timezone

    from sla.models import Agreement, Clock, Commitment

    there = Clock.objects.count()
    agreement = Agreement.objects.order_by("-version")[0]
    now = timezone.now()
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sla_commitment (subject, kind, url, title, agreement_id, is_drill, "
                "is_demo, hour_seconds, created_at) SELECT 'L' || n, 'load', '', '', %s, false, "
                "false, 3600, %s FROM generate_series(%s, %s) n",
                [agreement.pk, now, there + 1, total],
            )
            cursor.execute(
                "INSERT INTO sla_clock (commitment_id, kind, run, origin, due_at, state, ended_by, "
                "next_milestone_at) SELECT id, 'fix', 1, %s, %s, 'running', '', "
                "%s + id * interval '1 second' FROM sla_commitment c WHERE NOT EXISTS "
                "(SELECT 1 FROM sla_clock k WHERE k.commitment_id = c.id)",
                [now, now + timedelta(days=400), now + timedelta(days=1)],
            )
        return
    commitments = Commitment.objects.bulk_create(
        Commitment(subject=f"L{number}", kind="load", agreement=agreement, created_at=now)
        for number in range(there, total)
    )
    Clock.objects.bulk_create(
        Clock(
            commitment=each, kind="fix", origin=now, due_at=now + timedelta(days=400),
            next_milestone_at=now + timedelta(days=1, seconds=number),
        )
        for number, each in enumerate(commitments)
    )  # fmt: skip


def cpu_ms() -> float:
    """Processor time of this process and of its PostgreSQL backend, when that is on this machine.

    What a tick costs, also on a machine whose cores are busy with other things.
    """
    from django.db import connection

    mine = time.process_time() * 1000
    if not on_postgres():
        return mine
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return mine
    fields = stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return mine + (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def tick_ms() -> tuple[float, float, float]:
    """Median and 95th percentile of a whole tick, heartbeat included; and its processor time."""
    from django.utils import timezone

    from engine import registry

    registry.run("clocks", timezone.now())
    taken = []
    before = cpu_ms()
    for _tick in range(TICKS):
        started = time.perf_counter()
        registry.run("clocks", timezone.now())
        taken.append((time.perf_counter() - started) * 1000)
    cost = (cpu_ms() - before) / TICKS
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], cost


def run(small: int, large: int) -> int:
    """Measure at both sizes."""
    print(machine(), "PostgreSQL" if on_postgres() else "SQLite", flush=True)
    costs = []
    for size in (small, large):
        load(size)
        analyse()
        median, slow, cost = tick_ms()
        costs.append(cost)
        print(
            f"{size} running clocks: a tick takes {median:.2f} ms (95 %: {slow:.2f} ms), "
            f"{cost:.2f} ms of processor time",
            flush=True,
        )
    ratio = costs[1] / max(costs[0], NOISE_MS)
    print(f"{large} cost {ratio:.2f} times as much as {small}")
    return verdict(holds=costs[1] <= LIMIT_MS and ratio <= LIMIT_RATIO)


def main() -> int:
    """From the command line."""
    given = [int(each) for each in sys.argv[1:3]]
    with own_database("idle"):
        default = [1_000, 1_000_000 if on_postgres() else 10_000]
        small, large = [*given, *default[len(given) :]]
        return run(small, large)


if __name__ == "__main__":
    sys.exit(main())
