"""Whatever people swap, every minute keeps exactly one primary and one other as backup (R14)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from oncall.models import Shift
from oncall.services.shifts import add_shift
from oncall.services.swap_endings import Duty
from oncall.services.swaps import agree_to_swap, offer_swap
from tests.conftest import NOW
from workflow.errors import Refusal

pytestmark = pytest.mark.django_db
HOUR, DAYS = timedelta(hours=1), 4
START = NOW + 24 * HOUR
# (to whom, place, from hour, hours, in return: place, from hour, hours); who stands there offers
WISH = st.tuples( st.integers(0, 4), st.sampled_from(["primary", "backup"]),
    st.integers(0, DAYS * 24 - 1), st.integers(1, 30),
    st.none() | st.tuples(
        st.sampled_from(["primary", "backup"]), st.integers(0, DAYS * 24 - 1), st.integers(1, 30)
    ),
)  # fmt: skip


def whole() -> None:
    """One shift at every minute, two people in it."""
    shifts = list(Shift.objects.order_by("starts_at"))
    assert shifts[0].starts_at == START
    assert shifts[-1].ends_at == START + DAYS * 24 * HOUR
    for one, other in pairwise(shifts):
        assert one.ends_at == other.starts_at
    assert all(shift.primary_id != shift.backup_id for shift in shifts)


def duty(place: str, begins: int, hours: int) -> Duty:
    """A stretch of the roster."""
    start: datetime = START + begins * HOUR
    return Duty("on_call", place, start, start + hours * HOUR)


def stands_there(wanted: Duty) -> User:
    """Who has the place when the duty begins."""
    shift = Shift.objects.at(wanted.starts_at).get()
    person: User = getattr(shift, wanted.lane)
    return person


@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(wishes=st.lists(WISH, min_size=1, max_size=6))
def test_any_sequence_of_swaps_keeps_every_minute_covered_once(
    wishes: list[tuple[int, str, int, int, tuple[str, int, int] | None]],
    supervisor: User, tech: User, tech2: User, biz: User, agent: User, support: User,
) -> None:  # fmt: skip
    people = [tech, tech2, biz, agent, support]
    with transaction.atomic():
        for day in range(DAYS):
            add_shift(
                actor=supervisor, starts_at=START + day * 24 * HOUR,
                ends_at=START + (day + 1) * 24 * HOUR,
                primary=people[day], backup=people[day + 1],
            )  # fmt: skip
        for whom, place, begins, hours, back in wishes:
            given = duty(place, begins, hours)
            who = stands_there(given)
            taker = people[whom]
            if back:
                taker = stands_there(duty(*back))
            try:
                swap = offer_swap(
                    duty=given, colleague=taker,
                    back=duty(*back) if back else None, note="", actor=who, now=NOW,
                )  # fmt: skip
                whole()
                agree_to_swap(swap, actor=taker, now=NOW)
            except Refusal:
                pass
            whole()
        transaction.set_rollback(True)
