"""The list: whose rows, which filters, how many queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.tickets.journey import Journey

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def rows(client: Client, **query: Any) -> list[str]:
    """Titles on the page."""
    page = client.get("/defects/", query)
    assert page.status_code == 200
    return [row.title for row in page.context["page"]]


def test_everybody_sees_the_own_scope(
    journey: Journey, signed_in: SignIn, teammate: User, outsider: User, monitor: User,
    sysadmin: User,
) -> None:  # fmt: skip
    journey.submitted(title="沈阳的缺陷")
    assert rows(signed_in(journey.cast.support)) == ["沈阳的缺陷"]
    assert rows(signed_in(teammate)) == ["沈阳的缺陷"]
    for person in (outsider, journey.cast.superior, monitor):
        client = signed_in(person)
        page = client.get("/defects/")
        assert page.context["page"].total == 0
        assert "沈阳的缺陷" not in page.content.decode()
        assert rows(client, q="沈阳") == []
        assert rows(client, q="0001") == []
    assert signed_in(sysadmin).get("/defects/").status_code == 403


def test_an_outsider_gets_404_everywhere(
    journey: Journey, signed_in: SignIn, outsider: User
) -> None:
    defect = journey.submitted()
    client = signed_in(outsider)
    for path in ("", "receipt/", "do/accept/", "do/withdraw/", "do/attach/"):
        assert client.get(f"/defects/{defect.key}/{path}").status_code == 404
    assert client.post(f"/defects/{defect.key}/do/withdraw/", {"opinion": "x"}).status_code == 404
    assert client.get(f"/defects/draft-{defect.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "0002"}, ["乙"]), ({"q": "qx-20261123-0001"}, ["甲"]), ({"q": "甲"}, ["甲"]),
        ({"q": "zhangli"}, ["乙", "甲"]), ({"q": "zl"}, ["乙", "甲"]), ({"q": "０００２"}, ["乙"]),
        ({"q": "%"}, []), ({"q": "没有"}, []), ({"state": "submitted"}, ["乙"]),
        ({"state": "triaging"}, ["甲"]), ({"state": "open"}, ["乙", "甲"]),
        ({"state": "nonsense"}, ["乙", "甲"]), ({"mine": "on"}, ["乙", "甲"]),
        ({"report": "due"}, []), ({"unit": "999999"}, ["乙", "甲"]),
    ],
)  # fmt: skip
def test_filters(
    journey: Journey, signed_in: SignIn, query: dict[str, str], found: list[str]
) -> None:
    journey.triaging(journey.submitted(title="甲"))
    journey.submitted(title="乙")
    assert rows(signed_in(journey.cast.support), **query) == found


def test_a_unit_holds_its_branches(journey: Journey, signed_in: SignIn, branch: Any) -> None:
    journey.submitted(title="甲")
    client = signed_in(journey.cast.support)
    assert rows(client, unit=branch.pk) == ["甲"]
    assert rows(client, unit=journey.cast.tech.organisation.pk) == [
        "甲"
    ]  # not a bank unit: ignored


def test_the_superior_finds_what_waits_for_him(journey: Journey, signed_in: SignIn) -> None:
    journey.report_upward(journey.pending_signoff())
    journey.acknowledge(journey.report_upward(journey.pending_signoff()))
    client = signed_in(journey.cast.superior)
    assert len(rows(client)) == 2
    assert len(rows(client, report="sent")) == 1


def test_the_number_of_queries_does_not_grow(journey: Journey, signed_in: SignIn) -> None:
    client = signed_in(journey.cast.support)
    client.get("/defects/")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/defects/").status_code == 200
        return len(captured)

    journey.triaging()
    few = queries()
    for _each in range(25):
        journey.submitted()
    assert queries() == few
    assert few <= 15


def test_pages_by_key_show_every_row_once(journey: Journey, signed_in: SignIn) -> None:
    titles = [f"第{n}条" for n in range(45)]
    for title in titles:
        journey.submitted(title=title)
    client = signed_in(journey.cast.support)
    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/defects/", {"after": after}).context["page"]
        seen += [row.title for row in page]
        after = page.next
        if not after:
            break
    assert seen == titles[::-1]
