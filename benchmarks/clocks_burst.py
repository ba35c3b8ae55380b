"""Ten thousand clocks due in the same second: how long until event, page and messages are written?

``python -m benchmarks.clocks_burst [clocks]``; limit: 20 s with two workers. The milestone is the
breach of FIX: the one that tells most people and pages on-call. Only the engine of the clocks runs.
"""

from __future__ import annotations

import itertools
import sys
import time
from datetime import timedelta

from benchmarks.ground import machine, on_postgres, own_database, verdict, wait_until, workers

LIMIT_SECONDS = 20.0


def run(count: int) -> int:
    """Load, wait for the instant, measure."""
    from django.utils import timezone

    from audit.models import Event
    from audit.verify import verify_chain
    from benchmarks import loads
    from benchmarks.ground import analyse
    from notifications.models import Message
    from oncall.models import Page
    from sla.models import Clock, Milestone

    print(machine(), "PostgreSQL" if on_postgres() else "SQLite", flush=True)
    now = timezone.now()
    loads.people(now)
    before_the_end = now - timedelta(hours=11, minutes=59)
    loads.incidents(count, itertools.repeat(before_the_end), now)
    analyse()
    at = (timezone.now() + timedelta(seconds=15)).replace(microsecond=0)
    origin = at - timedelta(hours=12, seconds=1)
    Clock.objects.update(origin=origin, due_at=origin + timedelta(hours=12), next_milestone_at=at)
    Milestone.objects.update(fired_at=at)  # told, also as the later origin counts
    told = Milestone.objects.filter(code="breach")
    with workers("clocks"):
        wait_until(lambda: timezone.now() >= at, 600, every=0.01)
        started = time.monotonic()
        done = wait_until(lambda: told.count() >= count, 300)
        took = time.monotonic() - started
    pages, messages = Page.objects.count(), Message.objects.count()
    events = Event.objects.filter(action="sla.milestone").count()
    intact = verify_chain().intact
    print(
        f"{told.count()} milestones, {events} events, {pages} pages, {messages} messages "
        f"in {took:.1f} s ({told.count() / took:.0f}/s); trail {'intact' if intact else 'BROKEN'}"
    )
    whole = done and intact and told.count() == events == pages == count
    left = Clock.objects.filter(next_milestone_at__lte=timezone.now()).count()
    return verdict(holds=whole and left == 0 and took <= LIMIT_SECONDS)


def main() -> int:
    """From the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with own_database("burst"):
        return run(count)


if __name__ == "__main__":
    sys.exit(main())
