"""Pages: every one reaches a human, no call twice, none after it was taken.

The provider is Twilio's double on a real socket, with errors, silence, lost, doubled, reordered
and forged callbacks. Time is not moved: the telephones outside would not move with it.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import datetime
from random import Random

from accounts.models import User
from audit.verify import verify_chain
from benchmarks import telephones
from benchmarks.faults.house import House
from benchmarks.faults.scenario import Count
from oncall.models import Attempt, Page
from oncall.services.pages import acknowledge, close_pages
from tests.doubles.twilio import Faults

# Of everything said between us and the provider, so much goes wrong.
FAULTS = Faults(
    too_many=0.02, error_before=0.02, error_after=0.02, silent_before=0.01, silent_after=0.01,
    callback_lost=0.05, callback_doubled=0.05, callback_reordered=0.05, forged=0.02,
)  # fmt: skip
# In a hundred pages so many are taken in the browser, or closed, at any moment.
BY_HAND_PERCENT = 12
BY_A_PERSON = 0.5
MOST_OPEN = 60
# A request that was under way when the page was taken may arrive so much later, in seconds.
UNDER_WAY = 1.0


class Paging:
    """Pages at a steady rate, each calling three people in turn until one presses 1."""

    keeps_time = True
    # Twilio knows no idempotency: a request that is heard after we were told of none is a second.
    may_double = 1

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.rate = float(os.environ.get("RATE", "6"))
        self.each_round = int(os.environ.get("PAGES", "100"))
        self.telephones = telephones.Telephones(seed)
        self.telephones.faults = FAULTS
        self.pages: dict[str, tuple[Page, float]] = {}
        self.by_hand: list[tuple[float, str]] = []
        self.stopped_at: dict[str, float] = {}
        self.to_start, self.next_at = 0, 0.0

    def set_up(self, now: datetime) -> None:
        """Three hundred people, and the provider they are called through."""
        everybody = telephones.people()
        self.anybody = [pk for pk, _number in everybody]
        # What is repeated for ever is no ladder of the product's if it only calls a dead number.
        self.last = [pk for pk, number in everybody if not self.telephones.is_dead(number)]
        telephones.connect(self.house, self.telephones.start())

    def begin_round(self, edge: datetime, chance: Random) -> None:
        """Another hundred pages are to be started."""
        if not self.pages:
            telephones.awake()
        self.to_start += self.each_round
        self.next_at = time.time()

    def act(self, now: datetime, chance: Random) -> None:
        """Start what is to be started by now; take or close some pages by hand."""
        if self.to_start and time.time() >= self.next_at and self._has_room():
            self._start(chance)
        while self.by_hand and self.by_hand[0][0] <= time.time():
            self._stop(self.by_hand.pop(0)[1], chance, now)

    def has_more(self) -> bool:
        """Pages of this round are still to be started."""
        return bool(self.to_start)

    def _has_room(self) -> bool:
        """A machine that is too slow for the rate gets fewer pages instead of a growing heap."""
        return Page.objects.filter(state=Page.State.OPEN).count() < MOST_OPEN

    def _start(self, chance: Random) -> None:
        number = len(self.pages)
        page, at = telephones.ring(number, self.anybody, chance, last=self.last)
        self.pages[str(page.pk)] = (page, at)
        self.to_start -= 1
        self.next_at = max(self.next_at + 1 / self.rate, time.time() - 1)
        if chance.randrange(100) < BY_HAND_PERCENT:
            self.by_hand.append((at + chance.uniform(0.0, 2.0), str(page.pk)))
            self.by_hand.sort()

    def _stop(self, pk: str, chance: Random, now: datetime) -> None:
        page, _at = self.pages[pk]
        called = User.objects.filter(pk__in=page.attempts.values("person")).first()
        if called is not None and chance.random() < BY_A_PERSON:
            acknowledge(page=page, person=called, via="browser", now=now)
        else:
            close_pages(subject=page.subject, now=now)
        self.stopped_at[pk] = time.time()

    def is_done(self, now: datetime) -> bool:
        """Every page was stopped by somebody, and nothing is left to be said to the provider."""
        self.act(now, Random(0))
        calling = Page.objects.filter(state=Page.State.OPEN)
        return not calling.exists() and not Attempt.objects.filter(ended_at=None).exists()

    def count(self, now: datetime) -> Count:
        """Pages against calls: what the provider took, and what the desk believes."""
        found = Count("pages", done=len(self.pages))
        calls = self.telephones.heard()
        self._lost(found)
        self._doubled(found, calls)
        self._afterwards(found, calls)
        self._believed(found)
        if not verify_chain().intact:
            found.faults.append("the audit trail is broken")
        found.told.append(self._lateness(calls))
        self.telephones.stop()
        return found

    def _lost(self, found: Count) -> None:
        """Still calling, or over without a human; or a 1 that was answered and not written down."""
        states = dict(Page.objects.values_list("pk", "state"))
        for pk in self.pages:
            if states.get(int(pk), "open") == Page.State.OPEN:
                found.lost += 1
                found.faults.append(f"lost: page {pk} was never taken")
        for pk in self.telephones.taken_by:
            if states.get(int(pk)) == Page.State.OPEN:
                found.lost += 1
                found.faults.append(f"lost: 1 was pressed for page {pk}, which goes on")

    def _doubled(self, found: Count, calls: list[telephones.Heard]) -> None:
        times = Counter(call.reference for call in calls)
        for reference, count in times.items():
            if count > 1:
                found.doubled += count - 1
                found.told.append(f"doubled: {reference} was called {count} times")

    def _afterwards(self, found: Count, calls: list[telephones.Heard]) -> None:
        """Calls that came to the provider after somebody had learnt that it was taken."""
        stopped = dict(self.telephones.taken_by)
        for pk, at in self.stopped_at.items():
            stopped[pk] = min(at, stopped.get(pk, at))
        under_way = 0
        for call in calls:
            late = call.at - stopped.get(telephones.page_of(call.reference), call.at)
            if late > UNDER_WAY:
                found.faults.append(f"called {late:.1f} s after it was taken: {call.reference}")
            under_way += 0 < late <= UNDER_WAY
        after = sum(fault.startswith("called ") for fault in found.faults)
        found.told += [
            f"calls {len(calls)}, texts refused {len(self.telephones.mistakes)}",
            f"calls after it was taken {after}",
            f"calls already under way when it was taken, hung up at once {under_way}",
        ]

    def _believed(self, found: Count) -> None:
        """No call is known to the desk that the provider never took."""
        known = {call.reference for call in self.telephones.heard()}
        rows = Attempt.objects.filter(channel=Attempt.Channel.VOICE).exclude(provider_id="")
        for reference in rows.values_list("idempotency_key", flat=True):
            if reference not in known:
                found.faults.append(f"believed to be called, and was not: {reference}")

    def _lateness(self, calls: list[telephones.Heard]) -> str:
        first: dict[str, float] = {}
        for call in calls:
            first.setdefault(telephones.page_of(call.reference), call.at)
        waits = sorted(at - self.pages[pk][1] for pk, at in first.items() if pk in self.pages)
        if not waits:
            return "nothing was called"
        return (
            f"commit to provider: median {waits[len(waits) // 2]:.2f} s, "
            f"99 % {waits[int(len(waits) * 0.99) - 1]:.2f} s, worst {waits[-1]:.2f} s"
        )
