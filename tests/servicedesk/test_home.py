"""Home: what waits for me, what I did, what I submitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from operations.models import ManagedObject
from sla import services as sla
from tests.one_of_each import World, build
from tests.tickets.journey import Cast, Journey

SignedIn = Callable[[User], Client]


@pytest.fixture
def world(request: pytest.FixtureRequest, now: datetime, system: ManagedObject) -> Iterator[World]:
    """One of each, ten minutes old."""
    people: dict[str, User] = {role.value: request.getfixturevalue(role.value) for role in Role}
    with time_machine.travel(now, tick=False):
        yield build(people, system, now)


@pytest.fixture
def journey(world: World, now: datetime) -> Journey:
    """More defects in the same world."""
    people = world.people
    cast = Cast(
        reporter=people[Role.REPORTER],
        support=people[Role.SUPPORT],
        tech=people[Role.TECH],
        supervisor=people[Role.SUPERVISOR],
        implementer=people[Role.IMPLEMENTER],
        agent=people[Role.AGENT],
        superior=people[Role.SUPERIOR],
        system=world.system,
    )
    return Journey(cast, now - timedelta(hours=2))


def _home(client: Client, tab: str = "todo") -> tuple[set[str], dict[str, int]]:
    """Kinds and numbers listed, and the counts on the tabs."""
    context = client.get(f"/?tab={tab}").context
    lines = {item.number for item in context["items"]}
    counts = dict(
        zip(("todo", "done", "submitted"), [each["count"] for each in context["tabs"]], strict=True)
    )
    return lines, counts


def test_what_waits_for_whom(world: World, signed_in: SignedIn) -> None:
    """By holder, and by role where nobody is named."""
    defect, incident = world.defect.number, world.incident.number
    report, question = world.machine_room.number, world.consultation.number
    expected: dict[str, set[str | None]] = {
        Role.SUPPORT: {defect, incident, report},  # also backup on call
        Role.TECH: {incident, report},  # on call
        Role.SUPERVISOR: {incident, report},
        Role.AGENT: {question},
        Role.REPORTER: set(),
        Role.BIZ: set(),
        Role.IMPLEMENTER: set(),
        Role.MANAGER: set(),
        Role.MONITOR: set(),
        Role.SUPERIOR: set(),
        Role.SYSADMIN: set(),
        Role.AUDITOR: set(),
    }
    for role, numbers in expected.items():
        lines, counts = _home(signed_in(world.people[role]))
        assert lines == numbers, role
        # Pages that ring are lines of their own beside their record.
        assert counts["todo"] >= len(numbers)


def test_named_holder_only(journey: Journey, signed_in: SignedIn, tech2: User) -> None:
    """A record in a colleague's hands is not on my list."""
    defect = journey.tech_processing()
    assert defect.number in _home(signed_in(journey.cast.tech))[0]
    assert defect.number not in _home(signed_in(tech2))[0]


def test_signature_and_return(journey: Journey, signed_in: SignedIn) -> None:
    """The supervisor sees what to sign, the reporter what came back."""
    waiting, returned = journey.pending_signoff(), journey.returned()
    assert waiting.number in _home(signed_in(journey.cast.supervisor))[0]
    assert returned.number in _home(signed_in(journey.cast.reporter))[0]


def test_report_upward(journey: Journey, signed_in: SignedIn) -> None:
    """First owed by its owner, then to be acknowledged by the superior department."""
    defect = journey.resolved()
    number = defect.superior_reports.get().number
    assert number in _home(signed_in(journey.cast.support))[0]
    assert number not in _home(signed_in(journey.cast.superior))[0]
    journey.report_upward(defect)
    assert number not in _home(signed_in(journey.cast.support))[0]
    assert number in _home(signed_in(journey.cast.superior))[0]


def test_submitted_by_me(world: World, signed_in: SignedIn, teammate: User) -> None:
    """Defect, incident and question of the reporter; the monitor's report; nobody else's."""
    reporter, monitor = world.people[Role.REPORTER], world.people[Role.MONITOR]
    lines, counts = _home(signed_in(reporter), "submitted")
    assert lines == {world.defect.number, world.incident.number, world.consultation.number}
    assert counts["submitted"] == 3
    assert _home(signed_in(monitor), "submitted")[0] == {world.machine_room.number}
    assert _home(signed_in(teammate), "submitted") == (
        set(),
        {"todo": 0, "done": 0, "submitted": 0},
    )


def test_done(journey: Journey, signed_in: SignedIn, world: World) -> None:
    """Records I acted on, once each, the latest first; refused tries are no acts."""
    first, second = journey.triaging(), journey.tech_processing()
    lines, counts = _home(signed_in(journey.cast.support), "done")
    assert lines == {first.number, second.number}
    assert counts["done"] == 2
    items = signed_in(journey.cast.support).get("/?tab=done").context["items"]
    assert [item.number for item in items] == [second.number, first.number]


def test_late_cards(world: World, signed_in: SignedIn, now: datetime) -> None:
    """Contract clocks that are over or about to be, at most three, none of drills."""
    support = signed_in(world.people[Role.SUPPORT])
    assert support.get("/").context["cards"] == []
    incident = world.incident
    incident.commitment = sla.open_commitment(
        subject=incident.number, url="/", title=incident.title, t0=now - timedelta(hours=10),
        now=now,
    )  # fmt: skip
    incident.save(update_fields=["commitment"])
    cards = support.get("/").context["cards"]
    assert [(card.number, card.clock["kind"]) for card in cards] == [(incident.number, "fix")]
    assert "临期" in support.get("/").content.decode()
    outsider = world.people[Role.MONITOR]
    assert signed_in(outsider).get("/").context["cards"] == []


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.AGENT, "/console/"), (Role.REPORTER, "/defects/new/"),
        (Role.MONITOR, "/machine-room/new/"), (Role.MANAGER, "/dashboard/"),
        (Role.SUPERVISOR, "/sign-off/"), (Role.AUDITOR, "/audit/"), (Role.SECADMIN, "/people/"),
    ],
)  # fmt: skip
def test_quick_acts(
    request: pytest.FixtureRequest, signed_in: SignedIn, role: Role, first: str
) -> None:
    """The first thing to do here differs by role, and every one of them opens."""
    browser = signed_in(request.getfixturevalue(role.value))
    offers: list[dict[str, Any]] = browser.get("/").context["offers"]
    assert offers[0]["url"] == first
    assert [browser.get(offer["url"]).status_code for offer in offers] == [200] * len(offers)


def test_unknown_tab(signed_in: SignedIn, agent: User) -> None:
    """Falls back to what waits."""
    assert signed_in(agent).get("/?tab=x").context["tab"] == "todo"


def test_empty_desk_says_what_comes_here(signed_in: SignedIn, reporter: User) -> None:
    """An empty list is an invitation."""
    for tab in ("todo", "done", "submitted"):
        assert "empty-state" in signed_in(reporter).get(f"/?tab={tab}").content.decode()


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SUPERVISOR, Role.REPORTER])
def test_fixed_number_of_queries(
    journey: Journey,
    signed_in: SignedIn,
    role: Role,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Not one more for a longer list."""
    for _ in range(6):
        journey.submitted()
        journey.returned()
    person = {
        Role.SUPPORT: journey.cast.support,
        Role.SUPERVISOR: journey.cast.supervisor,
        Role.REPORTER: journey.cast.reporter,
    }[role]
    client = signed_in(person)
    for tab in ("todo", "done", "submitted"):
        with django_assert_max_num_queries(36):
            client.get(f"/?tab={tab}")
