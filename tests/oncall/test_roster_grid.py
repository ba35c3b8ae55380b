"""How the rosters are drawn: lanes, hours, gaps with their minutes, who may choose (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import User
from calendars.arithmetic import SHANGHAI
from oncall.gaps import Gap
from oncall.lanes import Line, hours_shown
from oncall.models import Roster
from oncall.services.shifts import add_shift

SignIn = Callable[[User], Client]
FIRST = date(2026, 11, 23)
HOUR = timedelta(hours=1)


def beijing(text: str) -> datetime:
    """``2026-11-23 09:05`` on the wall in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def seen(client: Client, query: str = "") -> BeautifulSoup:
    """The roster page."""
    return BeautifulSoup(client.get(f"/roster/{query}").content, "html.parser")


def names(place: Tag, lane: str) -> list[str]:
    """Names in the upper or the lower lane."""
    y = {"upper": "2", "lower": "28"}[lane]
    bars = [svg for svg in place.select("svg svg") if svg.get("y") == y]
    return [text.get_text() for svg in bars for text in svg.select(".lane-name")]


def test_where_an_instant_lies() -> None:
    week, day = Line(FIRST, 7), Line(FIRST, 1)
    assert week.share(beijing("2026-11-24 12:00")) == pytest.approx(150 / 7)
    assert day.share(beijing("2026-11-23 18:00")) == 75
    assert day.share(beijing("2026-11-24 00:00")) == 100
    # By day only: what lies before eight or after six lies at the edge.
    short = Line(FIRST, 1, 8, 18)
    times = ("07:00", "08:00", "13:00", "17:00", "19:30")
    assert [short.share(beijing(f"2026-11-23 {each}")) for each in times] == [0, 0, 50, 90, 100]
    assert short.point(beijing("2026-11-23 07:00")) == ""
    assert short.point(beijing("2026-11-24 13:00")) == ""
    assert short.point(beijing("2026-11-23 13:00")) == "50.000%"


def test_a_gap_is_cut_at_the_edges_of_its_line_and_tells_the_minutes_in_it() -> None:
    gap = Gap(beijing("2026-11-23 22:00"), beijing("2026-11-25 06:00"))
    drawn = [Line(FIRST + timedelta(days=index), 1).bars([], [gap], {}) for index in range(4)]
    told = [(bar.x, bar.width, bar.minutes, bar.begins) for line in drawn for bar in line]
    assert told == [
        ("91.667%", "8.333%", 120, True),
        ("0.000%", "100.000%", 1440, False),
        ("0.000%", "25.000%", 360, False),
    ]
    assert drawn[3] == []


def test_the_hotline_is_drawn_as_far_as_it_works() -> None:
    usual = (beijing("2026-11-23 09:00"), beijing("2026-11-23 17:00"))
    early = (beijing("2026-11-24 07:30"), beijing("2026-11-24 19:15"))
    night = (beijing("2026-11-24 20:00"), beijing("2026-11-25 04:00"))
    assert hours_shown([usual], Roster.HOTLINE) == (8, 18)
    assert hours_shown([usual, early], Roster.HOTLINE) == (7, 20)
    assert hours_shown([usual, night], Roster.HOTLINE) == (0, 24)
    assert hours_shown([usual], Roster.ON_CALL) == (0, 24)


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_the_hotline_has_a_second_lane_once_somebody_is_the_backup(
    supervisor: User, agent: User, support: User, tech: User, signed_in: SignIn
) -> None:
    client = signed_in(agent)

    def seat(day: str, backup: User | None) -> None:
        add_shift(
            actor=supervisor, roster=Roster.HOTLINE, starts_at=beijing(f"{day} 09:00"),
            ends_at=beijing(f"{day} 17:00"), primary=agent, backup=backup,
        )  # fmt: skip

    def drawn(query: str) -> tuple[list[str], list[str], set[str]]:
        page = seen(client, f"?roster=hotline{query}")
        place = page.select_one(".month-grid") or page.select_one(".roster")
        assert place is not None
        heights = {str(svg["height"]) for svg in place.select("svg.lanes")}
        return names(place, "upper"), names(place, "lower"), heights

    month, week = "&view=month", ""
    seat("2026-11-24", None)
    assert drawn(month) == (["周静 ✎"], [], {"33"})
    assert drawn(week) == (["周静 ✎"], [], {"28"})
    # Days later in the same month: every week of it gets both lanes, this week's page does not.
    seat("2026-11-30", support)
    assert drawn(month) == (["周静 ✎", "周静 ✎"], [f"{support.name} ✎"], {"59"})
    assert drawn(week) == (["周静 ✎"], [], {"28"})
    assert "下排为备岗" in seen(client, "?roster=hotline&view=month").get_text()


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize("view", ["", "&view=month"])
def test_gaps_are_hatched_with_their_minutes(
    supervisor: User, tech: User, tech2: User, signed_in: SignIn, view: str
) -> None:
    spans = (
        ("2026-11-23 10:00", "2026-11-25 00:00"),
        ("2026-11-26 00:00", "2026-11-27 08:00"),
        ("2026-11-27 08:20", "2026-12-20 00:00"),
    )
    for start, end in spans:
        add_shift(
            actor=supervisor, starts_at=beijing(start), ends_at=beijing(end),
            primary=tech, backup=tech2,
        )  # fmt: skip
    page = seen(signed_in(supervisor), f"?from=2026-11-25{view}")
    place = page.select_one(".month-grid" if view else ".roster")
    assert place is not None
    hatched = [bar.parent for bar in place.select("rect.lane-gap")]
    assert all("url(#open-time)" in str(each) for each in hatched)
    assert page.select_one("pattern#open-time") is not None
    assert "1440分" in [text.get_text() for text in place.select(".lane-open")]
    # Twenty minutes are too narrow for words: they stand beside the date.
    (narrow,) = place.select("[data-day='2026-11-27'] .grid-open")
    assert narrow.get_text(" ", strip=True).startswith("20分")
    # In the list of shifts every gap stands in its place.
    starts = [
        row.select("td")[0].get_text(strip=True) for row in page.select(".shift-rows tbody tr")
    ]
    assert starts == sorted(starts)
    assert "2026-11-27 08:00" in starts


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_only_planners_choose_and_only_what_is_to_come(
    rostered: object, supervisor: User, tech: User, signed_in: SignIn
) -> None:
    planner, reader = signed_in(supervisor), signed_in(tech)
    week = seen(planner, "?from=2026-11-25")
    days = [str(link["data-day"]) for link in week.select(".roster [data-day]")]
    assert days == [f"2026-11-{day}" for day in range(23, 30)]
    assert len(seen(planner, "?from=2026-11-16").select(".roster [data-day]")) == 0
    assert seen(reader).select(".roster [data-day], #stretch, #line-open") == []
    # For readers a day of the month leads to its week.
    link = seen(reader, "?view=month").select_one(".month-grid [data-day='2026-11-25']")
    assert link is not None
    assert link["href"] == "?from=2026-11-25"


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_a_gap_that_has_begun_is_filled_from_now_on(
    supervisor: User, tech: User, tech2: User, signed_in: SignIn, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=now + 5 * HOUR, ends_at=now + 9 * HOUR,
        primary=tech, backup=tech2,
    )  # fmt: skip
    client = signed_in(supervisor)
    link = seen(client).select_one(".shift-rows a[href*='start=']")
    assert link is not None
    assert "start=2026-11-23+00%3A00" in str(link["href"])
    form = seen(client, str(link["href"]).partition("#")[0])
    values = [
        form.select(f"#stretch [name={name}]")[0]["value"] for name in ("starts_at", "ends_at")
    ]
    assert values == ["2026-11-23T09:06", "2026-11-23T14:05"]
    over = seen(client, "?start=2026-11-20%2000:00&end=2026-11-21%2000:00")
    assert not over.select("#stretch [name=starts_at][value]")


@pytest.mark.django_db
def test_who_is_on_call_now_and_who_comes_then(
    supervisor: User, tech: User, tech2: User, agent: User, signed_in: SignIn, now: datetime
) -> None:
    for start, end in ((now - HOUR, now + HOUR), (now + 2 * HOUR, now + 9 * HOUR)):
        add_shift(actor=supervisor, starts_at=start, ends_at=end, primary=tech, backup=tech2)
        tech, tech2 = tech2, tech
    with time_machine.travel(now.astimezone(UTC), tick=False):
        page = seen(signed_in(agent))
    (told,) = {panel.get_text(" ", strip=True) for panel in page.select(".when-narrow, .when-wide")}
    assert "截止 2026-11-23 10:05 接班 2026-11-23 11:05 刘强 / 张伟" in told
    alarm = page.select_one(".roster-alarm")
    assert alarm is not None
    assert "2026-11-23 09:05 热线无人值守" in alarm.get_text(" ", strip=True)
    fills = [str(link["href"]) for link in page.select("#findings a")]
    assert "roster=on_call&from=2026-11-23" in fills[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_without_a_calendar_nothing_is_said_to_be_covered(
    rostered: object, supervisor: User, signed_in: SignIn
) -> None:
    """R11: the hotline of a year that is not loaded is an error that everybody sees."""
    client = signed_in(supervisor)
    hotline = seen(client, "?roster=hotline&view=month&from=2027-01-01").select_one(".roster-sum")
    mobile = seen(client, "?roster=on_call&view=month&from=2027-01-01").select_one(".roster-sum")

    assert hotline is not None
    assert mobile is not None
    assert "31 天没有工作日历" in hotline.get_text()
    assert "均有人" not in hotline.get_text()
    assert "没有工作日历" not in mobile.get_text()
