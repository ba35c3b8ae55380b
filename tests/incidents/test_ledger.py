"""The deadline ledger of an incident: reached from its room, seen by whoever sees the incident."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from sla.models import Commitment
from sla.proof import differences
from sla.services import fire_due
from tests.incidents.conftest import Story, after
from tests.servicedesk.test_pages import ELSEWHERE, INLINE, LOADED

Begin = Callable[..., Story]
SignIn = Callable[[User], Client]


def test_from_the_countdown_to_the_reason(story: Begin, signed_in: SignIn) -> None:
    told = story()
    client = signed_in(told.people["tech"])
    address = f"/clocks/{told.incident.number}/"
    assert address not in client.get(f"/incidents/{told.incident.number}/").content.decode()
    told.declare()

    assert address in client.get(f"/incidents/{told.incident.number}/").content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_stand_alone_in_both_languages(
    story: Begin, signed_in: SignIn, language: str
) -> None:
    User.objects.update(language=language)
    told = story().declare()
    client = signed_in(told.people["tech"])
    for page in (
        client.get(f"/clocks/{told.incident.number}/"),
        client.post(f"/clocks/{told.incident.number}/export/", {"form": "print"}),
    ):
        words = page.content.decode()
        assert page.status_code == 200
        assert [each for each in LOADED.findall(words) if ELSEWHERE.match(each)] == []
        assert INLINE.search(words) is None


def test_who_stopped_the_clock_stands_in_it(story: Begin, signed_in: SignIn) -> None:
    """An act's person is noted with the clock it moves."""
    told = story().declare()
    tech = told.people["tech"]
    started = Event.objects.filter(action="sla.clock_started")

    assert {event.actor_key for event in started} == {tech.audit_key}
    assert tech.name in signed_in(tech).get(f"/clocks/{told.incident.number}/").content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("reporter", 200), ("outsider", 404), ("superior", 200), ("manager", 200), ("auditor", 403)],
)
def test_who_reads_it(
    name: str, status: int, story: Begin, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    told = story().declare()
    client = signed_in(request.getfixturevalue(name))

    assert client.get(f"/clocks/{told.incident.number}/").status_code == status
    answer = client.post(f"/clocks/{told.incident.number}/export/", {"form": "csv"})
    assert answer.status_code == status


def test_the_clocks_of_an_incident_are_proved(story: Begin) -> None:
    told = story().declare()
    fire_due(after(13))

    assert differences(list(Commitment.objects.all()), after(13)) == []
    assert told.incident.number == Commitment.objects.get().subject
