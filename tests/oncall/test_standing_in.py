"""For people on leave the next in the order stand in, and for nobody else (R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from oncall.gaps import Span
from oncall.models import Roster
from oncall.rotation import Configuration, Duty, Layer, plan
from oncall.spans import joined
from oncall.standing_in import Availability, with_stand_ins
from tests.oncall.test_rotation_properties import CALENDAR, configurations

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEKLY = Layer("weekly", (1, 2, 3, 4), date(2026, 11, 2))
# Person 1 has the week of Monday 2 November, with 2 as the backup.
START, END = datetime(2026, 11, 2, 1, tzinfo=UTC), datetime(2026, 11, 9, 1, tzinfo=UTC)


def beijing(text: str) -> datetime:
    """``2026-11-04 09:00`` in Beijing, as UTC."""
    return (datetime.fromisoformat(text) - 8 * HOUR).replace(tzinfo=UTC)


def days(first: str, last: str) -> list[Span]:
    """Whole days of November 2026 in Beijing, both included."""
    return [(beijing(f"2026-11-{first} 00:00"), beijing(f"2026-11-{last} 00:00") + DAY)]


def stands(
    who: Availability, *layers: Layer, roster: str = Roster.ON_CALL
) -> list[tuple[str, str, int, int | None, tuple[int, ...]]]:
    """The week as (from, to, primary, backup, instead of), on Beijing's clock."""
    configuration = Configuration(roster, layers or (WEEKLY,))
    duties = plan(configuration, START, END, CALENDAR).duties
    return [
        (
            f"{each.starts_at + 8 * HOUR:%d %H:%M}", f"{each.ends_at + 8 * HOUR:%d %H:%M}",
            each.primary, each.backup, each.instead_of,
        )
        for each in with_stand_ins(duties, configuration, who)
    ]  # fmt: skip


def test_nobody_away_changes_nothing() -> None:
    who = Availability(away={}, busy={1: days("02", "08")}, unfit=frozenset({2}))
    assert stands(who) == [("02 09:00", "09 09:00", 1, 2, ())]


def test_the_next_in_the_order_stands_in_from_one_hand_over_to_another() -> None:
    assert stands(Availability(away={1: days("04", "05")})) == [
        ("02 09:00", "03 09:00", 1, 2, ()),
        ("03 09:00", "06 09:00", 3, 2, (1,)),
        ("06 09:00", "09 09:00", 1, 2, ()),
    ]


def test_one_person_stands_in_for_the_whole_leave_when_there_is_one() -> None:
    # The next could do the first day only; the one after can do both.
    away = {1: days("04", "05"), 3: [(beijing("2026-11-05 12:00"), beijing("2026-11-05 13:00"))]}
    assert {row[2] for row in stands(Availability(away=away))} == {1, 4}
    # When nobody can do all of it, each day has its own.
    away[4] = [(beijing("2026-11-04 01:00"), beijing("2026-11-04 02:00"))]
    assert [row[2:] for row in stands(Availability(away=away))] == [
        (1, 2, ()), (3, 2, (1,)), (4, 2, (1,)), (1, 2, ()),
    ]  # fmt: skip


def test_both_places_of_a_day() -> None:
    who = Availability(away={1: days("04", "04"), 2: days("04", "04")})
    assert stands(who)[1] == ("03 09:00", "05 09:00", 3, 4, (1, 2))


def test_who_cannot_stand_in() -> None:
    away = {1: days("04", "04")}
    elsewhere = {3: [(beijing("2026-11-04 14:00"), beijing("2026-11-04 15:00"))]}
    assert stands(Availability(away=away, busy=elsewhere))[1][2] == 4
    assert stands(Availability(away=away, unfit=frozenset({3})))[1][2] == 4
    # The account 3 is the backup's second one.
    assert stands(Availability(away=away, humans={2: "S7", 3: "S7"}))[1][2] == 4


def test_where_nobody_is_left_a_human_decides() -> None:
    who = Availability(away={1: days("04", "04")}, unfit=frozenset({3, 4}))
    assert stands(who) == [("02 09:00", "09 09:00", 1, 2, ())]


def test_a_night_is_not_cut_by_leave_of_the_next_day() -> None:
    nights = replace(WEEKLY, from_time=time(22), until_time=time(8), every_days=1)
    rows = stands(Availability(away={3: days("05", "05")}), nights)
    taken = [row for row in rows if row[4]]
    # Of the night of the 4th, which is that of 3 and ends on the day of leave, the whole.
    assert ("04 22:00", "05 08:00", 1, 4, (3,)) in taken
    # And as the backup of the nights that touch the 5th.
    assert all(3 not in row[2:4] for row in taken)
    assert len(rows) == 7


def test_a_hotline_does_without_its_backup() -> None:
    seats = Layer("seats", (1, 2), date(2026, 11, 2))
    alone = stands(Availability(away={2: days("04", "04")}), seats, roster=Roster.HOTLINE)
    assert {row[2:] for row in alone if row[0].startswith("04")} == {(1, None, (2,))}
    steps_up = stands(Availability(away={1: days("04", "04")}), seats, roster=Roster.HOTLINE)
    assert {row[2:] for row in steps_up if row[0].startswith("04")} == {(2, None, (1,))}
    assert {row[2:] for row in steps_up if not row[0].startswith("04")} == {(1, 2, ())}


leave = st.dictionaries(
    st.integers(1, 6),
    st.lists(
        st.tuples(st.integers(0, 90 * 24), st.integers(1, 20 * 24)).map(
            lambda given: (START + given[0] * HOUR, START + (given[0] + given[1]) * HOUR)
        ),
        max_size=3,
    ).map(joined),
)
unfit = st.frozensets(st.integers(1, 6), max_size=2)


def standing(duties: list[Duty], instant: datetime) -> Duty | None:
    """The only duty of an instant."""
    found = [each for each in duties if each.starts_at <= instant < each.ends_at]
    assert len(found) <= 1
    return found[0] if found else None


@settings(max_examples=60, deadline=None)
@given(configurations, leave, unfit)
def test_every_minute_stays_covered_and_only_leave_changes_who_stands(
    configuration: Configuration, away: dict[int, list[Span]], broken: frozenset[int]
) -> None:
    who = Availability(away=away, unfit=broken)
    planned = list(plan(configuration, START, START + 90 * DAY, CALENDAR).duties)
    found = with_stand_ins(planned, configuration, who)

    assert joined(each.span for each in found) == joined(each.span for each in planned)
    assert sum((each.ends_at - each.starts_at for each in found), HOUR) == sum(
        (each.ends_at - each.starts_at for each in planned), HOUR
    )
    for duty in found:
        assert duty.primary != duty.backup
        before = standing(planned, duty.starts_at)
        assert before is not None
        if not duty.instead_of:
            assert (duty.primary, duty.backup) == (before.primary, before.backup)
            continue
        # Whoever stands in is there and can be called, and somebody was away on each of the days.
        new = {duty.primary, duty.backup} - {before.primary, before.backup, None}
        assert all(who.can_stand(each, duty.span) for each in new if each is not None)
        assert all(who.is_away(each, duty.span) for each in duty.instead_of)
        assert set(duty.instead_of) <= {before.primary, before.backup}

    # Leave of people nobody plans, or of nobody, changes nothing.
    strangers = Availability(away={99: [(START, START + 90 * DAY)]})
    same = with_stand_ins(planned, configuration, strangers)
    assert [replace(each, cut_from=None) for each in same] == planned


# One turn from 2 November on: the leave begins in the part before the later question.
LONG = Configuration(Roster.ON_CALL, (replace(WEEKLY, every_days=31),))
LONG_LEAVE = {
    1: [(START + 28 * DAY, START + 31 * DAY)],
    3: [(START + 28 * DAY, START + 29 * DAY)],
}


@settings(max_examples=40, deadline=None)
@given(configurations, leave)
@example(LONG, LONG_LEAVE)
def test_the_same_minute_has_the_same_answer_whatever_period_one_asks_about(
    configuration: Configuration, away: dict[int, list[Span]]
) -> None:
    who = Availability(away=away)

    def asked(first: datetime) -> list[tuple[int, int | None, tuple[int, ...]] | None]:
        around = 61 * DAY
        duties = plan(configuration, first - around, START + 60 * DAY + around, CALENDAR).duties
        found = with_stand_ins(duties, configuration, who)
        hours = [START + 30 * DAY + hour * HOUR for hour in range(30 * 24)]
        here = [standing(found, hour) for hour in hours]
        return [(each.primary, each.backup, each.instead_of) if each else None for each in here]

    assert asked(START) == asked(START + 30 * DAY)
