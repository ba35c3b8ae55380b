"""The telephone in the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.test import Client

from accounts.models import User
from oncall.models import Page, SimulatedCall, SimulatedPhone
from tests.oncall.conftest import begin, call_of, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
SCRIPT = {"x-requested-with": "phone", "x-poll": "1"}


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def phone(tech: User, signed_in: SignIn) -> Client:
    """The primary's browser, in English."""
    tech.language = "en"
    tech.save()
    return signed_in(tech)


def screen(response: Any) -> Tag:
    """The telephone's screen in an answer."""
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select_one(".screen")
    assert found is not None
    return found


def test_without_a_call_it_is_ready(phone: Client) -> None:
    assert screen(phone.get("/phone/"))["data-mode"] == "idle"


def test_it_rings_is_answered_and_takes_the_page(
    alarm: Page, tech: User, now: datetime, phone: Client
) -> None:
    run(now)
    sid = call_of(tech).sid
    assert screen(phone.get("/phone/screen/", headers=SCRIPT))["data-mode"] == "ringing"

    talking = screen(phone.post(f"/phone/{sid}/answer/", headers=SCRIPT))
    assert talking["data-mode"] == "talking"
    assert "收单数据库无响应" in talking.text
    over = screen(
        phone.post(f"/phone/{sid}/press/", {"digit": "1", "position": "0"}, headers=SCRIPT)
    )

    alarm.refresh_from_db()
    assert alarm.acknowledged_by == tech
    assert over["data-mode"] == "over"
    assert "Recorded: you have taken it" in over.text


def test_every_act_is_a_plain_form(alarm: Page, tech: User, now: datetime, phone: Client) -> None:
    run(now)
    acts = [str(form["action"]) for form in screen(phone.get("/phone/")).select("form")]
    sid = call_of(tech).sid
    assert acts == [f"/phone/{sid}/hang-up/", f"/phone/{sid}/answer/"]

    answered = phone.post(acts[1])
    assert (answered.status_code, answered.headers["location"]) == (302, "/phone/")
    keys = [button["value"] for button in screen(phone.get("/phone/")).select(".keypad button")]
    assert keys == list("123456789*0#")


def test_a_press_sent_twice_is_one(alarm: Page, tech: User, now: datetime, phone: Client) -> None:
    run(now)
    sid = call_of(tech).sid
    phone.post(f"/phone/{sid}/answer/")
    for _again in range(2):
        phone.post(f"/phone/{sid}/press/", {"digit": "3", "position": "0"})

    assert call_of(tech).digits == "3"


@pytest.mark.parametrize(
    "data", [{}, {"digit": "11", "position": "0"}, {"digit": "1", "position": "x"}]
)
def test_a_key_that_is_none_is_refused(
    alarm: Page, tech: User, now: datetime, phone: Client, data: dict[str, str]
) -> None:
    run(now)
    response = phone.post(f"/phone/{call_of(tech).sid}/press/", data)

    assert response.status_code == 400


def test_a_drill_carries_its_band(
    rostered: object, tech: User, now: datetime, phone: Client
) -> None:
    begin(now, is_drill=True)
    run(now)

    ringing = screen(phone.get("/phone/"))
    assert ringing.select_one(".screen-band") is not None


def test_my_phone_shows_my_calls_only(
    alarm: Page, tech2: User, now: datetime, signed_in: SignIn
) -> None:
    run(now)

    assert screen(signed_in(tech2).get("/phone/"))["data-mode"] == "idle"


def test_the_calls_of_others_are_out_of_reach(
    alarm: Page, tech: User, tech2: User, now: datetime, signed_in: SignIn
) -> None:
    run(now)
    sid = call_of(tech).sid
    other = signed_in(tech2)
    answers = [
        other.post(f"/phone/{sid}/answer/"),
        other.post(f"/phone/{sid}/press/", {"digit": "1", "position": "0"}),
        other.post(f"/phone/{sid}/hang-up/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_choosing_how_it_behaves(tech: User, phone: Client) -> None:
    phone.post("/phone/behaviour/", {"behaviour": "voicemail"})
    assert SimulatedPhone.objects.get(person=tech).behaviour == "voicemail"

    assert phone.post("/phone/behaviour/", {"behaviour": "explode"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("agent", 200), ("supervisor", 200), ("manager", 200), ("monitor", 200),
        ("reporter", 403), ("superior", 403), ("sysadmin", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_who_has_a_telephone(
    name: str, status: int, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert signed_in(request.getfixturevalue(name)).get("/phone/").status_code == status


def test_with_a_real_provider_there_is_no_telephone_here(settings: Any, phone: Client) -> None:
    settings.PHONE_PROVIDER = "elsewhere"

    assert phone.get("/phone/").status_code == 404


def test_an_ended_log_in_is_answered_by_the_log_in_page(phone: Client) -> None:
    phone.logout()

    assert phone.get("/phone/screen/", headers=SCRIPT).status_code == 302


def test_the_last_words_stay_while_the_next_call_rings(
    alarm: Page, tech: User, now: datetime, phone: Client
) -> None:
    begin(now, key="test:2", subject="GZ-20261123-0002")
    run(now)
    sid = SimulatedCall.objects.filter(person=tech).earliest("pk").sid
    phone.post(f"/phone/{sid}/answer/")
    phone.post(f"/phone/{sid}/press/", {"digit": "1", "position": "0"})
    next_call = screen(phone.get("/phone/"))

    assert next_call["data-mode"] == "ringing"
    assert "Recorded: you have taken it" in next_call.text


def test_after_a_while_the_telephone_is_ready_again(
    alarm: Page, tech: User, now: datetime, phone: Client
) -> None:
    run(now)
    sid = call_of(tech).sid
    phone.post(f"/phone/{sid}/answer/")
    phone.post(f"/phone/{sid}/press/", {"digit": "1", "position": "0"})

    with time_machine.travel(now + timedelta(seconds=21), tick=False):
        assert screen(phone.get("/phone/"))["data-mode"] == "idle"
