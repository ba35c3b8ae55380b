"""The page of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, time

import pytest
import time_machine
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.test import Client

from accounts.models import User
from calendars.models import CalendarDay, WorkingHours

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_23_november")]


@pytest.fixture
def _on_23_november() -> Iterator[None]:
    with time_machine.travel("2026-11-23T01:05:00Z", tick=False):
        yield


@pytest.fixture
def reader(reporter: User, signed_in: SignIn) -> Client:
    """A bank user reading English."""
    reporter.language = "en"
    reporter.save()
    return signed_in(reporter)


def page(client: Client, year: int) -> BeautifulSoup:
    """The page of a year."""
    response = client.get(f"/calendar/{year}/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def cell(soup: BeautifulSoup, day: str) -> Tag:
    """The month's cell of a date."""
    found = soup.select_one(f'.month time[datetime="{day}"]')
    assert found is not None
    assert isinstance(found.parent, Tag)
    return found.parent


def test_the_index_leads_to_this_year(reader: Client) -> None:
    assert reader.get("/calendar/").headers["Location"] == "/calendar/2026/"


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for address in ("/calendar/", "/calendar/2026/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login/")


def test_it_shows_twelve_months_and_every_day(reader: Client) -> None:
    soup = page(reader, 2026)
    assert [each.text for each in soup.select(".month h2")][::11] == ["January", "December"]
    assert len(soup.select(".month time")) == 365


def test_holidays_and_make_up_days_are_marked_by_letter_word_and_name(reader: Client) -> None:
    soup = page(reader, 2026)
    holiday, makeup = cell(soup, "2026-10-01"), cell(soup, "2026-10-10")
    assert "day-holiday" in holiday["class"]
    assert "Public holiday National Day" in holiday.text
    assert "day-makeup" in makeup["class"]
    assert "Make-up workday National Day" in makeup.text
    letters = [each.select_one(".day-letter") for each in (holiday, makeup)]
    assert [letter.text for letter in letters if letter] == ["H", "W"]


def test_plain_weekends_today_and_special_days_are_told_apart(reader: Client) -> None:
    CalendarDay.objects.create(
        date=date(2026, 3, 8), year_id=2026, kind="special", name="妇女节",
        name_en="Women's Day", notice="通知", entered_by="钱进",
    )  # fmt: skip
    soup = page(reader, 2026)
    assert "day-off" in cell(soup, "2026-11-22")["class"]
    assert cell(soup, "2026-11-23")["aria-current"] == "date"
    assert "Women's Day" in cell(soup, "2026-03-08").text


def test_it_counts_the_year_and_its_months(reader: Client) -> None:
    soup = page(reader, 2026)
    facts = soup.select_one(".facts")
    assert facts is not None
    assert [each.text for each in facts.select("dd.num")][:3] == ["248", "33", "6"]
    assert "国办发明电〔2025〕7号" in facts.text
    months = [each.text for each in soup.select(".month-head .quiet")]
    assert months[9] == "18 working days"


def test_it_lists_the_periods(reader: Client) -> None:
    periods = [" ".join(each.text.split()) for each in page(reader, 2026).select(".periods li")]
    assert len(periods) == 13
    assert "H National Day · Public holiday 10-01 – 10-07" in periods


def test_it_shows_seasonal_hours_beside_the_usual_ones(reader: Client) -> None:
    WorkingHours.objects.create(
        valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31), start=time(8), end=time(16)
    )
    facts = page(reader, 2026).select_one(".facts")
    assert facts is not None
    assert "08:00–16:00" in facts.text
    assert "09:00–17:00" in facts.text
    facts = page(reader, 2025).select_one(".facts")
    assert facts is not None
    assert "08:00–16:00" not in facts.text


def test_chinese_readers_see_chinese_names(reporter: User, signed_in: SignIn) -> None:
    assert "国庆节" in cell(page(signed_in(reporter), 2026), "2026-10-01").text


def test_it_links_the_years_beside_it(reader: Client) -> None:
    soup = page(reader, 2026)
    links = [each["href"] for each in soup.select(".year-switch a")]
    assert links == ["/calendar/2025/", "/calendar/2027/"]
    assert [each["href"] for each in page(reader, 2100).select(".year-switch a")] == [
        "/calendar/2099/"
    ]


def test_a_year_without_data_says_what_stops(reader: Client) -> None:
    soup = page(reader, 2027)
    main = soup.select_one("main")
    assert main is not None
    assert "Calendar missing: 2027" in main.text
    assert "internal targets" in main.text
    assert "12, 16 and 24 hours go on unaffected" in main.text
    assert not soup.select(".month")


def test_in_november_the_missing_next_year_is_announced(reader: Client) -> None:
    notice = page(reader, 2026).select_one(".calendar-missing")
    assert notice is not None
    assert "The calendar of 2027 has not been loaded yet." in notice.text
    assert page(reader, 2027).select_one(".calendar-missing") is None


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999])
def test_years_out_of_range_do_not_exist(reader: Client, year: int) -> None:
    assert reader.get(f"/calendar/{year}/").status_code == 404


def test_the_page_costs_few_queries(
    reader: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_max_num_queries(13):
        page(reader, 2026)
