"""New versions of rotations and ladders over the API: the page's services, seen versions (I14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from audit.models import Event
from oncall.models import LadderVersion, RotationVersion
from oncall.services.rotations import rotations_in_force

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
JSON = "application/json"
ROTATIONS, LADDERS = "/api/v1/oncall/rotations/", "/api/v1/ladders/"
CARD = "6222021234567890128"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def body(tech: User, tech2: User) -> dict[str, Any]:
    """Rotations of the mobile: one layer, everything else as it is by itself."""
    layer = {"name": "周轮班", "people": [tech.pk, tech2.pk], "first_day": "2026-11-23"}
    return {"roster": "on_call", "version": 0, "reason": "十二月起两人轮班", "layers": [layer]}


def post(client: Client, url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Status and answer."""
    response = client.post(url, body, content_type=JSON)
    return response.status_code, response.json()


def test_rotations_are_put_in_force_and_read_back(
    body: dict[str, Any], supervisor: User, tech: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor)
    status, made = post(client, ROTATIONS, body)
    assert (status, made["version"], made["created_by"]) == (201, 1, supervisor.audit_name)
    (layer,) = made["layers"]
    assert (layer["every_days"], layer["counts"], layer["handover"]) == (7, "days", "09:00")
    event = Event.objects.get(action="oncall.rotations_changed")
    assert (event.opinion, event.actor_name) == (body["reason"], supervisor.audit_name)

    # What was read can be sent again, changed.
    (mobile, _hotline) = client.get(ROTATIONS).json()
    mobile["layers"][0] |= {"every_days": 5, "counts": "working_days", "from_time": "18:00"}
    mobile["layers"][0]["until_time"] = "09:00"
    again = {**body, "version": mobile["version"], "layers": mobile["layers"]}
    assert post(client, ROTATIONS, again)[0] == 201
    assert rotations_in_force("on_call")[1].layers[0].counts == "working_days"
    reader = signed_in(tech)
    listed = reader.get(f"{ROTATIONS}on_call/versions/").json()["results"]
    assert [row["version"] for row in listed] == [2, 1]
    first = reader.get(f"{ROTATIONS}on_call/versions/1/").json()
    assert first == made
    assert reader.get(f"{ROTATIONS}on_call/versions/3/").status_code == 404
    assert reader.get(f"{ROTATIONS}nowhere/versions/").status_code == 404


def test_versions_from_before_a_field_was_known_are_read(
    body: dict[str, Any], supervisor: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor)
    post(client, ROTATIONS, body)
    row = RotationVersion.objects.get()
    del row.layers[0]["counts"]
    row.save()

    read = client.get(f"{ROTATIONS}on_call/versions/1/").json()
    assert read["layers"][0]["counts"] == "days"


def test_who_was_slower_is_told_so(
    body: dict[str, Any], supervisor: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor)
    post(client, ROTATIONS, body)
    status, refused = post(client, ROTATIONS, body)

    assert (status, refused["error"]["code"]) == (409, "stale")
    assert RotationVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"people": []}, "layers.0.people"),
        ({"people": [999_999, 999_998]}, "layers.0.people"),
        ({"people": ["x"]}, "layers.0.people.0"),
        ({"people": [10**30]}, "layers.0.people.0"),
        ({"every_days": 0}, "layers.0.every_days"),
        ({"every_days": 31, "counts": "working_days"}, "layers.0.every_days"),
        ({"first_day": "2031-01-01", "counts": "working_days"}, "layers.0.first_day"),
        ({"first_day": "9999-12-31"}, "layers.0.first_day"),
        ({"from_time": "18:00"}, "layers.0.from_time"),
        ({"zone": "Mars/Olympus"}, "layers.0.zone"),
        ({"weekdays": [7]}, "layers.0.weekdays"),
        ({"follow": "the moon"}, "layers.0.follow"),
    ],
)
def test_what_cannot_be_put_in_force_is_told_at_its_place(
    body: dict[str, Any], changes: dict[str, Any], place: str, supervisor: User, signed_in: SignIn
) -> None:
    body["layers"][0] |= changes
    status, refused = post(signed_in(supervisor), ROTATIONS, body)

    assert (status, set(refused["error"]["fields"])) == (400, {place})
    assert not RotationVersion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"reason": "…"}, "reason"), ({"reason": f"卡号 {CARD}"}, ""), ({"roster": "x"}, "roster"),
        ({"version": -1}, "version"), ({"layers": {}}, "layers"),
    ],
)  # fmt: skip
def test_the_rest_of_the_body_is_looked_at_too(
    body: dict[str, Any], changes: dict[str, Any], place: str, supervisor: User, signed_in: SignIn
) -> None:
    status, refused = post(signed_in(supervisor), ROTATIONS, {**body, **changes})

    assert status == 400
    assert any(name == place or name.startswith(f"{place}.") for name in refused["error"]["fields"])


def test_no_more_than_eight_layers(
    body: dict[str, Any], supervisor: User, signed_in: SignIn
) -> None:
    status, refused = post(signed_in(supervisor), ROTATIONS, {**body, "layers": body["layers"] * 9})

    assert (status, set(refused["error"]["fields"])) == (400, {"layers"})


def test_only_supervisors_change_rotations(
    body: dict[str, Any], tech: User, reporter: User, signed_in: SignIn
) -> None:
    assert post(signed_in(tech), ROTATIONS, body)[0] == 403
    assert post(signed_in(reporter), ROTATIONS, body)[0] == 403
    assert not RotationVersion.objects.exists()


def test_a_ladder_is_put_in_force_and_read_back(
    supervisor: User, agent: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor)
    urgent = client.get(LADDERS).json()[0]
    urgent["steps"][0]["wait_seconds"] = 120
    status, made = post(client, LADDERS, {**urgent, "reason": "主岗两分钟未接即呼备岗"})

    assert (status, made["version"], made["created_by"]) == (201, 1, supervisor.username)
    assert made["steps"][0] == {
        "target": "primary", "person": None, "wait_seconds": 120, "channels": ["voice"],
    }  # fmt: skip
    assert Event.objects.get(action="oncall.ladder_changed").opinion == "主岗两分钟未接即呼备岗"
    reader = signed_in(agent)
    assert reader.get(LADDERS).json()[0]["version"] == 1
    assert reader.get(f"{LADDERS}urgent/versions/1/").json() == made
    assert reader.get(f"{LADDERS}urgent/versions/").json()["results"] == [made]
    assert reader.get(f"{LADDERS}routine/versions/").json()["results"] == []
    assert reader.get(f"{LADDERS}never/versions/").status_code == 404


def test_a_ladder_that_somebody_changed_or_that_forgets_somebody_is_refused(
    sysadmin: User, agent: User, signed_in: SignIn
) -> None:
    client = signed_in(sysadmin)
    urgent = {**client.get(LADDERS).json()[0], "reason": "系统管理员调整主岗等待时间"}
    step = urgent["steps"][0]
    for change, place in (
        ({"rounds": 1}, "steps"),
        ({"steps": []}, "steps"),
        ({"steps": [{**step, "wait_seconds": 0}]}, "steps.0.wait_seconds"),
        ({"steps": [step, {**step, "person": agent.pk}]}, "steps.1.person"),
        ({"steps": [{**step, "channels": ["pigeon"]}]}, "steps.0.channels.0"),
        ({"reason": ""}, "reason"),
    ):
        status, refused = post(client, LADDERS, {**urgent, **change})
        assert (status, set(refused["error"]["fields"])) == (400, {place})
    assert post(client, LADDERS, urgent)[0] == 201
    assert post(client, LADDERS, urgent)[0] == 409
    assert post(signed_in(agent), LADDERS, urgent)[0] == 403
    assert LadderVersion.objects.count() == 1
