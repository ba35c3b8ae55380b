"""A carrier's limit never silences a page (R16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from oncall import providers
from oncall.budget import Budget
from oncall.models import Page
from tests.oncall.conftest import Exchange, attempts, begin, run

NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ago = st.lists(st.integers(min_value=0, max_value=100_000), max_size=30)
limits = st.integers(min_value=0, max_value=25)


# How fast examples are made says something of the machine, not of the budget.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ago, limits, limits, limits)
def test_a_call_is_allowed_exactly_when_no_span_is_full(
    seconds: list[int], minute: int, hour: int, day: int
) -> None:
    calls = [NOW - timedelta(seconds=each) for each in seconds]
    full = [
        limit and sum(each < span for each in seconds) >= limit
        for limit, span in ((minute, 60), (hour, 3600), (day, 86_400))
    ]

    assert Budget(minute, hour, day).allows(calls, NOW) == (not any(full))


def test_it_is_written_as_three_numbers() -> None:
    assert Budget.parse("1/5/20") == Budget(1, 5, 20)
    assert not Budget.parse(" ").is_limited


@pytest.mark.parametrize("text", ["1", "1/2", "a/b/c", "-1/5/20", "1/2/3/4"])
def test_another_text_is_a_mistake_of_the_set_up(text: str, settings: object) -> None:
    settings.PHONE_BUDGET = text  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="PHONE_BUDGET"):
        providers.budget()


@pytest.mark.django_db
def test_a_used_up_budget_calls_the_next_one_at_once(
    rostered: tuple[User, User, User], now: datetime, exchange: Exchange, settings: object
) -> None:
    settings.PHONE_BUDGET = "1/5/20"  # type: ignore[attr-defined]
    User.objects.filter(username="liuqiang").update(phone="13900139000")
    User.objects.filter(username="chenming").update(phone="13900139001")
    first = begin(now)
    run(now)
    second = begin(now, key="test:other", subject="GZ-20261123-0002")
    run(now + timedelta(seconds=5))
    run(now + timedelta(seconds=6))

    assert attempts(first) == [(0, "zhangwei", "ringing")]
    assert attempts(second) == [(0, "zhangwei", "over_budget"), (1, "liuqiang", "ringing")]
    assert len(exchange.placed) == 2


@pytest.mark.django_db
def test_everybody_over_budget_is_called_as_soon_as_the_carrier_allows(
    rostered: tuple[User, User, User], now: datetime, exchange: Exchange, settings: object
) -> None:
    """All have one number here: one call a minute is all there is, and it is made each time."""
    settings.PHONE_BUDGET = "1/0/0"  # type: ignore[attr-defined]
    page = begin(now, is_drill=True)
    for second in range(0, 150, 5):
        page.attempts.filter(state="ringing").update(
            state="no_answer", ended_at=now, next_try_at=None
        )
        run(now + timedelta(seconds=second))

    assert Page.objects.get().state == Page.State.OPEN
    assert len(exchange.placed) == 3
