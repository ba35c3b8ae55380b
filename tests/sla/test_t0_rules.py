"""T0: what it may be, and moving it earlier or later (domain section 2.4; E6, E7, E20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audit import services as audit
from audit.models import Event
from sla import services
from sla.handlers import Fired
from sla.models import Commitment, Milestone, T0Change
from sla.proof import differences
from tests.sla.conftest import KIND, T0, Promise, after, agreement
from workflow.errors import InvalidInput

Open = Callable[..., Promise]


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"t0": 2.0}, "first_contact_at"),
        ({"t0": 0.0, "occurred_at": 0.5}, "first_contact_at"),
        ({"t0": 0.5, "declared_at": 0.4}, "first_contact_at"),
        ({"t0": 0.5, "declared_at": 1.5}, "declared_at"),
    ],
)
def test_occurred_t0_declared_now_stand_in_this_order(times: dict[str, float], field: str) -> None:
    given: dict[str, Any] = {name: after(hours) for name, hours in times.items()}
    with pytest.raises(InvalidInput) as refused:
        services.check_t0(given.pop("t0"), now=after(1), **given)

    assert list(refused.value.fields) == [field]


def test_equal_instants_are_in_order() -> None:
    services.check_t0(T0, now=T0, occurred_at=T0, declared_at=T0)


def test_moved_earlier_both_values_and_the_reason_stay_on_record(promise: Open) -> None:
    clocks = promise(now=after(1))
    clocks.move(after(-0.5), after(2), reason="机房更早来电")

    assert clocks.get("fix").due_at == after(11.5)
    assert clocks.get("plan").due_at == after(15.5)
    change = T0Change.objects.get()
    assert (change.before, change.after, change.reason) == (T0, after(-0.5), "机房更早来电")
    told = Event.objects.filter(action="sla.clock_moved")
    assert {event.opinion for event in told} == {"机房更早来电"}


def test_moved_earlier_what_is_due_now_is_told_once_and_nothing_twice(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.tick(after(6))
    clocks.move(after(-4), after(6.5))
    clocks.tick(after(6.5))

    assert [fired.code for fired in heard] == ["half", "three_quarters"]
    assert clocks.get("fix").next_milestone_at == after(7)


def test_moved_earlier_a_clock_that_was_met_may_turn_out_missed(
    promise: Open, heard: list[Fired]
) -> None:
    clocks = promise()
    clocks.resolve(after(11.5))
    assert clocks.states()["fix"] == "met"
    clocks.move(after(-1), after(13))

    assert clocks.states()["fix"] == "missed"
    assert clocks.get("fix").breached_at == after(11, 1)
    assert "breach" in [fired.code for fired in heard if fired.clock.kind == "fix"]
    assert clocks.states()["plan"] == "lapsed"


def test_moved_later_warnings_come_again_at_their_new_instants(
    promise: Open, heard: list[Fired]
) -> None:
    """Otherwise nobody would be warned any more before the new deadline."""
    clocks = promise()
    clocks.tick(after(11))
    clocks.move(after(8), after(11.2))
    clocks.tick(after(11.2))
    assert [fired.code for fired in heard] == ["half", "three_quarters", "last_hour"]
    clocks.tick(after(19))

    assert [fired.code for fired in heard][3:] == ["half", "three_quarters", "last_hour"]
    assert all(fired.again for fired in heard[3:])
    assert differences([clocks.commitment], after(19)) == []
    assert clocks.get("fix").due_at == after(20)


def test_moved_later_a_breach_stays_and_is_not_told_twice(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(12.1))
    clocks.move(after(8), after(12.2))
    clocks.tick(after(21))
    clocks.resolve(after(21.5))

    assert clocks.states()["fix"] == "missed"
    assert clocks.get("fix").breached_at == after(12, 1)
    assert Milestone.objects.filter(clock=clocks.get("fix"), code="breach").count() == 1


def test_moved_later_a_breach_the_engine_slept_through_still_counts(promise: Open) -> None:
    clocks = promise()
    clocks.move(after(8), after(12.2))

    assert clocks.get("fix").breached_at == after(12, 1)


def test_moved_later_before_the_duty_is_due_closes_the_duty_again(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(12))
    assert clocks.get("plan").opened_at == after(12)
    clocks.move(after(6), after(12))
    assert clocks.get("plan").opened_at is None
    assert differences([clocks.commitment], after(12)) == []
    clocks.tick(after(18))

    assert clocks.get("plan").opened_at == after(18)


def test_moving_to_the_same_instant_changes_nothing(promise: Open) -> None:
    clocks = promise()
    clocks.move(T0 + timedelta(microseconds=400), after(1))

    assert not T0Change.objects.exists()


def test_the_future_is_refused(promise: Open) -> None:
    clocks = promise()
    with pytest.raises(InvalidInput):
        clocks.move(after(3), after(2))
    assert clocks.get("fix").origin == T0


def test_e7_a_downgrade_voids_what_runs_and_breaches_stay(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(12.5))
    clocks.void(after(12.6))

    assert clocks.states() == {"fix": "missed", "plan": "voided"}
    assert clocks.get("fix").breached_at == after(12, 1)


@pytest.mark.parametrize("hours", [0.5, 0.0])
def test_e20_a_later_t0_of_the_merged_one_moves_nothing(promise: Open, hours: float) -> None:
    main, merged = promise(), promise(t0=after(hours))
    change = services.absorb(
        main.commitment, merged.commitment, t0=after(hours), reason="同一故障", now=after(1)
    )

    assert change is None
    assert main.get("fix").origin == T0
    assert merged.states() == {"fix": "voided", "plan": "voided"}


def test_e20_the_merged_one_may_have_no_clocks_yet(promise: Open) -> None:
    main = promise()
    services.absorb(main.commitment, None, t0=after(-1), reason="同一故障", now=after(1))

    assert main.get("fix").origin == after(-1)


# --- a report for S2 ---------------------------------------------------------------------------
def _s2_report(**given: object) -> Commitment | None:
    with audit.unit_of_work():
        return services.open_report_duty(
            subject="GZ-S2", kind=KIND, url="/", title="变慢", resolved_at=after(3), now=after(3)
        )


def test_the_first_agreement_asks_no_report_for_s2(db: None) -> None:
    assert _s2_report() is None
    assert not Commitment.objects.exists()


def test_an_agreement_may_ask_a_report_for_s2(db: None) -> None:
    agreement(2, after(-1), report_for_s2=True)
    commitment = _s2_report()

    assert commitment is not None
    clocks = Promise(commitment)
    assert clocks.states() == {"report": "running"}
    assert clocks.get("report").due_at == after(27)
    assert services.t0_of(commitment) is None
    clocks.reject(after(4))
    assert clocks.states() == {"report": "voided"}


def test_e6_an_upgrade_after_a_rejected_recovery_adds_fix_and_plan(db: None) -> None:
    agreement(2, after(-1), report_for_s2=True)
    commitment = _s2_report()
    assert commitment is not None
    Promise(commitment).reject(after(4))
    with audit.unit_of_work():
        again = services.open_commitment(
            subject="GZ-S2", kind=KIND, url="/", title="变慢", t0=after(5), now=after(5)
        )

    assert again == commitment
    assert Promise(again).states() == {"report": "voided", "fix": "running", "plan": "running"}
    assert services.t0_of(again) == after(5)


def test_nobody_moves_what_never_counted_from_t0(db: None) -> None:
    agreement(2, after(-1), report_for_s2=True)
    commitment = _s2_report()
    assert commitment is not None
    with audit.unit_of_work():
        assert services.move_t0(commitment, t0=T0, reason="更早", now=after(4)) is None
