"""Minutes without anybody on call (R14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oncall.gaps import Gap, gaps, minutes_uncovered

START = datetime(2026, 11, 22, 16, tzinfo=UTC)
END = START + timedelta(days=7)


def at(hours: float) -> datetime:
    """So many hours after the start."""
    return START + timedelta(hours=hours)


def test_a_week_with_no_shift_is_one_gap() -> None:
    assert gaps([], START, END) == [Gap(START, END)]
    assert minutes_uncovered([], START, END) == 7 * 24 * 60


def test_a_week_that_is_covered_without_a_seam_has_none() -> None:
    days = [(at(24 * day), at(24 * day + 24)) for day in range(7)]

    assert gaps(days, START, END) == []


def test_gaps_before_between_and_after() -> None:
    found = gaps([(at(30), at(40)), (at(1), at(10))], START, at(48))

    assert found == [Gap(at(0), at(1)), Gap(at(10), at(30)), Gap(at(40), at(48))]
    assert [gap.minutes for gap in found] == [60, 1200, 480]


def test_a_shift_within_another_opens_no_gap() -> None:
    assert gaps([(at(0), at(48)), (at(1), at(2))], START, at(48)) == []


def test_shifts_outside_the_time_asked_about_do_not_count() -> None:
    assert gaps([(at(-9), at(-1)), (at(50), at(60))], START, at(48)) == [Gap(START, at(48))]


def test_a_part_of_a_minute_counts_as_one() -> None:
    assert Gap(START, START + timedelta(seconds=61)).minutes == 2


minutes = st.integers(min_value=-600, max_value=1200)


@given(st.lists(st.tuples(minutes, st.integers(min_value=1, max_value=600)), max_size=8))
def test_gaps_and_shifts_together_fill_the_time(raw: list[tuple[int, int]]) -> None:
    spans = [(at(a / 60), at((a + b) / 60)) for a, b in raw]
    end = at(10)
    found = gaps(spans, START, end)

    uncovered = {
        minute
        for minute in range(600)
        if not any(start <= at(minute / 60) < finish for start, finish in spans)
    }
    assert sum(gap.minutes for gap in found) == len(uncovered)
    assert all(gap.starts_at < gap.ends_at for gap in found)
    assert gaps([*spans, *((g.starts_at, g.ends_at) for g in found)], START, end) == []
