"""The signed link: GET shows, POST takes, once, for one person and one page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from audit.models import Event
from oncall import handlers, links
from oncall.models import Page
from oncall.services.pages import acknowledge, close_pages
from tests.oncall.conftest import begin, run
from workflow.decisions import deny_person
from workflow.errors import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exchange")]


@pytest.fixture
def link(alarm: Page, tech: User, now: datetime) -> str:
    """The primary's link; a person may take what has called them."""
    run(now)
    return links.address(alarm, tech)


def test_looking_changes_nothing(link: str, alarm: Page, client: Client) -> None:
    response = client.get(link)

    alarm.refresh_from_db()
    assert response.status_code == 200
    assert "由我接报" in response.content.decode()
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert alarm.state == "open"


def test_posting_takes_it_without_a_log_in(
    link: str, alarm: Page, tech: User, client: Client
) -> None:
    response = client.post(link, follow=True)

    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by, alarm.acknowledged_via) == (
        "acknowledged", tech, "link",
    )  # fmt: skip
    assert "已记录" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_posting_twice_is_once(link: str, client: Client) -> None:
    client.post(link)
    assert client.post(link).status_code == 302

    assert Event.objects.filter(action="oncall.page_acknowledged").count() == 1


def test_who_is_second_reads_who_was_first(
    link: str, alarm: Page, tech2: User, client: Client, now: datetime
) -> None:
    acknowledge(page=alarm, person=tech2, via="browser", now=now)

    assert tech2.name in client.post(link, follow=True).content.decode()


def test_it_speaks_the_persons_language(link: str, alarm: Page, tech: User, client: Client) -> None:
    User.objects.filter(pk=tech.pk).update(language="en")
    response = client.get(link)

    assert "I take it" in response.content.decode()
    assert response.headers["Content-Language"] == "en"


@pytest.mark.parametrize("token", ["x", "WzEsMSwwXQ:1:2", "W10:1vN:%00"])
def test_a_forged_link_leads_nowhere(alarm: Page, client: Client, token: str) -> None:
    assert client.get(f"/take/{token}/").status_code == 404
    assert client.post(f"/take/{token}/").status_code == 404


def test_a_link_of_another_kind_leads_nowhere(alarm: Page, tech: User, client: Client) -> None:
    from django.core import signing

    token = signing.dumps([alarm.pk, tech.pk, 0], salt="another purpose")

    assert client.get(f"/take/{token}/").status_code == 404


def test_after_a_day_it_is_too_old(alarm: Page, tech: User, client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        link = links.address(alarm, tech)
    with time_machine.travel(now + timedelta(hours=24, seconds=2), tick=False):
        assert client.post(link).status_code == 404


def test_an_account_that_was_turned_off_has_no_links(
    link: str, alarm: Page, tech: User, client: Client
) -> None:
    User.objects.filter(pk=tech.pk).update(is_active=False)

    assert client.post(link).status_code == 404


def test_a_link_of_an_earlier_round_takes_nothing(link: str, alarm: Page, client: Client) -> None:
    Page.objects.filter(pk=alarm.pk).update(starts=[1])
    client.post(link)

    alarm.refresh_from_db()
    assert alarm.state == "open"


def test_a_page_that_is_over_says_so(link: str, alarm: Page, client: Client, now: datetime) -> None:
    close_pages(subject=alarm.subject, now=now)

    assert "已结束" in client.get(link).content.decode()


def test_a_refusal_is_shown_and_the_page_goes_on_calling(
    link: str, alarm: Page, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_page: Page, _person: User, _now: datetime) -> None:
        raise NotAllowed(deny_person("four_eyes", "您是报告人"))

    monkeypatch.setattr(handlers, "_handlers", {"test": [refuse]})
    response = client.post(link)

    alarm.refresh_from_db()
    assert response.status_code == 403
    assert "您是报告人" in response.content.decode()
    assert alarm.state == "open"


def test_it_takes_every_page_of_the_record(
    link: str, alarm: Page, client: Client, now: datetime
) -> None:
    begin(now, key="test:GZ-20261123-0001:b")
    client.post(link)

    assert set(Page.objects.values_list("state", flat=True)) == {"acknowledged"}
