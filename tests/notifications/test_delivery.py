"""The engine "messages": queued e-mails reach the mail server (I08)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import User
from engine import registry
from notifications import delivery
from notifications.models import Message
from notifications.services import Letter, notify

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Crash(BaseException):
    """The worker dies."""


@pytest.fixture
def queued(agent: User, now: datetime) -> Message:
    """An e-mail that is due."""
    agent.language = "en"
    agent.save()
    notify(
        recipients=[agent],
        key="key",
        write=lambda _person: Letter("An incident", "Please look."),
        url="/incidents/GZ-20261123-0001/",
        now=now,
        urgent=True,
    )
    found: Message = Message.objects.get(channel=Message.Channel.EMAIL)
    return found


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the mail server fail with these errors, one per letter, and then work."""
    errors: list[BaseException] = []
    send = EmailMessage.send

    def failing(letter: EmailMessage, *args: Any, **kwargs: Any) -> int:
        if errors:
            raise errors.pop(0)
        return send(letter, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", failing)
    return lambda *given: errors.extend(given)


def run(now: datetime) -> int:
    """What the worker does."""
    return registry.run(delivery.ENGINE, now)


def test_what_is_due_is_sent_once(queued: Message, now: datetime) -> None:
    run(now)
    run(now + timedelta(days=1))

    [letter] = mail.outbox
    queued.refresh_from_db()
    assert (letter.to, letter.subject) == ([queued.recipient.email], "An incident")
    assert (queued.state, queued.sent_at, queued.next_try_at) == ("sent", now, None)


def test_the_letter_leads_to_the_record(queued: Message, now: datetime) -> None:
    run(now)

    [letter] = mail.outbox
    assert "Please look." in letter.body
    assert "http://testserver/incidents/GZ-20261123-0001/" in letter.body
    assert letter.extra_headers["X-Priority"] == "1"


def test_every_try_is_the_same_letter(queued: Message, now: datetime) -> None:
    run(now)
    Message.objects.filter(pk=queued.pk).update(state="queued", next_try_at=now)
    run(now)

    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second


def test_what_is_not_due_waits(queued: Message, now: datetime) -> None:
    Message.objects.filter(pk=queued.pk).update(next_try_at=now + SECOND)
    assert run(now) == 0

    assert run(now + SECOND) == 1


def test_a_server_that_is_down_is_tried_again_with_growing_pauses(
    queued: Message, now: datetime, server: Callable[..., None]
) -> None:
    server(ConnectionRefusedError("no"), TimeoutError(), smtplib.SMTPServerDisconnected("bye"))
    for seconds, tries in ((0, 1), (29, 1), (30, 2), (89, 2), (90, 3), (209, 3), (210, 4)):
        run(now + seconds * SECOND)
        queued.refresh_from_db()
        assert queued.tries == tries

    assert queued.state == Message.State.SENT
    assert queued.last_error == ""
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}),
        smtplib.SMTPSenderRefused(553, b"not you", "a@b"),
        smtplib.SMTPDataError(554, b"no"),
        ValueError("header"),
    ],
)
def test_a_permanent_failure_is_not_tried_again(
    queued: Message, now: datetime, server: Callable[..., None], error: Exception
) -> None:
    server(error)
    run(now)
    run(now + timedelta(days=1))

    queued.refresh_from_db()
    assert (queued.state, queued.tries, queued.next_try_at) == ("failed", 1, None)
    assert type(error).__name__ in queued.last_error
    assert mail.outbox == []


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@b": (450, b"greylisted")}),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPDataError(451, b"later"),
        OSError("disk full"),
    ],
)
def test_a_failure_that_may_pass_is_tried_again(
    queued: Message, now: datetime, server: Callable[..., None], error: Exception
) -> None:
    server(error)
    run(now)
    run(now + 30 * SECOND)

    queued.refresh_from_db()
    assert queued.state == Message.State.SENT


def test_after_many_tries_it_is_given_up(
    queued: Message, now: datetime, server: Callable[..., None]
) -> None:
    server(*[TimeoutError()] * 50)
    for hours in range(30):
        run(now + timedelta(hours=hours))

    queued.refresh_from_db()
    assert (queued.state, queued.tries) == ("failed", delivery.MAX_TRIES)


def test_one_broken_letter_does_not_hold_up_the_others(
    queued: Message, tech: User, now: datetime, server: Callable[..., None]
) -> None:
    notify(recipients=[tech], key="k2", write=lambda _person: Letter("Second", ""), now=now)
    server(ValueError("header"))
    run(now)

    assert [letter.subject for letter in mail.outbox] == ["Second"]


def test_a_worker_that_died_is_followed_by_another_after_the_lease(
    queued: Message, now: datetime, server: Callable[..., None]
) -> None:
    server(Crash())
    with pytest.raises(Crash):
        run(now)
    run(now + 59 * SECOND)
    assert mail.outbox == []
    run(now + 60 * SECOND)

    queued.refresh_from_db()
    assert (queued.state, queued.tries) == ("sent", 2)


def test_a_letter_that_kills_every_worker_is_given_up(
    queued: Message, now: datetime, server: Callable[..., None]
) -> None:
    Message.objects.filter(pk=queued.pk).update(tries=delivery.MAX_TRIES - 1)
    server(Crash(), TimeoutError())
    with pytest.raises(Crash):
        run(now)
    run(now + 60 * SECOND)

    queued.refresh_from_db()
    assert queued.state == Message.State.FAILED


def test_a_late_finisher_changes_nothing(
    queued: Message, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = now + delivery.LEASE * 2

    def slow(_letter: EmailMessage) -> int:
        Message.objects.filter(pk=queued.pk).update(next_try_at=other)
        raise ValueError("late")

    monkeypatch.setattr(EmailMessage, "send", slow)
    run(now)

    queued.refresh_from_db()
    assert (queued.state, queued.next_try_at) == ("queued", other)


def test_waiting_is_capped() -> None:
    waits = [delivery.wait_before(tries).total_seconds() for tries in range(1, 40)]

    assert waits[:3] == [30, 60, 120]
    assert max(waits) == 3600
    assert waits == sorted(waits)
