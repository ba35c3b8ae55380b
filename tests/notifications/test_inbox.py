"""The inbox, the bell, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notifications.models import Message
from notifications.services import Letter, notify

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def message(agent: User, now: datetime) -> Message:
    """News in the agent's inbox."""
    agent.language = "en"
    agent.save()
    return tell(agent, now, "first")


def tell(person: User, now: datetime, subject: str, **more: Any) -> Message:
    """One message in the desk."""
    given: dict[str, Any] = {"url": "/calendar/2026/", **more}
    notify(
        recipients=[person], key=subject, write=lambda _p: Letter(subject, "body"), now=now, **given
    )
    found: Message = Message.objects.get(channel=Message.Channel.IN_APP, subject=subject)
    return found


def test_news_is_shown_and_counted(message: Message, agent: User, signed_in: SignIn) -> None:
    browser = signed_in(agent)

    assert "first" in browser.get("/messages/").content.decode()
    assert browser.get("/messages/unread/").content.decode().startswith("1")


def test_opening_leads_to_the_record_and_marks_it_read(
    message: Message, agent: User, signed_in: SignIn
) -> None:
    browser = signed_in(agent)
    response = browser.get(f"/messages/{message.pk}/")

    assert response.headers["location"] == "/calendar/2026/"
    assert browser.get("/messages/unread/").content == b""


def test_the_time_of_the_first_reading_stays(
    message: Message, agent: User, now: datetime, signed_in: SignIn
) -> None:
    Message.objects.filter(pk=message.pk).update(read_at=now)
    signed_in(agent).get(f"/messages/{message.pk}/")

    message.refresh_from_db()
    assert message.read_at == now


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/"])
def test_a_message_without_a_place_in_the_desk_leads_to_the_inbox(
    agent: User, now: datetime, signed_in: SignIn, url: str
) -> None:
    message = tell(agent, now, "nowhere", url=url)

    response = signed_in(agent).get(f"/messages/{message.pk}/")
    assert response.headers["location"] == "/messages/"


def test_marking_one_read(message: Message, agent: User, signed_in: SignIn, now: datetime) -> None:
    other = tell(agent, now, "second")
    signed_in(agent).post(f"/messages/{message.pk}/read/")

    message.refresh_from_db()
    other.refresh_from_db()
    assert message.read_at is not None
    assert other.read_at is None


def test_marking_all_read_leaves_other_peoples_alone(
    message: Message, agent: User, tech: User, now: datetime, signed_in: SignIn
) -> None:
    foreign = tell(tech, now, "foreign")
    tell(agent, now, "second")
    signed_in(agent).post("/messages/read-all/")

    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert not Message.objects.inbox_of(agent).filter(read_at=None).exists()


def test_reading_needs_a_post(message: Message, agent: User, signed_in: SignIn) -> None:
    browser = signed_in(agent)

    assert browser.get(f"/messages/{message.pk}/read/").status_code == 405
    assert browser.get("/messages/read-all/").status_code == 405


@pytest.mark.parametrize("path", ["/messages/{}/", "/messages/{}/read/"])
def test_other_peoples_messages_do_not_exist(
    message: Message, tech: User, signed_in: SignIn, path: str
) -> None:
    browser = signed_in(tech)

    assert browser.get(path.format(message.pk)).status_code in (404, 405)
    assert browser.post(path.format(message.pk)).status_code in (404, 405)
    message.refresh_from_db()
    assert message.read_at is None
    assert "first" not in browser.get("/messages/").content.decode()


def test_the_copy_by_email_is_no_second_message(
    message: Message, agent: User, signed_in: SignIn
) -> None:
    copy = Message.objects.get(channel=Message.Channel.EMAIL)
    browser = signed_in(agent)

    assert browser.get("/messages/").content.decode().count(">first</a>") == 1
    assert browser.get(f"/messages/{copy.pk}/").status_code == 404


def test_only_the_unread_ones(
    message: Message, agent: User, now: datetime, signed_in: SignIn
) -> None:
    tell(agent, now, "second")
    Message.objects.filter(pk=message.pk).update(read_at=now)
    text = signed_in(agent).get("/messages/?show=unread").content.decode()

    assert ">second</a>" in text
    assert ">first</a>" not in text


def test_many_messages_come_in_pages(agent: User, now: datetime, signed_in: SignIn) -> None:
    for number in range(25):
        tell(agent, now + timedelta(seconds=number), f"news {number:02d}")
    browser = signed_in(agent)
    text = browser.get("/messages/").content.decode()

    assert "news 24" in text
    assert "news 05" in text
    assert "news 04" not in text
    assert browser.get("/messages/unread/").content.decode().startswith("25")


def test_the_bell_stops_counting_at_99(agent: User, now: datetime, signed_in: SignIn) -> None:
    Message.objects.bulk_create(
        Message(
            recipient=agent,
            channel=Message.Channel.IN_APP,
            dedupe_key=str(number),
            subject="x",
            created_at=now,
        )
        for number in range(120)
    )

    assert signed_in(agent).get("/messages/unread/").content.decode().startswith("99+")


def failed(person: User, now: datetime) -> Message:
    """An e-mail that was given up."""
    tell(person, now, "secret words")
    mail: Message = Message.objects.get(channel=Message.Channel.EMAIL)
    Message.objects.filter(pk=mail.pk).update(
        state="failed", next_try_at=None, tries=10, last_error="SMTPDataError: (554, b'no')"
    )
    return mail


def test_what_failed_is_visible_without_its_words(
    agent: User, sysadmin: User, now: datetime, signed_in: SignIn
) -> None:
    failed(agent, now)
    text = signed_in(sysadmin).get("/messages/undelivered/").content.decode()

    assert agent.name in text
    assert "SMTPDataError" in text
    assert "secret words" not in text


def test_what_failed_can_be_tried_again(
    agent: User, supervisor: User, now: datetime, signed_in: SignIn
) -> None:
    mail = failed(agent, now)
    response = signed_in(supervisor).post("/messages/undelivered/", {"message": mail.pk})

    mail.refresh_from_db()
    assert response.status_code == 302
    assert (mail.state, mail.tries) == ("queued", 0)
    assert mail.next_try_at is not None


def test_what_was_sent_is_not_sent_again(
    agent: User, supervisor: User, now: datetime, signed_in: SignIn
) -> None:
    mail = failed(agent, now)
    Message.objects.filter(pk=mail.pk).update(state="sent")
    response = signed_in(supervisor).post("/messages/undelivered/", {"message": mail.pk})

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("supervisor", 200), ("manager", 200), ("sysadmin", 200), ("agent", 403),
        ("reporter", 403), ("monitor", 403), ("secadmin", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_who_sees_what_failed(
    name: str, status: int, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert (
        signed_in(request.getfixturevalue(name)).get("/messages/undelivered/").status_code == status
    )
