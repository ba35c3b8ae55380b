"""Whatever the rotations: one primary or a reported gap at every minute of a year (R11, R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.arithmetic import WorkingCalendar
from oncall.coverage import coverage
from oncall.models import Roster
from oncall.rotation import Configuration, Layer, Plan, plan

MINUTE = timedelta(minutes=1)
START = datetime(2025, 12, 31, 16, tzinfo=UTC)
YEAR = 365 * 24 * 60
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
# The second half of the year is one whose calendar is missing.
CALENDAR = WorkingCalendar(
    years=frozenset({2025, 2026}), holidays=frozenset({date(2026, 5, 1)}),
    makeup_days=frozenset({date(2026, 5, 9)}),
)  # fmt: skip

people = st.lists(st.integers(1, 6), min_size=1, max_size=5).map(tuple)
clock = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
windows = st.one_of(st.just((None, None)), st.tuples(clock, clock))
layers = st.builds(
    lambda window, **given: Layer(**given, from_time=window[0], until_time=window[1]),
    name=st.sampled_from(("a", "b")),
    people=people,
    backups=st.one_of(st.just(()), people),
    first_day=st.dates(date(2025, 6, 1), date(2026, 9, 1)),
    every_days=st.sampled_from((1, 2, 5, 7, 14, 31)),
    handover=clock,
    zone=st.sampled_from(ZONES),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    follow=st.sampled_from(("", "working", "outside")),
    counts=st.sampled_from(("days", "working_days")),
    window=windows,
)
configurations = st.builds(
    Configuration,
    roster=st.sampled_from(tuple(Roster)),
    layers=st.lists(layers, max_size=4).map(tuple),
)


def year(configuration: Configuration) -> Plan:
    """The plan of the year."""
    return plan(configuration, START, START + YEAR * MINUTE, CALENDAR)


def at(instant: datetime) -> int:
    """Minutes since the year began."""
    return int((instant - START) / MINUTE)


@settings(max_examples=60, deadline=None)
@given(configurations)
def test_every_minute_has_exactly_one_primary_or_lies_in_a_gap(
    configuration: Configuration,
) -> None:
    found = year(configuration)
    minutes = bytearray(YEAR)
    for duty in found.duties:
        first, last = at(duty.starts_at), at(duty.ends_at)
        assert first < last
        assert not any(minutes[first:last])  # nobody before said who stands here
        assert duty.primary != duty.backup
        assert duty.backup is not None or configuration.roster == Roster.HOTLINE
        minutes[first:last] = b"d" * (last - first)
    for gap in found.gaps:
        first, last = at(gap.starts_at), at(gap.ends_at)
        assert not any(minutes[first:last])
        minutes[first:last] = b"g" * (last - first)
    wanted = coverage(configuration.roster, START, START + YEAR * MINUTE, CALENDAR)
    for begins, finishes in wanted.wanted:
        assert all(minutes[at(begins) : at(finishes)])
    # and nothing outside of what the roster has to cover
    assert sum(map(bool, minutes)) == sum(at(b) - at(a) for a, b in wanted.wanted)


@settings(max_examples=60, deadline=None)
@given(configurations)
def test_duties_and_gaps_are_in_order_and_apart(configuration: Configuration) -> None:
    found = year(configuration)

    assert all(a.ends_at <= b.starts_at for a, b in pairwise(found.duties))
    assert all(a.ends_at < b.starts_at for a, b in pairwise(found.gaps))


@settings(max_examples=60, deadline=None)
@given(configurations, layers, st.integers(0, 4))
def test_a_further_layer_never_makes_two_primaries_nor_a_gap(
    configuration: Configuration, more: Layer, place: int
) -> None:
    before = year(configuration)
    stack = (*configuration.layers[:place], more, *configuration.layers[place:])
    after = year(replace(configuration, layers=stack))

    assert all(a.ends_at <= b.starts_at for a, b in pairwise(after.duties))
    open_before = sum(gap.minutes for gap in before.gaps)
    assert sum(gap.minutes for gap in after.gaps) <= open_before


@settings(max_examples=60, deadline=None)
@given(configurations, st.integers(0, YEAR - 1), st.integers(1, 60 * 24 * 60))
def test_the_answer_does_not_depend_on_the_period_asked_about(
    configuration: Configuration, first: int, length: int
) -> None:
    start, end = START + first * MINUTE, START + min(YEAR, first + length) * MINUTE
    whole = year(configuration).duties
    expected = [
        (max(duty.starts_at, start), min(duty.ends_at, end), duty.primary, duty.backup, duty.layer)
        for duty in whole
        if duty.starts_at < end and duty.ends_at > start
    ]
    found = plan(configuration, start, end, CALENDAR).duties

    assert [
        (duty.starts_at, duty.ends_at, duty.primary, duty.backup, duty.layer) for duty in found
    ] == expected
