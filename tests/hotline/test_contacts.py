"""The list of contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hotline.models import Contact


@pytest.fixture
def three_calls(at_console: Any, call: Any) -> None:
    """One solved, one referred, one wrong number."""
    at_console(call())
    at_console(
        call(
            result="out_of_scope", caller="", unit="", caller_name="好运来超市",
            caller_phone="13900139000", referral="请联系收单机构客服",
        )
    )  # fmt: skip
    at_console(call(result="invalid", question="拨错号码"))


def rows(page: Any) -> list[str]:
    """Results on the page."""
    return [each.result for each in page.context["page"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"solved", "out_of_scope", "invalid"}),
        ("q=0002", {"out_of_scope"}),
        ("q=13900139000", {"out_of_scope"}),
        ("q=超市", {"out_of_scope"}),
        ("q=zhangli", {"solved", "invalid"}),
        ("result=solved", {"solved"}),
        ("after_hours=True", set()),
        ("since=2026-11-23&until=2026-11-23", {"solved", "out_of_scope", "invalid"}),
        ("since=2026-11-24", set()),
        ("since=2026-11-24&until=2026-11-23", set()),
    ],
)
def test_it_is_narrowed(
    query: str,
    expected: set[str],
    three_calls: None,
    agent: User,
    signed_in: Callable[[User], Client],
) -> None:
    page = signed_in(agent).get(f"{reverse('hotline:contact_list')}?{query}")
    assert set(rows(page)) == expected


def test_phones_are_masked_in_the_list(
    three_calls: None, agent: User, signed_in: Callable[[User], Client]
) -> None:
    text = signed_in(agent).get(reverse("hotline:contact_list")).content.decode()
    assert "139****9000" in text
    assert "13900139000" not in text


def test_pages_follow_one_another_without_loss(
    at_console: Any, call: Any, agent: User, signed_in: Callable[[User], Client]
) -> None:
    for number in range(45):
        at_console(call(question=f"第{number}个问题怎么处理"))
    client, seen, query = signed_in(agent), [], ""
    while True:
        page = client.get(reverse("hotline:contact_list") + query).context["page"]
        seen += [each.number for each in page]
        if not page.next:
            break
        query = f"?after={page.next}"
    assert seen == [f"LX-20261123-{number:04d}" for number in range(45, 0, -1)]
    back = client.get(f"{reverse('hotline:contact_list')}?before={page.prev}").context["page"]
    assert [each.number for each in back] == seen[20:40]
    assert page.total == 45


def test_the_number_of_queries_does_not_grow(
    at_console: Any,
    call: Any,
    agent: User,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        at_console(call(question=f"第{number}个问题怎么处理"))
    client = signed_in(agent)
    with django_assert_max_num_queries(12):
        client.get(reverse("hotline:contact_list"))


@pytest.mark.parametrize("role", ["reporter", "monitor", "superior", "auditor"])
def test_it_is_the_desks_own(
    role: str,
    three_calls: None,
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    client = signed_in(request.getfixturevalue(role))
    number = Contact.objects.first().number  # type: ignore[union-attr]
    assert client.get(reverse("hotline:contact_list")).status_code == 403
    assert client.get(reverse("hotline:contact", args=[number])).status_code == 403


def test_one_contact_links_its_record(
    three_calls: None, agent: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(agent).get(reverse("hotline:contact", args=["LX-20261123-0001"]))
    assert reverse("tickets:consultation", args=["ZX-20261123-0001"]) in page.content.decode()


def test_an_unknown_contact_is_404(agent: User, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(agent).get(reverse("hotline:contact", args=["LX-20261123-9999"]))
    assert answer.status_code == 404
