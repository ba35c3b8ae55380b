"""Two windows at the same moment: a swap is agreed once, leave is entered once (R11, R14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Event
from oncall.models import Leave, RosterFeed, Shift, Swap
from oncall.services.feeds import make_feed
from oncall.services.leave import add_leave
from oncall.services.shifts import add_shift
from oncall.services.swap_endings import Duty
from oncall.services.swaps import agree_to_swap, offer_swap, withdraw_swap
from tests.threads import at_once
from workflow.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def offered(supervisor: User, tech: User, tech2: User, biz: User, now: datetime) -> Swap:
    """A day of the tech's, offered to the other."""
    shift = add_shift(
        actor=supervisor, starts_at=now + DAY, ends_at=now + 2 * DAY, primary=tech, backup=biz
    )  # fmt: skip
    duty = Duty(shift.roster, "primary", shift.starts_at, shift.ends_at)
    return offer_swap(duty=duty, colleague=tech2, back=None, note="", actor=tech, now=now)


def test_two_windows_agree_once(offered: Swap, tech2: User, now: datetime) -> None:
    def agree(_number: int) -> bool:
        try:
            agree_to_swap(offered, actor=tech2, now=now)
        except Refusal:
            return False
        return True

    assert sorted(at_once(2, agree)) == [False, True]
    assert Shift.objects.get().primary == tech2
    assert Event.objects.filter(action="oncall.shift_swapped").count() == 1


def test_consent_and_withdrawal_at_once(
    offered: Swap, tech: User, tech2: User, now: datetime
) -> None:
    def act(number: int) -> str:
        try:
            done = (
                agree_to_swap(offered, actor=tech2, now=now)
                if number
                else withdraw_swap(offered, actor=tech, now=now)
            )
        except Refusal:
            return ""
        return str(done.state)

    states = set(at_once(2, act)) - {""}
    offered.refresh_from_db()
    assert states == {offered.state}
    assert (Shift.objects.get().primary == tech2) == (offered.state == "agreed")


def test_the_same_leave_and_the_same_feed_from_two_windows(tech: User, now: datetime) -> None:
    def act(_number: int) -> bool:
        make_feed(scope="mine", actor=tech, now=now)
        try:
            add_leave(
                person=tech, starts_at=now, ends_at=now + DAY, note="", actor=tech, now=now
            )  # fmt: skip
        except Refusal:
            return False
        return True

    assert sorted(at_once(2, act)) == [False, True]
    assert Leave.objects.count() == 1
    assert RosterFeed.objects.standing().count() == 1
