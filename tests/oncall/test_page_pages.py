"""The list of pages, one page, and the panel for other rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from oncall.models import Attempt, Page
from oncall.services.pages import acknowledge, close_pages
from tests.oncall.conftest import attempt_of, begin, run

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def desk(agent: User, signed_in: SignIn) -> Client:
    """An agent reading English."""
    agent.language = "en"
    agent.save()
    return signed_in(agent)


def test_the_list_shows_who_took_what(alarm: Page, tech: User, now: datetime, desk: Client) -> None:
    other = begin(now, key="test:2", subject="GZ-20261123-0002", title="前置机断电")
    acknowledge(page=alarm, person=tech, via="browser", now=now)
    everything = desk.get("/pages/").content.decode()
    calling = desk.get("/pages/?state=open").content.decode()

    assert alarm.title in everything
    assert tech.name in everything
    assert other.title in calling
    assert alarm.title not in calling


def test_one_page_shows_rungs_attempts_and_words(
    alarm: Page, tech: User, now: datetime, desk: Client
) -> None:
    run(now)
    attempt = attempt_of(alarm, tech)
    Attempt.objects.filter(pk=attempt.pk).update(digits="32")
    text = desk.get(f"/pages/{alarm.pk}/").content.decode()

    assert tech.name in text
    assert "138****8000" in text
    assert tech.phone not in text
    assert ">3</kbd>" in text
    assert "hands it on" in text
    assert "收单数据库无响应" in text
    assert "Everybody again" in text


def test_the_ladder_alone_answers_htmx(alarm: Page, desk: Client) -> None:
    part = desk.get(f"/pages/{alarm.pk}/", headers={"hx-request": "true"}).content.decode()

    assert "<html" not in part
    assert "I take it" in part


def test_the_button_is_gone_once_it_is_over(alarm: Page, now: datetime, desk: Client) -> None:
    close_pages(subject=alarm.subject, now=now)

    assert "I take it" not in desk.get(f"/pages/{alarm.pk}/").content.decode()


def test_the_panel_of_a_record(alarm: Page, now: datetime, desk: Client) -> None:
    run(now)
    mine = desk.get(f"/pages/for/{alarm.subject}/").content.decode()
    other = desk.get("/pages/for/GZ-20261123-0099/").content.decode()

    assert "I take it" in mine
    assert "Nobody has been called about this record." in other


def test_after_taking_it_one_is_back_where_one_was(alarm: Page, desk: Client) -> None:
    response = desk.post(f"/pages/{alarm.pk}/acknowledge/", {"next": "/incidents/GZ-1/"})

    assert response.headers["location"] == "/incidents/GZ-1/"


def test_nobody_is_led_off_the_desk(alarm: Page, desk: Client) -> None:
    response = desk.post(f"/pages/{alarm.pk}/acknowledge/", {"next": "https://evil.example/"})

    assert response.headers["location"] == f"/pages/{alarm.pk}/"


def test_coming_second_says_who_was_first(
    alarm: Page, tech: User, now: datetime, desk: Client
) -> None:
    acknowledge(page=alarm, person=tech, via="browser", now=now)
    response = desk.post(f"/pages/{alarm.pk}/acknowledge/", follow=True)

    assert f"{tech.name} has already taken it." in response.content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("support", 200), ("implementer", 200), ("manager", 200), ("reporter", 403),
        ("monitor", 403), ("superior", 403), ("sysadmin", 403), ("secadmin", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_who_reads_the_list_and_the_panel(
    alarm: Page, name: str, status: int, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(name))

    assert client.get("/pages/").status_code == status
    assert client.get(f"/pages/for/{alarm.subject}/").status_code == status


@pytest.mark.parametrize("name", ["reporter", "monitor", "superior", "sysadmin", "auditor"])
def test_a_page_is_out_of_scope_for_those_it_did_not_call(
    alarm: Page, name: str, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(name))

    assert client.get(f"/pages/{alarm.pk}/").status_code == 404
    assert client.post(f"/pages/{alarm.pk}/acknowledge/").status_code == 404
    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN


def test_the_list_asks_few_questions(
    rostered: object, now: datetime, desk: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(15):
        begin(now, key=f"test:{number}", subject=f"GZ-20261123-{number:04d}")
    run(now, "pages")

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        desk.get("/pages/")
