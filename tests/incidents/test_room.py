"""The incident room and the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident
from sla.services import fire_due
from tests.incidents.conftest import Story, after

Begin = Callable[..., Story]


@pytest.fixture
def room(signed_in: Callable[[User], Client]) -> Callable[..., Any]:
    """The room as a person sees it: ``room(incident, user)``."""

    def look(incident: Incident, user: User) -> Any:
        response = signed_in(user).get(f"/incidents/{incident.number}/")
        assert response.status_code == 200
        return response

    return look


@pytest.mark.parametrize(
    ("state", "action"),
    [("reported", "acknowledge"), ("assessing", "declare_s1"), ("declared", "protect_data")],
)
def test_the_next_duty_has_its_button(
    state: str, action: str, story: Begin, room: Callable[..., Any]
) -> None:
    told = story()
    if state != "reported":
        told.acknowledge()
    if state == "declared":
        told.declare()
    response = room(told.incident, told.people["tech"])

    assert response.context["duty"].action == action
    assert response.context["duty_offer"].enabled
    assert f"/do/{action}/" in response.content.decode()


def test_the_duty_follows_the_plan_from_desk_to_desk(
    story: Begin, room: Callable[..., Any]
) -> None:
    # The page's own time is ten in the morning.
    told = story(now=after(9), first_contact_at=after(-3)).declare(at=after(9))
    fire_due(after(10))
    tech, supervisor = told.people["tech"], told.people["supervisor"]

    assert room(told.incident, tech).context["duty"].action == "write_plan"
    told.plan(after(10), released=False)
    assert room(told.incident, supervisor).context["duty"].action == "release_plan"
    told.plan(after(10), delivered=False)
    assert room(told.incident, tech).context["duty"].action == "deliver_plan"


def test_confirmation_comes_first_unless_the_report_is_overdue(
    story: Begin, room: Callable[..., Any]
) -> None:
    # The page's own time is ten in the morning.
    told = story(now=after(-30)).declare(at=after(-30)).protect(at=after(-29))
    told.resolve(after(-13))
    biz = told.people["biz"]
    assert room(told.incident, biz).context["duty"].action == "confirm"

    late = story(now=after(-30)).declare(at=after(-30)).protect(at=after(-29))
    late.resolve(after(-15))
    assert room(late.incident, biz).context["duty"].action == "write_report"


def test_three_tiles_before_during_and_without_contract(
    story: Begin, room: Callable[..., Any]
) -> None:
    told = story()
    tech = told.people["tech"]
    before = room(told.incident, tech).context["tiles"]
    assert [bool(tile.still) for tile in before] == [True, True, True]
    told.declare()
    during = room(told.incident, tech).context["tiles"]
    assert [tile.clock["kind"] for tile in during if tile.clock] == ["fix", "plan"]
    assert b"data-big" in room(told.incident, tech).content


def test_nothing_new_is_no_content(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().acknowledge()
    url = f"/incidents/{told.incident.number}/live/"
    browser = signed_in(people["tech"])
    seen = browser.get(f"/incidents/{told.incident.number}/").context["seen"]
    assert browser.get(url, {"seen": seen, "noting": "0"}).status_code == 204
    told.declare()
    fresh = browser.get(url, {"seen": seen, "noting": "0"})

    assert fresh.status_code == 200
    page = fresh.content.decode()
    assert "<html" not in page
    for part in ("live-head", "live-timeline", "live-aside", "live-entry"):
        assert f'id="{part}" hx-swap-oob="true"' in page
    again = browser.get(url, {"seen": "", "noting": "1"}).content.decode()
    assert 'id="live-entry"' not in again


def test_a_live_look_costs_few_queries(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    told = story().acknowledge().declare().protect()
    browser = signed_in(people["tech"])
    page = browser.get(f"/incidents/{told.incident.number}/")

    with django_assert_max_num_queries(14):
        browser.get(f"/incidents/{told.incident.number}/live/", {"seen": page.context["seen"]})
    with django_assert_max_num_queries(50):
        browser.get(f"/incidents/{told.incident.number}/live/", {"seen": ""})


def test_bank_users_see_no_internal_parts(story: Begin, room: Callable[..., Any]) -> None:
    from incidents import services

    told = story().declare()
    services.add_entry(
        told.incident, actor=told.people["tech"], now=after(1), text="内部口令不对外"
    )
    response = room(told.fresh(), told.people["reporter"])

    page = response.content.decode()
    assert "内部口令不对外" not in page
    assert response.context["calls"] == []
    assert "/do/note/" not in page
    assert "/do/protect_data/" not in page


def test_who_was_called_and_who_answered(story: Begin, room: Callable[..., Any]) -> None:
    told = story()
    told.acknowledge(who="tech2")
    calls = room(told.incident, told.people["supervisor"]).context["calls"]

    assert [call["page"].acknowledged_by.name for call in calls] == ["刘强"]


def test_a_drill_says_so_on_every_card(story: Begin, room: Callable[..., Any]) -> None:
    told = story(is_drill=True, hour_seconds=5).acknowledge().declare()
    page = room(told.incident, told.people["tech"]).content.decode()

    assert "bar-drill" in page
    cards = page.count('class="panel"')
    assert cards >= 5
    headings = [part.split("</h2>")[0] for part in page.split('<h2 class="panel-title">')[1:]]
    assert len(headings) == cards
    assert all("tag tone-warn" in heading for heading in headings)


def test_the_list_marks_and_filters(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    real = story().incident
    drill = story(is_drill=True, hour_seconds=5).declare().incident
    browser = signed_in(people["support"])

    def numbers(**query: str) -> set[str]:
        rows = browser.get("/incidents/", query).context["rows"]
        return {row.number for row, _clock in rows}

    assert numbers() == {real.number, drill.number}
    assert numbers(mark="real") == {real.number}
    assert numbers(mark="drill") == {drill.number}
    assert numbers(severity="S1") == {drill.number}
    assert numbers(q=real.number[-4:]) == {real.number}
    assert numbers(state="done") == set()
    assert numbers(state="nonsense") == {real.number, drill.number}


def test_the_list_costs_the_same_for_one_and_for_many(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for _number in range(8):
        story().declare()
    browser = signed_in(people["support"])

    with django_assert_max_num_queries(16):
        assert browser.get("/incidents/").status_code == 200
