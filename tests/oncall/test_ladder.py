"""Whom the ladder calls, and when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oncall import ladder

drills = st.booleans()
indexes = st.integers(min_value=0, max_value=500)


def test_primary_then_backup_then_supervisors_then_everybody() -> None:
    steps = ladder.snapshot()

    assert [step["target"] for step in steps] == [
        "primary", "backup", "supervisors", "everybody",
    ]  # fmt: skip


def test_the_backup_after_5_supervisors_after_10_and_everybody_after_15_minutes() -> None:
    steps = ladder.snapshot()
    starts = [sum(ladder.step_at(steps, i).wait_seconds for i in range(n)) for n in range(5)]

    assert starts == [0, 300, 600, 900, 1200]


@given(drills, indexes)
def test_it_never_ends(is_drill: bool, index: int) -> None:
    steps = ladder.snapshot(is_drill=is_drill)
    step = ladder.step_at(steps, index)

    assert step.target in ladder.TARGETS
    assert step.wait_seconds == (10 if is_drill else 300)
    assert ladder.repeats(steps, index) == (step.target == "everybody")


@given(drills, indexes)
def test_nobody_is_left_out_further_up(is_drill: bool, index: int) -> None:
    steps = ladder.snapshot(is_drill=is_drill)
    below = ladder.TARGETS.index(ladder.step_at(steps, index).target)
    above = ladder.TARGETS.index(ladder.step_at(steps, index + 1).target)

    assert above == min(below + 1, len(ladder.TARGETS) - 1)
