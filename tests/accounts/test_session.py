"""Signing in, being signed out, and what happens to the words (I02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD

Browser = Callable[[User], Client]
POLL = {"X-Poll": "1"}
LETTER = {"language": "en", "next": "/", "why": "商户交易查询超时,已重试三次"}


def _signed_in(client: Client, headers: dict[str, str] | None = None) -> bool:
    return client.get("/profile/", headers=headers).status_code == 200


def test_idle_time_out(at_login: Browser, reporter: User, now: datetime) -> None:
    """Fifteen minutes without an act."""
    with time_machine.travel(now, tick=False) as clock:
        client = at_login(reporter)
        clock.shift(timedelta(minutes=14))
        assert _signed_in(client)
        clock.shift(timedelta(minutes=14))
        assert _signed_in(client)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert not _signed_in(client)


def test_polling_is_no_act(at_login: Browser, reporter: User, now: datetime) -> None:
    """A screen left alone signs out, however often it refreshes itself."""
    with time_machine.travel(now, tick=False) as clock:
        client = at_login(reporter)
        for _ in range(3):
            clock.shift(timedelta(minutes=5))
            assert _signed_in(client, POLL)
        clock.shift(timedelta(seconds=1))
        assert not _signed_in(client, POLL)


def test_absolute_time_out(at_login: Browser, reporter: User, now: datetime) -> None:
    """Twelve hours after the log-in even the busiest sign in again."""
    with time_machine.travel(now, tick=False) as clock:
        client = at_login(reporter)
        for _ in range(72):
            assert _signed_in(client)
            clock.shift(timedelta(minutes=10))
        assert _signed_in(client)
        clock.shift(timedelta(seconds=1))
        assert not _signed_in(client)


def test_lock_out(db: None, reporter: User, now: datetime) -> None:
    """Five failures; half an hour later the right password works again."""
    right = {"username": "zhangli", "password": PASSWORD}
    with time_machine.travel(now, tick=False) as clock:
        statuses = [
            Client().post("/login/", {**right, "password": "wrong"}).status_code for _ in range(5)
        ]
        assert statuses == [200, 200, 200, 200, 429]
        assert Client().post("/login/", right).status_code == 429
        assert Client().post("/login/", {**right, "username": "ZhangLi"}).status_code == 429
        clock.shift(timedelta(minutes=31))
        assert Client().post("/login/", right).status_code == 302


def test_log_out_needs_a_post(at_login: Browser, reporter: User) -> None:
    """A link on a foreign page signs nobody out."""
    client = at_login(reporter)
    assert client.get("/logout/").status_code == 405
    assert _signed_in(client)
    client.post("/logout/")
    assert not _signed_in(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x()"])
def test_open_redirect_refused(db: None, reporter: User, target: str) -> None:
    """Neither the log-in nor the language switch leads outside."""
    right = {"username": "zhangli", "password": PASSWORD, "next": target}
    client = Client()
    assert client.post(f"/login/?next={target}", right).headers["Location"] == "/"
    posted = client.post("/language/", {"language": "en", "next": target})
    assert posted.headers["Location"] == "/"


def test_language(at_login: Browser, reporter: User) -> None:
    """Of the person, wherever the person signs in next; another word changes nothing."""
    client = at_login(reporter)
    assert client.get("/profile/").headers["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/profile/"})
    assert at_login(reporter).get("/profile/").headers["Content-Language"] == "en"
    client.post("/language/", {"language": "xx", "next": "/"})
    reporter.refresh_from_db()
    assert reporter.language == "en"


def test_language_of_a_visitor(db: None) -> None:
    """Kept in a cookie."""
    client = Client()
    assert client.get("/login/").headers["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert client.get("/login/").headers["Content-Language"] == "en"


@pytest.fixture
def expired(at_login: Browser, reporter: User, now: datetime) -> Any:
    """The reporter has written something, and then the log-in had expired."""
    with time_machine.travel(now, tick=False) as clock:
        client = at_login(reporter)
        clock.shift(timedelta(minutes=16))
        posted = client.post(
            "/defects/new/", {"title": "交易查询超时", "phenomenon": LETTER["why"], "version": "3"}
        )
        assert posted.headers["Location"] == "/login/?expired=1"
        yield client


def test_expired_log_in_gives_the_words_back(expired: Client, reporter: User) -> None:
    """First thing after signing in again; sending them goes to where they were meant."""
    answer = expired.post("/login/", {"username": "zhangli", "password": PASSWORD})
    assert answer.headers["Location"] == "/kept/"
    page = expired.get("/kept/").content.decode()
    assert LETTER["why"] in page
    assert 'action="/defects/new/"' in page
    assert 'name="version"' not in page
    sent = expired.post(
        "/defects/new/", {"title": "交易查询超时", "phenomenon": LETTER["why"], "_kept": "1"}
    )
    assert sent.status_code in (200, 302, 422)
    assert expired.get("/kept/").headers["Location"] == "/"


def test_words_can_be_dropped(expired: Client, reporter: User) -> None:
    """And then they are gone."""
    expired.post("/login/", {"username": "zhangli", "password": PASSWORD})
    assert expired.post("/kept/").status_code == 302
    assert expired.get("/kept/").headers["Location"] == "/"


def test_words_are_shown_to_nobody_else(expired: Client, teammate: User) -> None:
    """The next person at the same computer does not read them."""
    expired.post("/login/", {"username": "zhaomin", "password": PASSWORD})
    assert expired.get("/kept/").headers["Location"] == "/"


def test_password_is_never_kept(at_login: Browser, reporter: User, now: datetime) -> None:
    """Secrets are not words."""
    with time_machine.travel(now, tick=False) as clock:
        client = at_login(reporter)
        clock.shift(timedelta(minutes=16))
        fields = {
            "present_password": PASSWORD,
            "password": "Another-horse-8",
            "password_again": "Another-horse-8",
        }
        client.post("/profile/password/", fields)
        client.post("/login/", {"username": "zhangli", "password": PASSWORD})
        page = client.get("/kept/", follow=True).content.decode()
        assert PASSWORD not in page
        assert "Another-horse-8" not in page


def test_expired_fragment_sends_the_whole_page_to_the_log_in(db: None) -> None:
    """A part that refreshes itself must not show a log-in form inside the page."""
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/defects/"}
    answer = Client().get("/roster/now/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login/?next=/defects/")
