"""Alive and ready, for machines and for people (I17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from engine import registry
from engine.models import Heartbeat
from oncall.models import Page
from servicedesk import health
from sla.models import ClockCheck

SignIn = Callable[[User], Client]


def all_ran() -> None:
    """Every engine has just run."""
    for name in registry.names():
        Heartbeat.objects.create(engine=name, last_run_at=timezone.now())


def test_alive_without_asking_the_database() -> None:
    response = Client().get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_every_engine_has_run_lately() -> None:
    all_ran()
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert set(response.json()["engines"]) == set(registry.names())


@pytest.mark.django_db
def test_the_engines_of_messages_and_calls_are_watched() -> None:
    assert {"messages", "pages", "calls", "simulator"} <= set(registry.names())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["messages", "pages", "calls"])
def test_one_silent_engine_is_enough_not_to_be_ready(name: str) -> None:
    all_ran()
    Heartbeat.objects.filter(engine=name).update(last_run_at=timezone.now() - timedelta(minutes=2))
    response = Client().get("/readyz")

    assert response.status_code == 503
    stale = [each for each, state in response.json()["engines"].items() if state["stale"]]
    assert stale == [name]


@pytest.mark.django_db
def test_lag_and_backlog_of_each_engine(now: datetime) -> None:
    """How late the last work was, and what is due now and not done."""
    all_ran()
    Heartbeat.objects.filter(engine="clocks").update(last_lag_ms=1500)
    Page.objects.create(key="test", subject="GZ-1", title="test", started_at=now, next_step_at=now)
    engines = Client().get("/readyz").json()["engines"]

    assert engines["clocks"]["lag_seconds"] == 1.5
    assert engines["clocks"]["backlog"] == 0
    assert engines["pages"] == engines["pages"] | {"lag_seconds": None, "backlog": 1}
    assert all(engine["backlog"] is not None for engine in engines.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "stale"), [(10, False), (70, True)])
def test_a_watchdog_that_does_not_watch_is_shown(
    seconds: int, *, stale: bool, signed_in: SignIn, agent: User
) -> None:
    all_ran()
    heard = timezone.now() - timedelta(seconds=seconds)
    Heartbeat.objects.create(engine="watchdog", last_run_at=heard)

    answer = Client().get("/readyz")
    assert answer.json()["watchdog"]["stale"] is stale
    assert answer.status_code == 200
    assert signed_in(agent).get("/health/").context["watchdog_is_late"] is stale


@pytest.mark.django_db
def test_the_proof_of_the_clocks_is_on_the_page(signed_in: SignIn, agent: User) -> None:
    User.objects.update(language="en")
    client = signed_in(agent)
    assert "Not checked yet" in client.get("/health/").content.decode()
    then = timezone.now() - timedelta(hours=1)
    check = ClockCheck.objects.create(due_at=then, finished_at=then, records=12)
    assert "The clocks of 12 records" in client.get("/health/").content.decode()
    check.finished_at, check.difference_count = then - timedelta(hours=26), 1
    check.differences = [
        {"subject": "GZ-9", "clock": "fix", "what": "due_at", "stored": "a", "rebuilt": "b"}
    ]
    check.save()
    page = client.get("/health/").content.decode()
    assert "GZ-9" in page
    assert "A night was left out" in page


@pytest.mark.django_db
def test_before_the_worker_has_started_nothing_is_ready() -> None:
    assert Client().get("/readyz").status_code == 503


@pytest.mark.django_db
def test_the_words_of_an_error_are_not_for_strangers() -> None:
    all_ran()
    Heartbeat.objects.filter(engine="calls").update(last_error="password is hunter2")
    response = Client().get("/readyz")

    assert response.json()["engines"]["calls"]["error"] is True
    assert b"hunter2" not in response.content


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def cursor(self) -> Any:
            raise DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Broken())
    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "DatabaseError"
    assert response.json()["engines"] == {}


@pytest.mark.django_db
def test_a_broker_that_does_not_answer(settings: Any) -> None:
    all_ran()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "ConnectionError"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_are_never_kept(path: str) -> None:
    assert "no-store" in Client().get(path).headers["cache-control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status"),
    [("agent", 200), ("manager", 200), ("sysadmin", 200), ("reporter", 403), ("monitor", 403)],
)
def test_who_reads_the_health_page(
    name: str, status: int, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    all_ran()

    assert signed_in(request.getfixturevalue(name)).get("/health/").status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "shown"), [("agent", True), ("reporter", False)])
def test_staff_see_a_red_bar_while_an_engine_is_silent(
    name: str, *, shown: bool, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    page = signed_in(request.getfixturevalue(name)).get("/messages/")

    assert (b"bar-stale" in page.content) is shown
