"""E1 and E2: an incident is reported, somebody is called, somebody takes it over (R16)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents import services
from incidents.models import Incident
from oncall.models import Page
from oncall.services import pages
from operations.models import ManagedObject
from tests.incidents.conftest import T0, Story, after
from workflow.errors import InvalidInput, NotAllowed

Begin = Callable[..., Story]


def test_a_report_gets_a_number_and_calls_the_on_call_person(story: Begin) -> None:
    incident = story().incident

    assert incident.number.startswith("GZ-20261123-")
    assert incident.state == "reported"
    assert incident.holder_role == "oncall"
    page = Page.objects.get()
    assert page.key == f"incident:{incident.number}:reported"
    assert not page.is_drill
    for text in page.texts.values():
        assert incident.number in text
        assert incident.managed_object.name in text
    assert set(page.texts) == {"zh-hans", "en"}
    event = Event.objects.get(action="incident.report")
    assert event.public


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first_contact_at": after(0, 1)}, "first_contact_at"),
        ({"occurred_at": after(0, 1)}, "occurred_at"),
        ({"title": "  "}, "title"),
        ({"phenomenon": "\u200b"}, "phenomenon"),
    ],
)
def test_times_and_words_must_make_sense(
    story: Begin, given: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        story(**given)

    assert list(refusal.value.fields) == [field]
    assert not Incident.objects.exists()
    assert not Page.objects.exists()


def test_bank_users_report_over_the_hotline(story: Begin, people: dict[str, User]) -> None:
    with pytest.raises(NotAllowed):
        story(actor=people["reporter"])


def test_the_same_token_gives_the_same_incident(story: Begin) -> None:
    token = uuid.uuid4()
    first, second = story(token=token).incident, story(token=token).incident

    assert first.pk == second.pk
    assert Page.objects.count() == 1


def test_answering_the_call_takes_the_incident_over(story: Begin, people: dict[str, User]) -> None:
    told = story()
    pages.acknowledge(page=Page.objects.get(), person=people["tech"], via="phone", now=after(0, 40))

    incident = told.fresh()
    assert incident.state == "assessing"
    assert incident.acknowledged_by == people["tech"]
    assert incident.acknowledged_at == after(0, 40)
    assert incident.holder == people["tech"]


def test_the_button_stops_the_ringing(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story()
    response = signed_in(people["tech"]).post(
        f"/incidents/{told.incident.number}/do/acknowledge/",
        {"version": told.incident.row_version},
    )

    assert response.status_code == 302
    assert told.fresh().state == "assessing"
    page = Page.objects.get()
    assert page.state == "acknowledged"
    assert page.acknowledged_by == people["tech"]
    assert Event.objects.filter(action="incident.acknowledge").count() == 1


def test_the_reporter_does_not_stop_the_ringing(story: Begin, people: dict[str, User]) -> None:
    told = story(actor=people["tech"], reporter=people["tech"])
    with pytest.raises(NotAllowed):
        pages.acknowledge(page=Page.objects.get(), person=people["tech"], via="phone", now=after(1))

    assert Page.objects.get().state == "open"
    assert told.fresh().state == "reported"


def test_answering_after_the_declaration_changes_nothing_in_the_incident(
    story: Begin, people: dict[str, User]
) -> None:
    told = story().declare(who="agent")
    version = told.incident.row_version
    pages.acknowledge(page=Page.objects.get(), person=people["tech"], via="phone", now=after(0, 9))

    assert told.fresh().row_version == version
    assert Page.objects.get().state == "acknowledged"


def test_a_false_alarm_stops_the_ringing(story: Begin, people: dict[str, User]) -> None:
    told = story()
    services.dismiss(
        told.incident,
        actor=people["supervisor"],
        now=after(0, 300),
        evidence="电话核实前置机在线,交易正常",
    )

    assert told.fresh().state == "false_alarm"
    assert told.incident.holder_role == ""
    assert Page.objects.get().state == "closed"


def test_the_page_of_a_new_incident(
    people: dict[str, User], system: ManagedObject, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(people["agent"])
    token = uuid.uuid4()
    form = {
        "token": token,
        "title": "收单业务全部中断",
        "managed_object": system.pk,
        "phenomenon": "全省 POS 交易失败",
        "unit": people["reporter"].organisation.pk,
        "reporter_name": "张丽",
        "reporter_phone": "13800138000",
    }
    assert browser.get("/incidents/new/").status_code == 200
    first = browser.post("/incidents/new/", form)
    again = browser.post("/incidents/new/", form)

    incident = Incident.objects.get()
    assert first.url == again.url == f"/incidents/{incident.number}/"  # type: ignore[attr-defined]
    assert browser.post("/incidents/new/", {**form, "title": ""}).status_code == 422
    assert signed_in(people["reporter"]).get("/incidents/new/").status_code == 403


def test_a_second_report_of_a_demonstration_day_is_not_real(story: Begin) -> None:
    story(is_demo=True)
    story(is_drill=True, hour_seconds=5)
    real = story(now=T0 + timedelta(minutes=1)).incident

    assert list(Incident.objects.real()) == [real]
