"""Several workers at once: no call twice, none after a human took it, no limit passed (R16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from oncall import ladder, providers
from oncall.models import Attempt, Page
from oncall.services import calls
from oncall.services.pages import acknowledge, close_pages
from tests.oncall.conftest import Exchange, attempts, begin, run
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
Between = Callable[[], object]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch, exchange: Exchange) -> list[Between]:
    """Acts that happen after a worker has leased a call and before it asks the provider."""
    acts: list[Between] = []

    def named(_name: str) -> Exchange:
        if acts:
            acts.pop(0)()
        return exchange

    # The name is asked for while the call is leased; the provider itself when it is spoken to.
    monkeypatch.setattr(providers, "chosen", lambda: exchange)
    monkeypatch.setattr(providers, "named", named)
    return acts


def alone(person: User) -> ladder.Ladder:
    """A ladder that calls one person only."""
    return ladder.Ladder((ladder.Step(ladder.PERSON, 300, person=person.pk),))


def test_many_workers_place_every_call_once(
    tech: User, now: datetime, exchange: Exchange, supervisor: User
) -> None:
    for number in range(24):
        begin(now, key=f"test:{number}", subject=f"GZ-{number}", chosen=alone(tech))
    run(now, "pages")
    # On a slow machine the second batch of rungs is taken a second later.
    later = now + timedelta(minutes=1)

    def work(_number: int) -> int:
        return sum(calls.call_due(later) for _each in range(40))

    at_once(4, work)
    # Who finds every due call in another worker's hands goes home; the next tick finds the rest.
    run(later, "calls")

    placed = Counter(request.reference for request in exchange.placed)
    assert len(placed) == 24
    assert set(placed.values()) == {1}
    assert set(Attempt.objects.values_list("state", flat=True)) == {"ringing"}


def test_a_page_another_worker_has_in_hand_is_passed_over(
    tech: User, now: datetime, exchange: Exchange, between: list[Between], supervisor: User
) -> None:
    """One worker hangs at the provider; the next one takes the next page and waits for nobody."""
    pages = [
        begin(now, key=f"test:{each}", subject=f"GZ-{each}", chosen=alone(tech)) for each in "ab"
    ]
    run(now, "pages")
    between.append(lambda: at_once(1, lambda _number: calls.call_due(now)))
    calls.call_due(now)

    assert [attempts(page)[0][2] for page in pages] == ["ringing", "ringing"]
    assert len(exchange.placed) == 2


@pytest.mark.parametrize("how", ["acknowledged", "closed"])
def test_what_happens_between_lease_and_provider_stops_the_call(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange, between: list[Between], how: str
) -> None:
    """Taken or closed in another process: this one has leased the call and does not place it."""
    run(now, "pages")

    def stop(_number: int) -> None:
        if how == "acknowledged":
            acknowledge(page=alarm, person=tech2, via="browser", now=now)
        else:
            close_pages(subject=alarm.subject, now=now)

    between.append(lambda: at_once(1, stop))
    calls.call_due(now)
    run(now + 10 * SECOND)
    run(now + timedelta(minutes=20))

    assert exchange.placed == []
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_a_worker_that_stood_still_does_not_place_what_another_has_placed(
    alarm: Page, now: datetime, exchange: Exchange, between: list[Between]
) -> None:
    """Its lease is over: the other one asked the provider, heard of no call, and placed it."""
    run(now, "pages")

    def the_other(_number: int) -> None:
        later = now + calls.LEASE
        run(later, "calls")

    between.append(lambda: at_once(1, the_other))
    calls.call_due(now)

    assert len(exchange.placed) == 1
    assert attempts(alarm) == [(0, "zhangwei", "ringing")]


def test_taken_while_the_request_is_under_way_is_hung_up_by_whoever_placed_it(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange
) -> None:
    def take(_number: int) -> None:
        acknowledge(page=alarm, person=tech2, via="browser", now=now)

    exchange.before = lambda _request: at_once(1, take)[0]
    run(now)
    run(now)

    assert [each.reference for each in exchange.placed] == exchange.cancelled
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_two_workers_do_not_pass_the_carriers_limit_together(
    tech: User, tech2: User, supervisor: User, now: datetime, exchange: Exchange, settings: Any
) -> None:
    """Both count the calls to one number at the same time; one of them must wait for the other."""
    settings.PHONE_BUDGET = "1/0/0"
    for number in range(6):
        begin(now, key=f"test:{number}", subject=f"GZ-{number}", chosen=alone(tech))
    run(now, "pages")

    def work(_number: int) -> None:
        for _each in range(12):
            calls.call_due(now)

    at_once(4, work)
    run(now, "calls")

    assert len(exchange.placed) == 1
    called = Attempt.objects.filter(channel="voice").values_list("state", flat=True)
    assert Counter(called) == {"ringing": 1, "over_budget": 5}
