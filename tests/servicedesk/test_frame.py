"""The frame around every page, the pages without it, and the error pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Organisation, User
from accounts.roles import Role
from engine import registry
from engine.models import Heartbeat
from servicedesk import errors, navigation
from servicedesk.engine_names import engine_label

STALE = "an engine has stopped"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def enter(person: User) -> Client:
    """A browser of ``person``, reading English."""
    User.objects.filter(pk=person.pk).update(language="en")
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, address: str = "/profile/") -> str:
    """What ``address`` shows."""
    return client.get(address).content.decode()


def test_the_language_of_the_page_is_named_for_screen_readers(agent: User) -> None:
    client = enter(agent)
    assert '<html lang="en"' in page(client)
    User.objects.filter(pk=agent.pk).update(language="zh-hans")
    assert '<html lang="zh-Hans"' in page(client)


def test_a_visitor_reads_chinese_and_may_switch(db: None) -> None:
    client = Client()
    assert '<html lang="zh-Hans"' in page(client, "/login/")
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in page(client, "/login/")


def test_everybody_sees_only_the_doors_of_their_roles() -> None:
    def seen(role: Role) -> set[str]:
        return {
            str(page.url)
            for group in navigation.doors([role], "/")
            for door in group.items
            for page in (door.tabs or (door,))
        }

    assert navigation.address("hotline:console") in seen(Role.AGENT)
    assert navigation.address("hotline:console") not in seen(Role.REPORTER)
    assert navigation.address("audit:events") in seen(Role.AUDITOR)
    assert navigation.address("tickets:defect_list") not in seen(Role.AUDITOR)
    assert seen(Role.REPORTER) > {"/"}


def test_the_present_door_is_marked_once() -> None:
    path = navigation.address("tickets:defect_list") + "QX-20261123-0001/"
    doors = [door for group in navigation.doors([Role.SUPPORT], path) for door in group.items]
    assert [door.url for door in doors if door.active] == [
        navigation.address("tickets:defect_list")
    ]


def test_pages_of_a_section_stand_behind_one_door_and_beside_each_other() -> None:
    drills = navigation.address("readiness:drill_list")
    groups = navigation.doors([Role.SUPPORT], drills)
    (door,) = [door for group in groups for door in group.items if door.active]
    assert door.url == navigation.address("readiness:plan_list")
    assert [tab.url for tab in navigation.tabs_at(groups, drills) if tab.active] == [drills]
    assert navigation.tabs_at(groups, f"{drills}YL-20261123-0001/") == ()


def test_one_page_of_a_section_is_a_door_of_its_own() -> None:
    def labels(role: Role) -> list[str]:
        return [str(door.url) for group in navigation.doors([role], "/") for door in group.items]

    calendar = navigation.address("calendars:index")
    assert calendar in labels(Role.REPORTER)
    assert calendar not in labels(Role.SUPPORT)


def test_phones_get_at_most_four_doors() -> None:
    assert len(navigation.bottom_bar(navigation.doors(Role.values, "/"))) == 4


def test_a_page_that_does_not_exist_has_no_door() -> None:
    assert navigation.address("no:such_page") == ""


def test_stopped_engines_are_told_to_staff_and_not_to_the_bank(agent: User, reporter: User) -> None:
    assert STALE in page(enter(agent))
    assert STALE not in page(enter(reporter))


def test_running_engines_raise_no_bar(agent: User) -> None:
    now = timezone.now()
    for name in registry.names():
        Heartbeat.objects.create(engine=name, last_run_at=now)
    assert STALE not in page(enter(agent))


def test_every_engine_has_a_name_of_its_own() -> None:
    names = [engine_label(engine) for engine in registry.names()]
    assert len(set(names)) == len(names)
    assert engine_label("no such engine") not in names


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_frame_opens(
    make_person: Callable[..., User], company: Organisation, role: Role
) -> None:
    client = enter(make_person("somebody", "某人", company, role))
    soup = BeautifulSoup(page(client, "/"), "html.parser")
    links = {str(each["href"]) for each in soup.select("header a[href^='/'], nav a[href^='/']")}
    assert len(links) > 3
    answers = {link: client.get(link, follow=True).status_code for link in links}
    assert set(answers.values()) == {200}, answers


def test_the_style_guide_is_for_signed_in_people_of_a_demonstration(
    agent: User, settings: Any
) -> None:
    assert enter(agent).get("/styleguide/").status_code == 404
    settings.DEMO = True
    assert Client().get("/styleguide/").status_code == 404
    assert enter(agent).get("/styleguide/?drill=1&stale=1&messages=1").status_code == 200
    assert enter(agent).get("/styleguide/?theme=dark").status_code == 200


def test_the_500_page_needs_no_database(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"This is our mistake" in response.content
    assert len(queries) == 0


@pytest.mark.parametrize("address", ["/no-such-page/", "/defects/QX-20200101-0001/"])
def test_a_missing_page_says_where_to_look(agent: User, address: str) -> None:
    response = enter(agent).get(address)
    assert response.status_code == 404
    assert "What you can do" in response.content.decode()


def test_a_refused_form_gives_the_words_back_but_no_password(agent: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    words = "对账文件缺少三笔退货 <b>"
    response = client.post("/defects/new/", {"title": words, "password": "Right-horse-7"})
    shown = response.content.decode()
    assert response.status_code == 403
    assert "对账文件缺少三笔退货 &lt;b&gt;" in shown
    assert "Right-horse-7" not in shown


def test_demonstration_people_are_shown_only_in_a_demonstration(db: None, settings: Any) -> None:
    assert "data-fill" not in page(Client(), "/login/")
    settings.DEMO = True
    assert "data-fill" in page(Client(), "/login/")
