"""Logging in to the API (I02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import switch
from tests.conftest import PASSWORD

Program = Callable[[User], APIClient]
LOGIN = "/api/v1/auth/login/"


def _login(username: str, password: str) -> Any:
    body = {"username": username, "password": password}
    return APIClient().post(LOGIN, body, format="json")


def test_token_and_person(reporter: User) -> None:
    """The token, its end, and who it belongs to."""
    answer = _login("zhangli", PASSWORD).json()
    assert set(answer) == {"token", "expiry", "user"}
    assert answer["user"]["roles"] == ["reporter"]
    assert answer["user"]["name"] == "张丽"


def test_user_name_in_capitals(reporter: User) -> None:
    """As on the page."""
    assert _login("ZhangLi", PASSWORD).status_code == 200


def test_same_answer_for_unknown_user_and_wrong_password(reporter: User) -> None:
    """Nobody learns who has an account."""
    wrong, unknown = _login("zhangli", "wrong"), _login("nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_lock_out(reporter: User) -> None:
    """Five failures lock the account, also for the right password and on the page."""
    for _ in range(4):
        assert _login("zhangli", "wrong").status_code == 401
    fifth = _login("zhangli", "wrong")
    assert fifth.status_code == 429
    assert fifth.json()["error"]["code"] == "locked_out"
    right = _login("zhangli", PASSWORD)
    assert right.status_code == 429
    assert right.json()["error"]["code"] == "locked_out"


def test_log_out(program: Program, reporter: User) -> None:
    """The token is worth nothing afterwards."""
    client = program(reporter)
    assert client.post("/api/v1/auth/logout/").status_code == 204
    assert client.get("/api/v1/me/").status_code == 401


def test_token_expires(program: Program, reporter: User) -> None:
    """After ten hours."""
    client = program(reporter)
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert client.get("/api/v1/me/").status_code == 401


def test_account_turned_off(program: Program, reporter: User, sysadmin: User) -> None:
    """Ends the token."""
    client = program(reporter)
    switch(actor=sysadmin, user=reporter, active=False, now=timezone.now())
    assert client.get("/api/v1/me/").status_code == 401
    assert _login("zhangli", PASSWORD).status_code == 401


def test_too_many_tokens(program: Program, reporter: User) -> None:
    """Ten at a time."""
    for _ in range(10):
        program(reporter)
    assert _login("zhangli", PASSWORD).status_code == 409


def test_missing_fields(db: None) -> None:
    """400 names them."""
    answer = APIClient().post(LOGIN, {}, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {"username", "password"}
