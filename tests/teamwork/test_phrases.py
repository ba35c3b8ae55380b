"""Canned phrases: kept by people, offered beside the field, still held to the rules of texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from teamwork.models import Phrase
from tests.tickets.journey import Journey

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TEXT = "请补充出错时间和终端号。"


def keep(client: Client, **changes: object) -> int:
    """Post the form."""
    form = {"kind": "return", "text": TEXT, **changes}
    return client.post("/phrases/", form).status_code


def test_ones_own_and_the_shared(support: User, tech: User, agent: User, signed_in: SignIn) -> None:
    assert keep(signed_in(support), shared="1") == 302
    assert keep(signed_in(tech), text="请附上应用日志片段。") == 302
    seen = {
        person.username: [
            row["phrase"].text for row in signed_in(person).get("/phrases/").context["rows"]
        ]
        for person in (tech, agent)
    }
    assert seen == {"zhangwei": [TEXT, "请附上应用日志片段。"], "zhoujing": [TEXT]}
    offer = signed_in(tech).get("/phrases/offer/?kind=return&for=id_opinion").content.decode()
    assert offer.index("应用日志") < offer.index("终端号")
    assert 'data-for="id_opinion"' in offer
    assert (
        TEXT
        not in signed_in(tech).get("/phrases/offer/?kind=reply&for=id_opinion").content.decode()
    )
    assert Event.objects.filter(action="teamwork.phrase_kept").count() == 2


def test_what_is_no_phrase(support: User, signed_in: SignIn) -> None:
    client = signed_in(support)
    assert keep(client, text="同上") == 422
    assert keep(client, text="") == 422
    assert keep(client, kind="poem") == 422
    assert keep(client) == 302
    assert keep(client) == 422


def test_who_shares_and_who_keeps(agent: User, reporter: User, signed_in: SignIn) -> None:
    assert keep(signed_in(agent), shared="1") == 302  # the box is not there: kept for oneself
    assert Phrase.objects.get().owner == agent
    assert keep(signed_in(reporter)) == 403
    assert signed_in(reporter).get("/phrases/").status_code == 403


def test_who_removes(support: User, supervisor: User, agent: User, signed_in: SignIn) -> None:
    keep(signed_in(support), shared="1")
    keep(signed_in(agent), text="自己的常用语一句")
    shared, own = Phrase.objects.get(owner=None), Phrase.objects.get(owner=agent)
    assert signed_in(agent).post(f"/phrases/{shared.pk}/remove/").status_code == 403
    assert signed_in(support).post(f"/phrases/{own.pk}/remove/").status_code == 404
    assert signed_in(agent).post(f"/phrases/{own.pk}/remove/").status_code == 302
    assert signed_in(supervisor).post(f"/phrases/{shared.pk}/remove/").status_code == 302
    assert not Phrase.objects.exists()


def test_a_field_name_from_outside_is_not_echoed(support: User, signed_in: SignIn) -> None:
    keep(signed_in(support))
    offer = signed_in(support).get('/phrases/offer/?kind=return&for="><b>').content.decode()
    assert "<b>" not in offer


def test_offered_beside_the_opinion_and_the_rule_still_holds(
    journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.submitted()
    client, url = signed_in(journey.cast.support), f"/defects/{defect.key}/do/return/"
    page = client.get(url).content.decode()
    assert "/phrases/offer/?kind=return&amp;for=id_opinion" in page
    assert page.count("data-phrase=") == 3
    wrong = client.post(url, {"version": defect.row_version, "opinion": "无"})
    assert wrong.status_code == 422


def test_over_the_api(support: User, agent: User, signed_in: SignIn) -> None:
    client, url = signed_in(support), "/api/v1/phrases/"
    made = client.post(url, {"kind": "note", "text": TEXT, "shared": True}, "application/json")
    assert made.status_code == 201
    assert [row["shared"] for row in signed_in(agent).get(url).json()] == [True]
    assert client.post(url, {"kind": "note", "text": "略"}, "application/json").status_code == 400
    one = f"{url}{made.json()['id']}/"
    assert signed_in(agent).delete(one).status_code == 403
    assert client.delete(one).status_code == 204
