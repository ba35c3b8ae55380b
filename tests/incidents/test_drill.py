"""A drill from its form to its fault report, with hours of five seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from engine import registry
from incidents.models import Incident
from oncall.models import Page
from operations.models import ManagedObject
from sla.models import Milestone
from tests.incidents.conftest import Story

SCENARIO = "主存储阵列双控制器故障,收单业务全部中断"


@pytest.fixture
def form(system: ManagedObject) -> dict[str, object]:
    """A filled-in drill."""
    return {"managed_object": system.pk, "scenario": SCENARIO, "hour_seconds": "5"}


@pytest.mark.parametrize("who", ["support", "tech", "supervisor", "monitor", "agent"])
def test_the_desk_and_the_monitors_start_drills(
    who: str,
    form: dict[str, object],
    people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:
    browser = signed_in(people[who])
    assert browser.get("/drills/new/").context["form"]["hour_seconds"].value() == 5
    response = browser.post("/drills/new/", form, follow=True)

    drill = Incident.objects.get()
    assert response.status_code == 200
    assert (drill.is_drill, drill.hour_seconds, drill.reporter) == (True, 5, people[who])
    assert Page.objects.get().is_drill
    assert not Incident.objects.real().exists()


@pytest.mark.parametrize("who", ["reporter", "superior", "manager"])
def test_others_do_not(
    who: str,
    form: dict[str, object],
    people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:
    assert signed_in(people[who]).get("/drills/new/").status_code == 403
    assert signed_in(people[who]).post("/drills/new/", form).status_code == 403
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("hour_seconds", "2"), ("scenario", "测试"), ("managed_object", "")]
)
def test_a_drill_needs_a_scenario_a_system_and_a_speed_of_the_list(
    field: str,
    value: str,
    form: dict[str, object],
    people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:
    response = signed_in(people["tech"]).post("/drills/new/", {**form, field: value})

    assert response.status_code == 422
    assert not Incident.objects.exists()


def test_a_whole_drill(
    form: dict[str, object], people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    signed_in(people["support"]).post("/drills/new/", form)
    told = Story(Incident.objects.get(), people)
    start = told.incident.first_contact_at

    def at(hours: float) -> object:
        return start + timedelta(seconds=5 * hours)

    def run(hours: float) -> None:
        registry.run("clocks", start + timedelta(seconds=5 * hours))

    moment = start + timedelta(seconds=1)
    told.acknowledge(at=moment).declare(at=moment)
    for hours in (6, 9, 11, 11.5, 12, 12.2):
        run(hours)
    commitment = told.incident.commitment
    assert commitment is not None
    fix = commitment.clocks.get(kind="fix")
    assert fix.due_at == at(12)
    assert fix.breached_at == start + timedelta(seconds=61)
    assert [row.late for row in fix.milestones.all()] == [False] * 5

    told.protect(at=start + timedelta(seconds=62)).plan(start + timedelta(seconds=65))
    told.resolve(start + timedelta(seconds=70)).confirm(start + timedelta(seconds=75))
    told.report(start + timedelta(seconds=100))
    run(60)

    assert told.clocks() == {"fix": "missed", "plan": "met", "report": "met"}
    assert Milestone.objects.filter(clock__kind="plan").count() == 1
    assert not Page.objects.filter(state="open").exists()
    assert told.incident.state == "confirmed"
