"""Telephones for the benchmarks: people with numbers of their own, and a Twilio that notes times.

The provider is the tests' double over a real socket. What a human does with a call is drawn from
the seed and the call's own name, so that it does not depend on the order in which calls come.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from accounts.models import Organisation, User
from benchmarks.faults.house import House
from benchmarks.ground import wait_until
from oncall import ladder
from oncall.models import Page
from oncall.services.pages import start_page
from tests.doubles.twilio import ACCOUNT, TOKEN, Behaviour, Call, TwilioDouble

# (share in percent, what the telephone does)
HUMANS: tuple[tuple[int, Behaviour], ...] = (
    (80, Behaviour(digits="1", ring_seconds=0.3)),
    (5, Behaviour(digits="2", ring_seconds=0.3)),
    (5, Behaviour(end="no-answer", digits="", ring_seconds=1.0)),
    (3, Behaviour(end="busy", digits="", ring_seconds=0.1)),
    (4, Behaviour(digits="", machine=True, ring_seconds=0.3)),
    (3, Behaviour(digits="", ring_seconds=0.3)),
)
# Numbers that do not exist.
DEAD_PERCENT = 3
STEP_SECONDS = 6
PEOPLE = 300


@dataclass(frozen=True)
class Heard:
    """A call the provider has taken: our name of it, and when (seconds since the epoch)."""

    reference: str
    at: float


class Telephones(TwilioDouble):
    """The double, with humans drawn by lot and a note of everything it took."""

    def __init__(self, seed: int, *, humans: Sequence[tuple[int, Behaviour]] = HUMANS) -> None:
        super().__init__(seed=seed, hang_seconds=7.0)
        self.seed, self.humans = seed, humans
        self.called: Counter[str] = Counter()
        self.taken_by: dict[str, float] = {}

    def behaviour(self, number: str) -> Behaviour:
        """Drawn by the number and how often it was called: the same seed gives the same answers."""
        if self.is_dead(number):
            return Behaviour(error=21211)
        lot = Random(f"{self.seed}:{number}:{self.called[number]}").randrange(100)
        for share, behaviour in self.humans:
            lot -= share
            if lot < 0:
                return behaviour
        return self.humans[0][1]

    def is_dead(self, number: str) -> bool:
        """A number that does not exist: it never rings."""
        return Random(f"{self.seed}:{number}").randrange(100) < DEAD_PERCENT

    def create(self, pairs: list[tuple[str, str]], *, message: bool) -> Call:
        """Take it; the next call to this number meets another mood."""
        call = super().create(pairs, message=message)
        self.called[dict(pairs)["To"]] += 1
        return call

    def heard(self) -> list[Heard]:
        """Every call that was taken, in order."""
        with self._lock:
            return [Heard(call.reference, call.created) for call in self.calls]

    def _post(self, call: Call, url: str, more: dict[str, str]) -> str | None:
        """Note when a human who pressed 1 has heard the answer: from then on nothing may ring."""
        words = super()._post(call, url, more)
        if words is not None and more.get("Digits") == "1":
            self.taken_by.setdefault(page_of(call.reference), time.time())
        return words


def page_of(reference: str) -> str:
    """The page a call belongs to, out of our name of the call."""
    return reference.split(":")[1]


def connect(house: House, address: str) -> None:
    """Let the house call through ``address``, and let this process nudge the house's workers."""
    os.environ.update(
        PHONE_PROVIDER="twilio",
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
        TWILIO_FROM="+85221231234",
        TWILIO_BASE_URL=address,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{house.web_port}",
    )
    from django.conf import settings

    from servicedesk.celery import app

    settings.REDIS_URL = house.redis_url
    app.conf.update(broker_url=house.redis_url)


def people(count: int = PEOPLE) -> list[tuple[int, str]]:
    """Primary keys and numbers of people with a telephone each."""
    unit = Organisation.objects.create(name="值班电话", kind="operator")
    made = User.objects.bulk_create(
        User(
            username=f"phone{number}", name=f"值班{number}", organisation=unit,
            staff_no=f"P{number:04d}", phone=f"+8525{number:07d}", password="!",
        )
        for number in range(count)
    )  # fmt: skip
    return [(person.pk, person.phone) for person in made]


def awake(seconds: float = 120.0) -> bool:
    """Wait until workers have begun to look for calls: a cold start is not what is measured."""
    from engine.models import Heartbeat

    return wait_until(lambda: Heartbeat.objects.filter(engine="calls").exists(), seconds)


def ring(
    number: int, persons: Sequence[int], chance: Random, *, last: Sequence[int]
) -> tuple[Page, float]:
    """Start a page that calls two of ``persons``, then one of ``last`` again and again.

    Returns it with its time of commit.
    """
    from django.utils import timezone

    steps = [
        ladder.Step(ladder.PERSON, STEP_SECONDS, person=person)
        for person in (*chance.sample(list(persons), 2), chance.choice(last))
    ]
    page = start_page(
        key=f"campaign:{number}",
        subject=f"PG-{number:07d}",
        title=f"PG-{number:07d}",
        write=lambda: "收单业务中断",
        url="/",
        now=timezone.now(),
        chosen=ladder.Ladder(tuple(steps)),
    )
    return page, time.time()
