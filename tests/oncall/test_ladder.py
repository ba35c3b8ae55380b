"""Whom the ladder calls, and when."""

from __future__ import annotations

import pytest
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
    below = ladder.ROSTERED.index(ladder.step_at(steps, index).target)
    above = ladder.ROSTERED.index(ladder.step_at(steps, index + 1).target)

    assert above == min(below + 1, len(ladder.ROSTERED) - 1)


waits = st.integers(min_value=1, max_value=ladder.LONGEST_WAIT)
rostered = st.builds(
    ladder.Step,
    target=st.sampled_from(ladder.ROSTERED),
    wait_seconds=waits,
    channels=st.sets(st.sampled_from(ladder.CHANNELS)).map(lambda more: sorted({"voice", *more})),
)
ladders = st.builds(
    ladder.Ladder,
    steps=st.lists(rostered, min_size=1, max_size=ladder.MOST_STEPS).map(tuple),
    rounds=st.integers(min_value=0, max_value=5),
)


@given(ladders, indexes)
def test_every_rung_of_every_sound_ladder_rings_somebody(given: ladder.Ladder, index: int) -> None:
    """R16: a ladder that may be saved never has a rung that is silent."""
    assert ladder.faults(given, "routine") == []
    step = ladder.step_at(given.as_rows(), index)

    assert "voice" in step.channels
    assert step.wait_seconds > 0


@given(ladders, indexes)
def test_it_ends_exactly_after_its_repetitions_or_never(given: ladder.Ladder, index: int) -> None:
    over = ladder.is_exhausted(given.as_rows(), index, given.rounds)

    assert over == (given.rounds > 0 and index >= len(given.steps) - 1 + given.rounds)


@given(ladders, indexes, st.lists(indexes, max_size=4).map(sorted))
def test_a_page_that_calls_again_begins_with_the_first_step(
    given: ladder.Ladder, beyond: int, starts: list[int]
) -> None:
    """Whatever happened before, a new start is followed by the whole ladder from its bottom."""
    rows = given.as_rows()
    for start in starts:
        assert ladder.position(start, starts) == 0
        assert ladder.step_at(rows, start, starts) == ladder.step_at(rows, 0)
    last = max(starts, default=0)
    assert ladder.step_at(rows, last + beyond, starts) == ladder.step_at(rows, beyond)


@given(ladders)
def test_only_routine_ladders_may_end(given: ladder.Ladder) -> None:
    assert ("limit" in ladder.faults(given, "urgent")) == bool(given.rounds)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((), "length"),
        ((ladder.Step("everybody", 60),) * 9, "length"),
        ((ladder.Step("nobody", 60),), "target"),
        ((ladder.Step("person", 60), ladder.Step("everybody", 60)), "target"),
        ((ladder.Step("primary", 60, person=3),), "target"),
        ((ladder.Step("primary", 0),), "wait"),
        ((ladder.Step("primary", 60, ("sms",)),), "channels"),
        ((ladder.Step("primary", 60, ("voice", "smoke")),), "channels"),
        ((ladder.Step("person", 60, person=3),), "last"),
    ],
)
def test_ladders_on_which_somebody_could_be_forgotten(
    steps: tuple[ladder.Step, ...], fault: str
) -> None:
    assert fault in ladder.faults(ladder.Ladder(steps), "urgent")


@pytest.mark.parametrize("urgency", ladder.URGENCIES)
def test_what_ships_is_sound(urgency: str) -> None:
    assert ladder.faults(ladder.DEFAULTS[urgency], urgency) == []
