"""Somebody says that an S1 alert was seen: from the room, from home, over the API (section 2.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from engine import registry
from incidents import services
from oncall.models import Page
from sla.models import Alert, Clock
from sla.services import fire_due
from tests.incidents.conftest import Story, after
from workflow.errors import WrongState

Begin = Callable[..., Story]
SignIn = Callable[[User], Client]


@pytest.fixture
def waiting(story: Begin) -> Story:
    """Half of the fix time is gone, and the alert was repeated once."""
    told = story().acknowledge().declare()
    fire_due(after(6))
    registry.run("alerts", after(6.25))
    return told


def url(told: Story) -> str:
    return f"/incidents/{told.incident.number}/do/see_alert/"


def test_seen_in_the_room_it_is_not_repeated_and_who_and_when_is_on_record(
    waiting: Story, signed_in: SignIn
) -> None:
    User.objects.update(language="en")
    browser = signed_in(waiting.people["tech2"])
    room = browser.get(f"/incidents/{waiting.incident.number}/").content.decode()
    assert "nobody has said yet that this alert was seen" in room
    assert "repeated 1 time" in room
    browser.post(url(waiting))

    alert = Alert.objects.get()
    assert alert.acknowledged_by == waiting.people["tech2"]
    assert alert.acknowledged_at is not None
    assert registry.run("alerts", after(8.9)) == 0
    acts = Event.objects.filter(action__in=["sla.alert_acknowledged", "incident.see_alert"])
    assert {event.actor_key for event in acts} == {waiting.people["tech2"].audit_key}
    assert acts.get(action="incident.see_alert").data == {
        "clock": "fix", "code": "half", "repeats": 1,
    }  # fmt: skip
    room = browser.get(f"/incidents/{waiting.incident.number}/").content.decode()
    assert f"seen by {waiting.people['tech2'].name}" in room
    assert "nobody has said yet" not in room


def test_it_is_said_from_the_home_page_with_one_press(waiting: Story, signed_in: SignIn) -> None:
    browser = signed_in(waiting.people["support"])
    home = browser.get("/").content.decode()
    mark = f"{Alert.objects.get().pk}-fix1-half"
    assert f'action="{url(waiting)}"' in home
    assert f'value="{mark}"' in home

    browser.post(url(waiting), {"alert": mark})
    assert Alert.objects.get().acknowledged_by == waiting.people["support"]
    assert url(waiting) not in browser.get("/").content.decode()


def test_nothing_else_stops(waiting: Story) -> None:
    """Only the call that repeats the alert ends; clocks and other calls go on."""
    fire_due(after(12, 1))
    registry.run("alerts", after(12.3))
    before = list(Clock.objects.order_by("pk").values_list("state", "next_milestone_at"))
    version = waiting.fresh().row_version
    services.see_alert(waiting.incident, actor=waiting.people["tech"], now=after(12.4))

    states = dict(Page.objects.values_list("key", "state"))
    number = waiting.incident.number
    assert states[f"incident:{number}:alert"] == "closed"
    assert states[f"incident:{number}:fix_breach"] == "open"
    assert states[f"incident:{number}:plan_duty"] == "open"
    assert list(Clock.objects.order_by("pk").values_list("state", "next_milestone_at")) == before
    assert waiting.fresh().row_version == version


def test_the_next_milestone_alerts_anew_and_its_call_rings_again(waiting: Story) -> None:
    services.see_alert(waiting.incident, actor=waiting.people["tech"], now=after(6.3))
    fire_due(after(9))
    registry.run("alerts", after(9.25))

    assert Alert.objects.filter(ended_at=None).count() == 1
    assert Page.objects.filter(key__endswith=":alert", state="open").count() == 1


def test_a_further_milestone_was_not_seen_with_the_old_one(
    waiting: Story, signed_in: SignIn
) -> None:
    mark = f"{Alert.objects.get().pk}-fix1-half"
    fire_due(after(9))
    answer = signed_in(waiting.people["tech"]).post(url(waiting), {"alert": mark})

    assert answer.status_code == 409
    assert Alert.objects.get().acknowledged_at is None


def test_twice_is_refused_in_words_and_noted(waiting: Story, signed_in: SignIn) -> None:
    services.see_alert(waiting.incident, actor=waiting.people["tech"], now=after(6.3))
    with pytest.raises(WrongState):
        services.see_alert(waiting.incident, actor=waiting.people["tech2"], now=after(6.4))

    assert Event.objects.get(action="incident.see_alert", outcome="refused").data == {
        "code": "no_alert"
    }
    assert Alert.objects.get().acknowledged_by == waiting.people["tech"]


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("superior", 403), ("outsider", 404)]
)
def test_it_is_the_word_of_those_who_work_on_it(
    waiting: Story, signed_in: SignIn, who: str, status: int
) -> None:
    browser = signed_in(waiting.people[who])

    assert browser.post(url(waiting)).status_code == status
    assert Alert.objects.get().acknowledged_at is None
    assert "see_alert" not in browser.get("/").content.decode()


def test_the_api_says_it_too(waiting: Story, signed_in: SignIn) -> None:
    address = f"/api/v1/incidents/{waiting.incident.number}/actions/see_alert/"
    answer = signed_in(waiting.people["tech"]).post(address, {}, content_type="application/json")

    assert answer.status_code == 200
    assert Alert.objects.get().acknowledged_by == waiting.people["tech"]
