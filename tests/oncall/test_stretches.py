"""A stretch is filled or overridden by the form and by one typed line (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from accounts.roles import Role
from oncall.models import Roster, Shift

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = "李娜请假,由他人顶班"
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def planner(supervisor: User, signed_in: SignIn) -> Client:
    """The supervisor's browser."""
    return signed_in(supervisor)


@pytest.fixture
def third(make_person: Callable[..., User], company: Organisation) -> User:
    """Who stands in."""
    return make_person("huanghai", "黄海", company, Role.TECH)


def type_in(client: Client, line: str, why: str = "", query: str = "") -> str:
    """Type a line; what the page answers, "" when it was taken."""
    response = client.post(f"/roster/{query}", {"line": line, "why": why})
    if response.status_code == 302:
        return ""
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    told = soup.select_one("#line-error")
    assert told is not None
    assert soup.select_one("#id_line")["value"] == line  # type: ignore[index]
    return told.get_text(" ", strip=True)


def lines(roster: str = Roster.ON_CALL) -> list[tuple[str, str, str | None]]:
    """(start in Beijing, primary, backup) of every shift."""
    return [
        (f"{row.starts_at + 8 * HOUR:%m-%d %H:%M}", row.primary.name,
         row.backup.name if row.backup else None)
        for row in Shift.objects.of(roster).order_by("starts_at")
    ]  # fmt: skip


def test_two_names_fill_what_is_open(planner: Client, tech: User, tech2: User) -> None:
    assert type_in(planner, "张伟/刘强 11-25..11-26") == ""
    assert lines() == [("11-25 00:00", "张伟", "刘强")]
    assert Shift.objects.get().ends_at == datetime(2026, 11, 26, 16, tzinfo=UTC)


def test_one_name_overrides_the_primary_of_several_shifts(
    planner: Client, tech: User, tech2: User, third: User
) -> None:
    type_in(planner, "张伟/刘强 11-25")
    type_in(planner, "刘强/张伟 11-26")
    assert "请说明" in type_in(planner, "黄海 11-25 12:00..11-26 12:00")
    assert type_in(planner, "黄海 11-25 12:00..11-26 12:00", WHY) == ""

    assert lines() == [
        ("11-25 00:00", "张伟", "刘强"), ("11-25 12:00", "黄海", "刘强"),
        ("11-26 00:00", "黄海", "张伟"), ("11-26 12:00", "刘强", "张伟"),
    ]  # fmt: skip


def test_both_lanes_can_change_places(planner: Client, tech: User, tech2: User) -> None:
    type_in(planner, "张伟/刘强 11-25")
    assert type_in(planner, "刘强/张伟 11-25", WHY) == ""
    assert lines() == [("11-25 00:00", "刘强", "张伟")]


def test_the_backup_by_its_name(planner: Client, tech: User, tech2: User, third: User) -> None:
    type_in(planner, "张伟/刘强 11-25")
    assert type_in(planner, "黄海 备岗 11-25", WHY) == ""
    assert lines() == [("11-25 00:00", "张伟", "黄海")]


def test_today_without_a_time_begins_now(planner: Client, tech: User, tech2: User) -> None:
    assert type_in(planner, "张伟/刘强 11-23") == ""
    assert lines() == [("11-23 09:06", "张伟", "刘强")]


def test_the_hotline_is_filled_in_working_time_only(planner: Client, agent: User) -> None:
    assert type_in(planner, "周静 11-27..11-30", query="?roster=hotline") == ""
    assert lines(Roster.HOTLINE) == [("11-27 09:00", "周静", None), ("11-30 09:00", "周静", None)]
    assert "没有工作时间" in type_in(planner, "周静 11-28..11-29", query="?roster=hotline")
    assert "日历缺失" in type_in(planner, "周静 2027-01-04", query="?roster=hotline")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("明天张伟", "11-23..11-29"),
        ("王五 11-25", "王五"),
        ("张伟 11-25", "备岗"),  # nobody is there yet, so both are needed
        ("张伟/刘强 11-20", "不得更改"),
        ("张伟/张伟 11-25", "两人"),
        ("张伟/刘强 11-25 12:00..11-25 11:00", "晚于"),
    ],
)
def test_what_is_refused_keeps_the_line(
    planner: Client, tech: User, tech2: User, line: str, words: str
) -> None:
    assert words in type_in(planner, line)
    assert not Shift.objects.exists()


def test_two_people_of_one_name_need_the_log_in_name(
    planner: Client, tech: User, tech2: User, make_person: Callable[..., User],
    company: Organisation,
) -> None:  # fmt: skip
    make_person("zhangwei9", "张伟", company, Role.TECH)

    assert "zhangwei9" in type_in(planner, "张伟/刘强 11-25")
    assert type_in(planner, "zhangwei/刘强 11-25") == ""


def test_all_of_a_stretch_or_nothing(
    planner: Client, tech: User, tech2: User, third: User, supervisor: User
) -> None:
    type_in(planner, "张伟/刘强 11-25")
    type_in(planner, "张伟/黄海 11-26")
    before = lines()
    # On the second day 黄海 is the backup already.
    assert type_in(planner, "黄海 11-25..11-26", WHY)

    assert lines() == before


def test_a_chosen_stretch_stands_in_the_form(planner: Client, tech: User) -> None:
    def value(query: str, name: str) -> str:
        soup = BeautifulSoup(planner.get(f"/roster/?{query}").content, "html.parser")
        field = soup.select_one(f"#stretch [name={name}]")
        assert field is not None
        return str(field.get("value", ""))

    assert value("day=2026-11-25&until=2026-11-27", "starts_at") == "2026-11-25T00:00"
    assert value("day=2026-11-25&until=2026-11-27", "ends_at") == "2026-11-28T00:00"
    assert value("day=2026-11-23", "starts_at") == "2026-11-23T09:06"
    assert value("start=2026-11-24%2008:05&end=2026-11-25%2000:00", "ends_at") == "2026-11-25T00:00"
    for nonsense in ("day=x", "start=1&end=2", "day=9999-12-31"):
        assert value(nonsense, "starts_at") == ""


def test_the_month_shows_holidays_and_a_missing_calendar(planner: Client) -> None:
    assert "国庆节" in planner.get("/roster/?view=month&from=2026-10-01").content.decode()
    assert "无日历" in planner.get("/roster/?view=month&from=2027-02-01").content.decode()


@pytest.mark.parametrize("query", ["", "?view=month", "?view=month&roster=hotline"])
def test_the_page_costs_the_same_for_many_shifts(
    planner: Client, supervisor: User, tech: User, tech2: User, agent: User, query: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert planner.get(f"/roster/{query}").status_code == 200
        return len(queries)

    type_in(planner, "张伟/刘强 11-24")
    type_in(planner, "周静 11-24", query="?roster=hotline")
    cost()
    few = cost()
    for day in range(25, 31):
        type_in(planner, f"张伟/刘强 11-{day}")
        if day not in (28, 29):
            type_in(planner, f"周静 11-{day}", query="?roster=hotline")
    assert Shift.objects.count() > 10

    assert cost() == few <= 34
