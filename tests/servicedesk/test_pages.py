"""Every page, in both languages: it opens, loads nothing from elsewhere, and has nothing inline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from engine.models import Heartbeat
from notifications.models import Message
from operations.models import ManagedObject
from tests.one_of_each import World, build
from tests.servicedesk.test_routes import PAGES

LOADED = re.compile(r'(?:src|href|action|data|poster|srcset|hx-get|hx-post)="([^"]*)"')
ELSEWHERE = re.compile(r"^\s*(?:[a-z]+:)?//|^\s*(?!data:image/)[a-z]+:", re.IGNORECASE)
INLINE = re.compile(
    r'<style\b|<script(?![^>]*\bsrc=)|\sstyle="|\son[a-z]+="|javascript:', re.IGNORECASE
)
OPEN = sorted(name for name, access in PAGES.items() if access.ok == 200 and access.roles)


@pytest.fixture
def world(request: pytest.FixtureRequest, now: datetime, system: ManagedObject) -> Iterator[World]:
    """One of each."""
    people: dict[str, User] = {role.value: request.getfixturevalue(role.value) for role in Role}
    with time_machine.travel(now, tick=False):
        yield build(people, system, now)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_stand_alone(
    world: World, signed_in: Callable[[User], Client], language: str
) -> None:
    """No address outside (I09), no inline code: the content security policy would refuse it."""
    User.objects.update(language=language)
    people = {role: signed_in(person) for role, person in world.people.items()}
    visitor = Client()
    visitor.cookies["language"] = language
    arguments = world.arguments()
    wrong = []
    for name in ["accounts:login", *OPEN]:
        role = max(PAGES[name].roles)
        reader = visitor if name == "accounts:login" else people[role]
        answer = reader.get(reverse(name, kwargs=arguments.get(name)))
        assert answer.status_code == 200, name
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined] # a file
            continue
        page = answer.content.decode()
        wrong += [f"{name}: {each}" for each in LOADED.findall(page) if ELSEWHERE.match(each)]
        wrong += [f"{name}: {each}" for each in INLINE.findall(page)]
    assert wrong == []


def test_policy_on_every_page(db: None) -> None:
    """Scripts and styles from ourselves alone."""
    policy = Client().get("/login/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_api_docs_have_nothing_inline(signed_in: Callable[[User], Client], agent: User) -> None:
    """Swagger from our own files."""
    page = signed_in(agent).get("/api/v1/docs/").content.decode()
    assert INLINE.search(page) is None
    assert [each for each in LOADED.findall(page) if ELSEWHERE.match(each)] == []
    script = signed_in(agent).get("/api/v1/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")


def test_health(world: World, signed_in: Callable[[User], Client], now: datetime) -> None:
    """Engines that stopped, queues, the oldest message, missing years (I17)."""
    client = signed_in(world.people[Role.SYSADMIN])
    context = client.get("/health/").context
    assert all(row["engine"].stale for row in context["engines"])
    assert (
        context["queues"]["messages_waiting"]
        == Message.objects.filter(next_try_at__isnull=False).count()
        > 0
    )
    assert context["queues"]["pages_open"] == 2
    assert context["queues"]["oldest_is_late"] is True
    assert 2027 in context["missing_years"]
    Heartbeat.objects.create(engine="clocks", last_run_at=now)
    rows = {row["engine"].name: row for row in client.get("/health/").context["engines"]}
    assert not rows["clocks"]["engine"].stale
    assert rows["clocks"]["silent_for"] == 0
    assert rows["pages"]["engine"].stale


def test_objects(world: World, signed_in: Callable[[User], Client]) -> None:
    """Found by words and kind; one shows its changes."""
    client = signed_in(world.people[Role.TECH])
    ManagedObject.objects.create(code="POS-1", name="POS 前置", kind="pos")
    assert len(client.get("/objects/").context["objects"]) == 2
    assert [each.code for each in client.get("/objects/?q=pos").context["objects"]] == ["POS-1"]
    assert [each.code for each in client.get("/objects/?kind=pos").context["objects"]] == ["POS-1"]
    assert client.get("/objects/ACQ-DB/").status_code == 200
    assert client.get("/objects/nothing/").status_code == 404
