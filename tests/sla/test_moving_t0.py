"""T0 is moved to another report: what was told stays, what is due now is told (R21, R22)."""

from __future__ import annotations

from collections.abc import Callable

from audit.models import Event
from sla.handlers import Fired
from sla.models import Milestone
from sla.proof import differences
from tests.sla.conftest import T0, Promise, after

Open = Callable[..., Promise]


def test_7_the_contact_that_reported_the_worsening_is_t0(promise: Open) -> None:
    """S2 upgraded at its hour 20: the clocks count from the upgrade's contact."""
    clocks = promise(t0=after(20), now=after(20.5))

    assert clocks.get("fix").due_at == after(32)


def test_an_earlier_t0_brings_every_moment_forward_and_tells_what_is_due(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    clocks.move(after(-4), after(7))

    assert clocks.get("fix").origin == clocks.get("plan").origin == after(-4)
    assert clocks.get("fix").due_at == after(8)
    assert clocks.get("plan").due_at == after(12)
    # "Half" was told at the old hour 6 and is not told again.
    assert [(fired.code, fired.late) for fired in heard] == [
        ("half", False),
        ("three_quarters", True),
        ("last_hour", False),
    ]
    assert clocks.get("fix").next_milestone_at == after(7.5)


def test_a_later_t0_gives_more_time_and_undoes_no_breach(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(13))
    clocks.move(after(5), after(13))
    clocks.resolve(after(14))

    assert clocks.get("fix").due_at == after(17)
    assert clocks.get("fix").breached_at == after(12, 1)
    assert clocks.states()["fix"] == "missed"


def test_a_clock_that_ended_in_time_is_missed_when_t0_was_earlier(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.resolve(after(11))
    clocks.move(after(-2), after(20))

    assert clocks.states() == {"fix": "missed", "plan": "lapsed", "report": "running"}
    assert clocks.get("fix").breached_at == after(10, 1)
    assert [(fired.code, fired.late) for fired in heard if fired.code == "breach"] == [
        ("breach", True)
    ]
    assert Milestone.objects.filter(clock=clocks.get("fix"), code="breach").count() == 1


def test_the_report_counts_from_the_resolution_whatever_t0_is(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(11))
    clocks.move(after(-1), after(12))

    assert clocks.get("report").due_at == after(35)


def test_a_move_is_in_the_trail_with_both_times_and_the_reason(promise: Open) -> None:
    clocks = promise()
    clocks.move(after(-1), after(1))

    fix, plan = Event.objects.filter(action="sla.clock_moved").order_by("seq")
    assert (fix.data["clock"], plan.data["clock"]) == ("fix", "plan")
    assert (fix.data["was"], fix.data["origin"]) == (T0.isoformat(), after(-1).isoformat())
    assert fix.opinion == "另有更早的报告"


def test_moving_to_the_same_t0_changes_nothing(promise: Open) -> None:
    clocks = promise()
    clocks.move(T0, after(1))

    assert not Event.objects.filter(action="sla.clock_moved").exists()


def test_moved_later_and_back_the_duty_is_the_one_that_was_told(
    promise: Open, heard: list[Fired]
) -> None:
    """R22: the plan's duty began at hour 12 and people were told so; the round trip keeps it."""
    clocks = promise()
    clocks.tick(after(12.5))
    clocks.move(after(3), after(12.6))
    assert clocks.get("plan").opened_at is None
    clocks.move(T0, after(12.7), reason="原时间无误")

    assert clocks.get("plan").opened_at == after(12)
    assert [fired.code for fired in heard if fired.clock.kind == "plan"] == ["duty_opened"]
    assert differences([clocks.commitment], after(12.7)) == []


def test_moved_back_less_far_the_duty_is_told_again_at_its_new_instant(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.tick(after(12.25))
    clocks.move(after(3), after(12.3))
    clocks.move(after(0.5), after(12.7))

    assert clocks.get("plan").opened_at == after(12.5)
    assert [fired.again for fired in heard if fired.code == "duty_opened"] == [False, True]
    assert differences([clocks.commitment], after(12.7)) == []
