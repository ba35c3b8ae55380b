"""Impact, the regulator's grade and the time others answer for (domain sections 2.4 and 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from incidents import grading, services
from incidents.models import GradeDecision
from incidents.moment_line import moment_line
from incidents.room import latest_clocks
from incidents.snapshots import outside_total, union
from sla.models import RegulatorMilestone
from tests.incidents.conftest import T0, Story, after
from workflow.errors import InvalidInput

Begin = Callable[..., Story]
SPANS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 200)).map(
        lambda pair: (T0 + timedelta(minutes=pair[0]), T0 + timedelta(minutes=sum(pair)))
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("hours", "provinces", "grade"),
    [
        (0.4, 2, "4"), (0.5, 1, "3"), (0.5, 2, "2"), (2.9, 1, "3"), (3, 1, "2"), (3, 2, "1"),
        (5.9, 1, "2"), (6, 1, "1"), (0, 34, "4"), (100, 0, "4"),
    ],
)  # fmt: skip
def test_grade_follows_from_duration_and_provinces(
    hours: float, provinces: int, grade: str
) -> None:
    assert grading.suggest(timedelta(hours=hours), provinces) == grade


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 34), st.integers(0, 5))
def test_the_grade_never_falls_as_time_passes_or_provinces_are_added(
    minutes: int, more: int, provinces: int, added: int
) -> None:
    """Article 10: the grade rises as time passes. "1" is the most serious."""
    before = grading.suggest(timedelta(minutes=minutes), provinces)
    after_that = grading.suggest(timedelta(minutes=minutes + more), provinces + added)
    assert after_that <= before


def test_the_suggestion_rises_and_stops_when_business_runs_again(story: Begin) -> None:
    told = story(is_drill=True, hour_seconds=3600).declare()
    told._do(
        services.record_impact, "tech", after(0.1), business_impact="两省商户无法刷卡", provinces=2
    )
    seen = [grading.suggestion(told.incident, after(hours)).grade for hours in (0.2, 0.5, 2.9, 3)]
    assert seen == ["4", "2", "2", "1"]
    told.mitigate(after(0.6))
    assert grading.suggestion(told.incident, after(9)).grade == "2"


def test_only_business_hours_count(story: Begin, settings: Any) -> None:
    """From Monday 00:00; the acquiring business runs day and night unless the bank says less."""
    told = story().declare()
    assert grading.suggestion(told.incident, after(9)).interrupted == timedelta(hours=9)
    settings.BUSINESS_HOURS = (8, 22)
    assert grading.suggestion(told.incident, after(7)).interrupted == timedelta(0)
    assert grading.suggestion(told.incident, after(9)).interrupted == timedelta(hours=1)
    assert grading.suggestion(told.incident, after(32)).interrupted == timedelta(hours=14)


def test_the_bank_decides_and_the_suggestion_of_that_moment_is_kept(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare()
    url = f"/incidents/{told.incident.number}/do/decide_grade/"
    form = {"grade": "2", "reason": "两省受影响且已见舆情"}
    assert signed_in(people["tech"]).post(url, form).status_code == 403
    assert signed_in(people["manager"]).post(url, {**form, "grade": "5"}).status_code == 422
    assert signed_in(people["manager"]).post(url, {**form, "reason": "无"}).status_code == 422
    assert signed_in(people["superior"]).post(url, form).status_code == 302

    decision = GradeDecision.objects.get()
    assert (decision.grade, decision.decided_by) == ("2", people["superior"])
    assert decision.suggested in {"1", "2", "3", "4"}
    page = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/").content.decode()
    assert "Ⅱ级" in page


def test_the_regulators_times_count_from_t0(story: Begin) -> None:
    told = story().declare()
    due = grading.milestones(told.incident, after(3))
    assert [(row.at - T0) / timedelta(hours=1) for row in due] == [0.5, 1, 2, 3, 4, 6, 12, 24]
    assert [row.passed for row in due] == [True] * 4 + [False] * 4
    assert all(row.basis for row in due)


def test_the_regulators_times_stand_on_the_line_of_the_contract_clocks(
    story: Begin, signed_in: Callable[[User], Client]
) -> None:
    """Section 2.4: information on the same line, in order; the bank decides the grade."""
    told = story().acknowledge().declare()
    clocks = latest_clocks(told.incident)
    with translation.override("en"):
        line = moment_line(told.incident, clocks.values(), after(3.5))
    hours = [((row.at - T0) / timedelta(hours=1), row.contract) for row in line]

    assert hours == sorted(hours, key=lambda each: (each[0], not each[1]))
    assert [at for at, contract in hours if not contract] == [0.5, 1, 2, 3, 4, 6, 12, 24]
    assert [round(at, 2) for at, contract in hours if contract] == [
        6, 9, 11, 11.5, 12, 12, 14, 15, 15.5, 16,
    ]  # fmt: skip
    assert [row.label for row in line if row.is_next] == [
        "Recovery target of important business, 4 hours; report to the cyberspace administration"
    ]
    page = signed_in(told.people["tech"]).get(f"/incidents/{told.incident.number}/")
    assert "合同与监管同一时间轴" in page.content.decode()


def test_what_the_administrator_sets_is_what_the_room_shows(story: Begin) -> None:
    told = story().acknowledge().declare()
    RegulatorMilestone.objects.filter(code="report_60m").update(minutes=45)
    RegulatorMilestone.objects.filter(code="brief_2h").update(enabled=False)

    due = grading.milestones(told.incident, after(3))
    assert [(row.at - T0) / timedelta(hours=1) for row in due] == [0.5, 0.75, 3, 4, 6, 12, 24]


def test_a_clock_that_ended_has_no_moments_after_its_end(story: Begin) -> None:
    told = story().acknowledge().declare().protect().resolve(after(7))
    line = moment_line(told.fresh(), latest_clocks(told.incident).values(), after(8))

    contract = [(row.at - T0) / timedelta(hours=1) for row in line if row.contract]
    assert contract[:1] == [6]
    assert contract[1] == 7 + 12


@pytest.mark.parametrize(
    "wrong",
    [{"provinces": "-1"}, {"provinces": "99"}, {"failed_amount": "-0.01"},
     {"failed_amount": "1.234"}, {"merchants": "many"}, {"business_impact": "暂无"}],
)  # fmt: skip
def test_impact_figures_make_sense(
    wrong: dict[str, str], story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare()
    url = f"/incidents/{told.incident.number}/do/record_impact/"
    form = {"business_impact": "两省商户无法刷卡", **wrong}
    assert signed_in(people["biz"]).post(url, form).status_code == 422


def outside(told: Story, start: float, end: float, at: float = 9) -> Story:
    return told._do(
        services.note_outside_time, "tech", after(at), from_at=after(start), to_at=after(end),
        party="电力公司", reason="市电中断等待恢复",
    )  # fmt: skip


def test_outside_time_is_shown_and_changes_no_clock(story: Begin) -> None:
    told = outside(outside(story().declare().protect(), 1, 3), 2, 5)

    assert outside_total(told.incident) == timedelta(hours=4)
    told.resolve(after(12, 1))
    assert told.clocks()["fix"] == "missed"


@pytest.mark.parametrize(("start", "end"), [(3, 3), (3, 2), (-1, 2), (2, 10)])
def test_outside_time_lies_within_the_incident(start: float, end: float, story: Begin) -> None:
    with pytest.raises(InvalidInput):
        outside(story().declare(), start, end)


@given(SPANS)
def test_the_union_counts_no_minute_twice(spans: list[tuple[datetime, datetime]]) -> None:
    minutes: set[Any] = set()
    for start, end in spans:
        while start < end:
            minutes.add(start.astimezone(UTC))
            start += timedelta(minutes=1)
    assert union(spans) == timedelta(minutes=len(minutes))
