"""Who cannot be called is reached in another way at once, and the ladder goes on (R16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from notifications.models import Message
from oncall.models import Page
from oncall.page_story import rungs_of
from oncall.providers.base import CallRequest, LimitReached, LineState, PermanentFailure
from oncall.services.call_events import line_moved
from oncall.services.pages import acknowledge
from oncall.services.reach import set_reach
from tests.oncall.conftest import Exchange, attempts, run

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def refuse(*references: str, failure: Exception | None = None) -> Any:
    """A provider that will have nothing to do with these."""

    def before(request: CallRequest) -> None:
        if request.reference.endswith(references):
            raise failure or PermanentFailure("21211")

    return before


def channels(page: Page, person: User) -> list[tuple[str, str]]:
    """How somebody was tried on the first rung, and what came of it."""
    return list(page.attempts.filter(person=person, rung=0).values_list("channel", "state"))


def letters(person: User) -> list[str]:
    """Channels of the messages somebody got."""
    return list(Message.objects.filter(recipient=person).values_list("channel", flat=True))


def test_a_dead_number_gets_a_text_message_and_the_backup_a_call(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    exchange.before = refuse(f":{tech.pk}")
    for second in range(3):
        run(now + second * SECOND)

    assert channels(alarm, tech) == [("voice", "failed"), ("sms", "delivered")]
    assert (1, "liuqiang", "ringing") in attempts(alarm)
    assert letters(tech) == []


def test_when_that_fails_too_a_message_and_an_e_mail(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    User.objects.filter(pk=tech.pk).update(email="zhangwei@example.com")
    exchange.before = refuse(f":{tech.pk}", f":{tech.pk}:sms")
    for second in range(3):
        run(now + second * SECOND)

    assert channels(alarm, tech) == [("voice", "failed"), ("sms", "failed")]
    assert sorted(letters(tech)) == ["email", "in_app"]
    alarm.refresh_from_db()
    [first, *_others] = rungs_of(alarm)
    assert {each.channel for each in first.letters} == {"站内", "电子邮件"}


def test_a_text_message_that_fails_beside_a_call_that_rings_changes_nothing(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    set_reach(actor=tech, wishes={"urgent": ["sms"]}, now=now)
    exchange.before = refuse(":sms")
    for second in range(3):
        run(now + second * SECOND)

    assert channels(alarm, tech) == [("voice", "ringing"), ("sms", "failed")]
    assert letters(tech) == []
    assert [row for row in attempts(alarm) if row[0] > 0] == []


def test_the_text_message_a_person_has_already_is_not_sent_twice(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    set_reach(actor=tech, wishes={"urgent": ["sms"]}, now=now)
    exchange.before = refuse(f":{tech.pk}")
    for second in range(3):
        run(now + second * SECOND)

    assert channels(alarm, tech) == [("voice", "failed"), ("sms", "delivered")]
    assert len(exchange.texts) == 1


def test_the_carriers_limit_keeps_nobody_from_reading_of_it(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    exchange.before = refuse(f":{tech.pk}", failure=LimitReached("isv.BUSINESS_LIMIT_CONTROL"))
    for second in range(3):
        run(now + second * SECOND)

    assert channels(alarm, tech) == [("voice", "over_budget"), ("sms", "delivered")]
    assert (1, "liuqiang", "ringing") in attempts(alarm)


def test_a_line_that_fails_after_it_was_placed_is_replaced_too(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    line_moved(alarm.attempts.get().idempotency_key, LineState.FAILED, now=now)
    run(now + SECOND)

    assert channels(alarm, tech) == [("voice", "failed"), ("sms", "delivered")]


def test_nothing_is_sent_for_a_page_that_is_taken(
    alarm: Page, tech: User, tech2: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    acknowledge(page=alarm, person=tech2, via="browser", now=now)
    line_moved(alarm.attempts.get().idempotency_key, LineState.FAILED, now=now)
    run(now + SECOND)

    assert channels(alarm, tech) == [("voice", "failed")]
    assert exchange.texts == []
