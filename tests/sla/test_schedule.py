"""The vectors of the contract clocks: pure arithmetic (R21–R24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.schedule import (
    audience,
    default_warnings,
    due,
    is_late,
    judge,
    milestones,
    plan_origin,
)

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass
class Terms:
    """An agreement, without a database."""

    fix_hours: int = 12
    plan_hours: int = 16
    report_hours: int = 24
    plan_clock_origin: str = "t0"
    warnings: dict[str, list[dict[str, Any]]] = field(default_factory=default_warnings)


TERMS = Terms()


def local(text: str) -> datetime:
    """A Beijing wall-clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


@pytest.mark.parametrize(
    ("t0", "half", "three_quarters", "last_hour", "fix_due", "plan_due"),
    [
        pytest.param(
            "2026-09-30 17:40", "2026-09-30 23:40", "2026-10-01 02:40", "2026-10-01 04:40",
            "2026-10-01 05:40", "2026-10-01 09:40", id="national-day-and-midnight",
        ),
        pytest.param(
            "2026-02-14 16:30", "2026-02-14 22:30", "2026-02-15 01:30", "2026-02-15 03:30",
            "2026-02-15 04:30", "2026-02-15 08:30", id="make-up-saturday-into-spring-festival",
        ),
        pytest.param(
            "2026-11-20 23:10", "2026-11-21 05:10", "2026-11-21 08:10", "2026-11-21 10:10",
            "2026-11-21 11:10", "2026-11-21 15:10", id="friday-night",
        ),
        pytest.param(
            "2026-12-31 20:00", "2027-01-01 02:00", "2027-01-01 05:00", "2027-01-01 07:00",
            "2027-01-01 08:00", "2027-01-01 12:00", id="into-a-year-without-calendar",
        ),
    ],
)  # fmt: skip
def test_t0_vectors(
    t0: str, half: str, three_quarters: str, last_hour: str, fix_due: str, plan_due: str
) -> None:
    origin = local(t0)
    moments = {moment.code: moment.at for moment in milestones("fix", origin, TERMS)}

    assert moments["half"] == local(half)
    assert moments["three_quarters"] == local(three_quarters)
    assert moments["last_hour"] == local(last_hour)
    assert due("fix", origin, TERMS) == local(fix_due)
    assert due("plan", origin, TERMS) == local(plan_due)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "fix",
            [("half", 6), ("three_quarters", 9), ("last_hour", 11), ("last_half_hour", 11.5)],
        ),
        (
            "plan",
            [("duty_opened", 12), ("half", 14), ("last_hour", 15), ("last_half_hour", 15.5)],
        ),
        ("report", [("half", 12), ("last_four_hours", 20), ("last_hour", 23)]),
    ],
)
@pytest.mark.parametrize("hour_seconds", [3600, 5, 1])
def test_milestones_stand_at_their_hours_and_the_breach_just_after_the_deadline(
    kind: str, expected: list[tuple[str, float]], hour_seconds: int
) -> None:
    origin = local("2026-11-23 00:00")
    moments = milestones(kind, origin, TERMS, hour_seconds)

    *warnings, breach = moments
    assert [
        (each.code, (each.at - origin).total_seconds() / hour_seconds) for each in warnings
    ] == (expected)
    assert breach.code == "breach"
    assert breach.at == due(kind, origin, TERMS, hour_seconds) + timedelta(seconds=1)


def test_plan_may_count_from_the_missed_fix_time() -> None:
    terms = Terms(plan_clock_origin="fix_due")
    t0 = local("2026-11-23 00:00")
    origin = plan_origin(t0, terms)

    assert origin == t0 + timedelta(hours=12)
    assert due("plan", origin, terms) == t0 + timedelta(hours=28)
    assert milestones("plan", origin, terms)[0].at == t0 + timedelta(hours=12)


def test_moments_before_the_start_are_left_out_of_short_agreements() -> None:
    terms = Terms(fix_hours=1)
    codes = [moment.code for moment in milestones("fix", local("2026-11-23 00:00"), terms)]

    assert "last_hour" not in codes
    assert codes[-1] == "breach"


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(-1, "met"), (0, "met"), (0.9, "met"), (1, "missed")]
)
def test_the_deadline_itself_is_met_and_one_second_later_is_missed(
    seconds: float, verdict: str
) -> None:
    due_at = local("2026-11-23 12:00")
    stopped = due_at + timedelta(seconds=seconds)

    assert judge(due_at, stopped, stopped) == verdict


@pytest.mark.parametrize(
    ("hour_seconds", "seconds", "late"),
    [(3600, 60, False), (3600, 61, True), (5, 5, False), (5, 6, True), (1, 6, True)],
)
def test_told_late_means_more_than_a_minute_and_in_drills_more_than_five_seconds(
    hour_seconds: int, seconds: int, *, late: bool
) -> None:
    at = local("2026-11-23 12:00")
    assert is_late(at, at + timedelta(seconds=seconds), hour_seconds) is late


def test_milestones_follow_the_agreement() -> None:
    """R56: which fractions and minutes, and who is told at each."""
    terms = Terms()
    terms.warnings["fix"] = [
        {"at": "25%", "tell": 1}, {"at": "90m", "tell": 3}, {"at": "breach", "tell": 4},
    ]  # fmt: skip
    origin = local("2026-11-23 00:00")
    moments = milestones("fix", origin, terms)

    assert [(each.code, each.at) for each in moments] == [
        ("25%", local("2026-11-23 03:00")),
        ("90m", local("2026-11-23 10:30")),
        ("breach", local("2026-11-23 12:00") + timedelta(seconds=1)),
    ]
    assert audience("fix", "90m", terms) == 3


@pytest.mark.parametrize(
    ("kind", "code", "level"),
    [
        ("fix", "half", 1), ("fix", "three_quarters", 2), ("fix", "last_hour", 3),
        ("fix", "last_half_hour", 3), ("fix", "breach", 4), ("plan", "duty_opened", 2),
        ("plan", "half", 1), ("plan", "last_hour", 3), ("plan", "breach", 4),
        ("report", "half", 1), ("report", "last_four_hours", 2), ("report", "last_hour", 3),
        ("report", "breach", 4),
    ],
)  # fmt: skip
def test_who_is_told_at_each_milestone(kind: str, code: str, level: int) -> None:
    """50 % handler; 75 % and supervisor; last hour and manager; breach and superior."""
    assert audience(kind, code, TERMS) == level
