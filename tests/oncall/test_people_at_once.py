"""Two windows at the same moment: what can be done once is done once (R11, R14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Event
from oncall.ics import read_calendar
from oncall.models import HandoverSheet, Leave, RosterFeed, RotationVersion, Shift, Swap
from oncall.rotation import Layer
from oncall.services.feeds import make_feed
from oncall.services.handovers import acknowledge_sheet
from oncall.services.leave import add_leave
from oncall.services.leave_import import take_import
from oncall.services.rotations import change_rotations
from oncall.services.shifts import add_shift
from oncall.services.swap_endings import Duty
from oncall.services.swaps import agree_to_swap, offer_swap, withdraw_swap
from tests.oncall.calendars import TRIP, calendar
from tests.threads import at_once
from workflow.errors import Refusal, StaleVersion

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


def test_two_versions_of_the_rotations_from_the_same_page(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    layer = Layer("周轮班", (tech.pk, tech2.pk), now.date())

    def act(number: int) -> str:
        try:
            change_rotations(
                actor=supervisor, roster="on_call", version=0, layers=(layer,) * (number + 1),
                reason="十二月起两人轮班", now=now,
            )  # fmt: skip
        except StaleVersion:
            return "stale"
        return "done"

    assert sorted(at_once(2, act)) == ["done", "stale"]
    assert RotationVersion.objects.get().version == 1
    assert Event.objects.filter(action="oncall.rotations_changed").count() == 1


def test_the_same_calendar_file_from_two_windows(tech: User, now: datetime) -> None:
    read = read_calendar(calendar(TRIP), now)

    def act(_number: int) -> int:
        return take_import(person=tech, read=read, actor=tech, now=now).changes

    assert sorted(at_once(2, act)) == [0, 1]
    assert Leave.objects.count() == 1


def test_a_handover_acknowledged_from_two_windows(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    sheet = HandoverSheet.objects.create(
        at=now, kind=HandoverSheet.Kind.SHIFT, leaver=tech, taker=tech2, note="一切正常"
    )

    def act(_number: int) -> datetime | None:
        return acknowledge_sheet(sheet, actor=tech2, now=now).acknowledged_at

    assert at_once(2, act) == [now, now]
    assert Event.objects.filter(action="oncall.handover_acknowledged").count() == 1
