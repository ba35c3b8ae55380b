"""Writing messages: to whom, in which language, how often (I08)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from notifications.models import Message
from notifications.services import Letter, notify

pytestmark = pytest.mark.django_db
EMAIL, IN_APP = Message.Channel.EMAIL, Message.Channel.IN_APP


def send(now: datetime, *people: User, **more: Any) -> None:
    """The same news to some people."""
    given: dict[str, Any] = {
        "key": "defect:QX-20261123-0001:accepted",
        "write": lambda person: Letter(f"news for {person.name}", "in detail"),
        "url": "/defects/QX-20261123-0001/",
    }
    notify(recipients=people, now=now, **{**given, **more})


def test_in_the_desk_at_once_and_by_email_in_the_queue(agent: User, now: datetime) -> None:
    send(now, agent)

    here, mail = Message.objects.order_by("-channel")
    assert (here.channel, here.state, here.sent_at, here.next_try_at) == (
        IN_APP, "sent", now, None,
    )  # fmt: skip
    assert (mail.channel, mail.state, mail.next_try_at) == (EMAIL, "queued", now)
    assert here.subject == mail.subject == f"news for {agent.name}"


def test_without_an_address_only_in_the_desk(agent: User, now: datetime) -> None:
    agent.email = ""
    send(now, agent)

    assert [message.channel for message in Message.objects.all()] == [IN_APP]


def test_who_has_left_gets_nothing(agent: User, now: datetime) -> None:
    agent.is_active = False
    send(now, agent)

    assert not Message.objects.exists()


def test_everybody_once_even_when_named_twice(agent: User, tech: User, now: datetime) -> None:
    send(now, agent, tech, agent, User.objects.get(pk=agent.pk))

    assert Message.objects.filter(recipient=agent).count() == 2
    assert Message.objects.filter(recipient=tech).count() == 2


def test_the_same_cause_is_told_once(agent: User, tech: User, now: datetime) -> None:
    send(now, agent)
    send(now, agent, tech, write=lambda _person: Letter("again", ""))

    assert Message.objects.filter(recipient=agent, subject="again").count() == 0
    assert Message.objects.filter(recipient=tech, subject="again").count() == 2


def test_another_cause_is_told(agent: User, now: datetime) -> None:
    send(now, agent)
    send(now, agent, key="defect:QX-20261123-0001:resolved")

    assert Message.objects.filter(channel=IN_APP).count() == 2


def test_everybody_reads_their_own_language(agent: User, tech: User, now: datetime) -> None:
    agent.language = "en"
    send(now, agent, tech, write=lambda _person: Letter(str(get_language()), ""))

    assert Message.objects.get(recipient=agent, channel=EMAIL).subject == "en"
    assert Message.objects.get(recipient=tech, channel=EMAIL).subject == "zh-hans"


def test_a_drill_says_so_before_anything_else(agent: User, now: datetime) -> None:
    agent.language = "en"
    send(now, agent, is_drill=True)

    for message in Message.objects.all():
        assert message.is_drill
        assert message.subject.startswith("[Drill]")
        assert message.body.startswith("[Drill]")


def test_a_subject_is_one_line_and_fits(agent: User, now: datetime) -> None:
    send(now, agent, write=lambda _person: Letter("one\r\nBcc: all@bank\n" + "x" * 300, ""))

    subject = Message.objects.first().subject  # type: ignore[union-attr]
    assert subject.startswith("one Bcc: all@bank x")
    assert len(subject) == 200


def test_news_of_what_did_not_happen_is_not_told(agent: User, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        _fail_after_telling(agent, now)

    assert not Message.objects.exists()


def _fail_after_telling(person: User, now: datetime) -> None:
    with transaction.atomic():
        send(now, person)
        raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_it_needs_the_transaction_of_its_cause(agent: User, now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        send(now, agent)


def test_two_queries_however_many_people(
    agent: User, tech: User, biz: User, now: datetime, django_assert_num_queries: Any
) -> None:
    """Who acts for them, and the messages."""
    with django_assert_num_queries(2):
        send(now, agent, tech, biz)
