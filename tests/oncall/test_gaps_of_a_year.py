"""Every minute of a year is covered by a shift or lies in exactly one reported gap (R14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.gaps import Span, gaps

MINUTE = timedelta(minutes=1)
YEAR = 365 * 24 * 60
# One zone without summer time and two that change their clocks in opposite seasons.
ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")
entered = st.lists(
    st.tuples(st.integers(-3000, YEAR + 3000), st.integers(1, 60 * 24 * 40)), max_size=25
)


def typed_in(zone: str, rows: list[tuple[int, int]]) -> tuple[list[Span], datetime, datetime]:
    """Shifts as somebody types them on the clock of ``zone``, and the year there, all in UTC."""

    def at(minutes: int) -> datetime:
        wall = datetime(2026, 1, 1) + minutes * MINUTE  # noqa: DTZ001 (the zone follows)
        return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    spans = [(at(start), at(start + length)) for start, length in rows]
    return [(start, end) for start, end in spans if start < end], at(0), at(YEAR)


@settings(max_examples=40, deadline=None)
@given(zone=st.sampled_from(ZONES), rows=entered)
def test_every_minute_is_covered_or_in_exactly_one_gap(
    zone: str, rows: list[tuple[int, int]]
) -> None:
    spans, start, end = typed_in(zone, rows)
    found = gaps(spans, start, end)

    minutes = int((end - start) / MINUTE)
    covered = bytearray(minutes)
    for begins, finishes in spans:
        first = min(minutes, max(0, int((begins - start) / MINUTE)))
        last = max(first, min(minutes, int((finishes - start) / MINUTE)))
        covered[first:last] = b"c" * (last - first)
    told = bytearray(covered)
    for gap in found:
        first, last = int((gap.starts_at - start) / MINUTE), int((gap.ends_at - start) / MINUTE)
        # Not covered by a shift, and not told in an earlier gap.
        assert not any(told[first:last])
        told[first:last] = b"g" * (last - first)
    assert all(told)


@settings(max_examples=40, deadline=None)
@given(zone=st.sampled_from(ZONES), rows=entered)
def test_gaps_are_in_order_and_apart(zone: str, rows: list[tuple[int, int]]) -> None:
    spans, start, end = typed_in(zone, rows)
    found = gaps(spans, start, end)

    assert all(gap.starts_at < gap.ends_at for gap in found)
    assert all(one.ends_at < other.starts_at for one, other in pairwise(found))
