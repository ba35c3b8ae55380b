"""Messages are written with their cause and delivered afterwards, whatever the mail server does."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.delivery import LEASE, MAX_TRIES, deliver_due
from notifications.models import Message
from notifications.services import Letter, notify, send_again
from workflow.errors import NotAllowed

pytestmark = pytest.mark.django_db
Tell = Callable[..., None]


@pytest.fixture
def tell(agent: User, now: datetime) -> Tell:
    """Tell the agent something: ``tell()``, ``tell(key="another")``."""

    def tell_people(*people: User, key: str = "defect:1:accepted", **more: Any) -> None:
        with transaction.atomic():
            notify(
                recipients=people or [agent],
                key=key,
                write=lambda person: Letter(f"{_('Defects')}\nfor {person.name}", _("Messages")),
                url="/defects/QX-20261123-0001/",
                now=now,
                **more,
            )

    return tell_people


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | None], None]:
    """``failing(error)``: from now on the mail server answers so; None: it is well again."""

    def fail(error: BaseException | None) -> None:
        def answer(self: EmailBackend, messages: Any) -> int:
            raise error or AssertionError

        monkeypatch.undo()
        if error is not None:
            monkeypatch.setattr(EmailBackend, "send_messages", answer)

    return fail


def email() -> Message:
    """The one e-mail."""
    return Message.objects.get(channel="email")


def test_one_message_in_the_desk_at_once_and_one_e_mail_to_send(tell: Tell, now: datetime) -> None:
    tell()

    shown = Message.objects.get(channel="in_app")
    assert (shown.state, shown.sent_at) == ("sent", now)
    assert (email().state, email().next_try_at) == ("queued", now)
    assert not mail.outbox


def test_everybody_is_written_to_in_the_own_language(
    tell: Tell, agent: User, support: User
) -> None:
    User.objects.filter(pk=agent.pk).update(language="en")
    tell(User.objects.get(pk=agent.pk), support)

    english = Message.objects.get(channel="email", recipient=agent)
    chinese = Message.objects.get(channel="email", recipient=support)
    assert english.subject == "Defects for 周静"
    assert chinese.subject == "系统缺陷 for 李娜"


def test_the_same_cause_is_told_once(tell: Tell) -> None:
    tell()
    tell()
    tell(key="defect:1:replied")

    assert Message.objects.filter(channel="email").count() == 2


def test_who_has_no_address_or_has_left_gets_no_e_mail(
    tell: Tell, agent: User, support: User
) -> None:
    User.objects.filter(pk=agent.pk).update(email="")
    User.objects.filter(pk=support.pk).update(is_active=False)
    tell(*User.objects.filter(pk__in=[agent.pk, support.pk]))

    assert [message.channel for message in Message.objects.all()] == ["in_app"]


def test_a_cause_that_fails_takes_its_messages_along(tell: Tell) -> None:
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_outside_a_transaction(agent: User, now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        notify(recipients=[agent], key="k", write=lambda _person: Letter("a", "b"), now=now)

    assert not Message.objects.exists()


def test_a_delivered_e_mail_leads_to_the_record_and_is_not_sent_twice(
    tell: Tell, now: datetime
) -> None:
    tell(is_drill=True)

    assert deliver_due(now) == 1
    assert deliver_due(now + timedelta(days=1)) == 0
    (sent,) = mail.outbox
    assert "http://testserver/defects/QX-20261123-0001/" in sent.body
    assert sent.subject.startswith("【演练】")
    assert (email().state, email().sent_at) == ("sent", now)


def test_a_mail_server_that_is_down_is_tried_again_with_growing_pauses(
    tell: Tell, failing: Any, now: datetime
) -> None:
    tell()
    failing(ConnectionRefusedError("no mail server"))
    pauses = []
    for _try in range(4):
        deliver_due(now)
        due = email().next_try_at
        assert due is not None
        pauses.append(due - now)
        now = due
    assert pauses == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert "no mail server" in email().last_error

    failing(None)
    deliver_due(now)
    assert (email().state, len(mail.outbox)) == ("sent", 1)


def test_after_many_tries_it_is_given_up_and_can_be_sent_again(
    tell: Tell, failing: Any, now: datetime, sysadmin: User, agent: User
) -> None:
    tell()
    failing(TimeoutError("silent"))
    for _try in range(MAX_TRIES):
        deliver_due(email().next_try_at or now)
    assert (email().state, email().next_try_at, email().tries) == ("failed", None, MAX_TRIES)

    failing(None)
    with pytest.raises(NotAllowed):
        send_again(email(), actor=agent, now=now)
    send_again(email(), actor=sysadmin, now=now)
    deliver_due(now)
    assert email().state == "sent"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.invalid": (550, b"unknown")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@example.invalid": (451, b"later")}), "queued"),
        (smtplib.SMTPDataError(554, b"refused"), "failed"),
        (smtplib.SMTPAuthenticationError(535, b"password"), "queued"),
        (ValueError("a newline in a header"), "failed"),
    ],
)
def test_only_what_trying_can_mend_is_tried_again(
    tell: Tell, failing: Any, now: datetime, error: Exception, state: str
) -> None:
    tell()
    failing(error)
    deliver_due(now)

    assert email().state == state


def test_one_bad_address_does_not_hold_up_the_others(
    tell: Tell, agent: User, support: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailBackend.send_messages

    def answer(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [agent.email]:
            raise smtplib.SMTPRecipientsRefused({agent.email: (550, b"unknown")})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", answer)
    tell(agent, support)
    deliver_due(now)

    states = Message.objects.filter(channel="email").values_list("recipient__username", "state")
    assert dict(states) == {"zhoujing": "failed", "lina": "sent"}


def test_a_worker_that_dies_while_sending_is_followed_by_another_after_the_lease(
    tell: Tell, failing: Any, now: datetime
) -> None:
    tell()
    failing(SystemExit("killed"))
    with pytest.raises(SystemExit):
        deliver_due(now)

    failing(None)
    assert deliver_due(now + LEASE - timedelta(seconds=1)) == 0
    assert deliver_due(now + LEASE) == 1
    assert email().state == "sent"
