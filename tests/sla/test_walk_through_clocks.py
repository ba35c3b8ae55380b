"""The walk-throughs of domain section 2.4, as far as clocks alone tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sla import services
from sla.errors import NoAgreement
from sla.handlers import Fired
from sla.models import Milestone
from sla.proof import differences
from tests.sla.conftest import T0, Promise, after, agreement

Open = Callable[..., Promise]
ALL_FIX = ["half", "three_quarters", "last_hour", "last_half_hour", "breach"]
ALL_PLAN = ["duty_opened", "half", "last_hour", "last_half_hour", "breach"]


def test_1_resolved_a_second_before_twelve_hours_is_all_green(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(11.5))
    clocks.resolve(after(12, -1))

    assert clocks.states() == {"fix": "met", "plan": "lapsed", "report": "running"}
    assert clocks.get("report").due_at == after(36, -1)
    assert clocks.get("plan").opened_at is None
    clocks.tick(after(20))
    assert clocks.get("fix").breached_at is None


def test_resolved_exactly_at_twelve_hours_is_met(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(12))
    clocks.resolve(after(12))

    assert clocks.states()["fix"] == "met"
    assert clocks.get("fix").breached_at is None


def test_2_resolved_a_second_after_twelve_hours_is_a_breach_and_the_plan_lapses(
    promise: Open,
) -> None:
    clocks = promise()
    clocks.resolve(after(12, 1))

    assert clocks.states() == {"fix": "missed", "plan": "lapsed", "report": "running"}
    assert clocks.get("fix").breached_at == after(12, 1)
    assert clocks.get("plan").opened_at == after(12)
    assert clocks.get("plan").breached_at is None


def test_3_plan_in_time_after_a_missed_fix(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(12.1))
    clocks.plan(after(13, 600))
    clocks.resolve(after(14.5))

    assert clocks.states()["fix"] == "missed"
    assert clocks.states()["plan"] == "met"
    assert clocks.get("plan").stopped_at == after(13, 600)


def test_4_nothing_by_sixteen_hours_and_a_second_is_two_breaches(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(16))
    assert clocks.get("plan").breached_at is None
    clocks.tick(after(16, 1))

    assert clocks.get("fix").breached_at == after(12, 1)
    assert clocks.get("plan").breached_at == after(16, 1)
    assert clocks.states() == {"fix": "running", "plan": "running"}
    clocks.resolve(after(18))
    assert clocks.states()["plan"] == "missed"


def test_5_rejected_recovery_lets_fix_run_on_from_its_t0(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(8))
    clocks.resolve(after(8))
    first_report = clocks.get("report")
    clocks.reject(after(9, 30))
    assert clocks.states()["fix"] == "running"
    assert clocks.states()["plan"] == "running"
    clocks.tick(after(9, 31))
    assert clocks.told("fix") == ["half", "three_quarters"]
    clocks.tick(after(12.4))
    clocks.resolve(after(12.5))

    assert clocks.states()["fix"] == "missed"
    assert clocks.told("fix") == ALL_FIX
    first_report.refresh_from_db()
    assert first_report.state == "voided"
    assert clocks.get("report").run == 2
    assert clocks.get("report").origin == after(12.5)


def test_6_a_plan_delivered_early_satisfies_the_duty_before_it_opens(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.plan(after(10))
    clocks.tick(after(17))

    assert clocks.states() == {"fix": "running", "plan": "met"}
    assert clocks.get("fix").breached_at == after(12, 1)
    assert {fired.clock.kind for fired in heard} == {"fix"}


def test_7_an_s2_upgraded_at_its_hour_20_counts_from_the_upgrade_contact(promise: Open) -> None:
    """The record owed nothing under the contract before; T0 is the contact that upgraded it."""
    upgraded = after(20)
    clocks = promise(t0=upgraded, now=after(20, 300))

    assert clocks.get("fix").due_at == after(32)
    assert clocks.get("plan").due_at == after(36)
    clocks.tick(after(20, 301))
    assert clocks.told("fix") == []


def test_8_two_reports_merged_count_from_the_earlier_one(promise: Open) -> None:
    """The main incident was reported at 23:10, the merged one at 22:58."""
    main, merged = promise(t0=T0), promise(t0=after(-0.2))
    services.absorb(
        main.commitment, merged.commitment, t0=after(-0.2), reason="同一故障", now=after(1)
    )

    assert main.get("fix").origin == after(-0.2)
    assert main.get("fix").due_at == after(11.8)
    assert main.get("plan").due_at == after(15.8)
    assert merged.states() == {"fix": "voided", "plan": "voided"}
    assert services.t0_of(main.commitment) == after(-0.2)


def test_8_the_earliest_of_two_reports_is_t0(promise: Open) -> None:
    first, second = after(-1.2), T0
    clocks = promise(t0=min(first, second), now=after(0.5))

    assert clocks.get("fix").due_at == first + timedelta(hours=12)


@pytest.mark.parametrize(("seconds", "state"), [(0, "met"), (1, "missed")])
def test_9_report_at_twenty_four_hours_is_met_and_a_second_later_missed(
    promise: Open, seconds: int, state: str
) -> None:
    clocks = promise()
    clocks.resolve(after(3))
    clocks.report(after(27, seconds))

    assert clocks.states()["report"] == state


def test_10_after_five_hours_of_standstill_each_milestone_is_told_once_and_late(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    del heard[:]
    clocks.tick(after(13))
    clocks.tick(after(13, 5))

    assert [(fired.clock.kind, fired.code) for fired in heard] == [
        ("fix", "three_quarters"),
        ("fix", "last_hour"),
        ("fix", "last_half_hour"),
        ("plan", "duty_opened"),
        ("fix", "breach"),
    ]
    assert all(fired.late for fired in heard)
    assert Milestone.objects.filter(late=True).count() == 5


def test_an_earlier_resolution_time_entered_later_does_not_undo_a_breach(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(11.9), now=after(12.1))

    assert clocks.states()["fix"] == "missed"
    assert clocks.get("fix").breached_at == after(12, 1)


def test_a_plan_delivered_after_the_resolution_counts_for_nothing(promise: Open) -> None:
    clocks = promise()
    clocks.resolve(after(13))
    clocks.plan(after(13.5))

    assert clocks.states()["plan"] == "lapsed"


def test_a_breached_clock_is_not_voided(promise: Open) -> None:
    from audit import services as audit

    clocks = promise()
    with audit.unit_of_work():
        services.void_clocks(clocks.commitment, now=after(13))

    assert clocks.states() == {"fix": "missed", "plan": "voided"}


def test_declared_late_tells_at_once_what_was_due_before_marked_late(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise(now=after(6, 30))
    clocks.tick(after(6, 31))

    assert [(fired.code, fired.late) for fired in heard] == [("half", True)]


def test_the_agreement_in_force_at_t0_is_kept(promise: Open) -> None:
    agreement(2, after(-1), fix_hours=8, plan_hours=10)
    before, since = promise(t0=after(-2)), promise()
    agreement(3, T0, fix_hours=1, plan_hours=2)

    assert before.get("fix").due_at == after(10)
    assert since.get("fix").due_at == after(8)
    since.tick(after(8, 1))
    assert since.get("fix").breached_at == after(8, 1)


def test_without_an_agreement_no_clock_is_guessed(promise: Open) -> None:
    with pytest.raises(NoAgreement):
        promise(t0=datetime(2016, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("late_plan_first", [True, False])
def test_a_rejected_recovery_undoes_only_what_the_resolution_ended(
    promise: Open, late_plan_first: bool
) -> None:
    """E15: a plan delivered late in the very second of the resolution stays delivered."""
    clocks = promise()
    clocks.tick(after(17))
    if late_plan_first:
        clocks.plan(after(17.5))
    clocks.resolve(after(17.5))
    assert clocks.states()["plan"] == "missed"
    assert clocks.get("plan").ended_by == ("delivered" if late_plan_first else "resolved")
    clocks.reject(after(18))

    plan = clocks.get("plan")
    assert clocks.get("fix").state == "running"
    if late_plan_first:
        assert (plan.state, plan.stopped_at) == ("missed", after(17.5))
    else:
        assert (plan.state, plan.stopped_at, plan.ended_by) == ("running", None, "")
    assert plan.breached_at == after(16, 1)
    assert differences([clocks.commitment], after(18)) == []


def test_a_plan_in_time_missed_by_an_earlier_t0_is_not_undone_with_the_resolution(
    promise: Open,
) -> None:
    """E15 and the T0 rule: it had been delivered, whatever T0 makes of it."""
    clocks = promise()
    clocks.tick(after(15))
    clocks.plan(after(15))
    clocks.resolve(after(15))
    clocks.move(after(-2), after(15.5))
    assert clocks.get("plan").state == "missed"
    clocks.reject(after(16))

    assert clocks.get("plan").state == "missed"
    assert differences([clocks.commitment], after(16)) == []
