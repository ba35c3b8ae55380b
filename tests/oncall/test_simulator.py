"""Every behaviour of the simulated telephone, as the ladder meets it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Event
from oncall.models import Attempt, Page, SimulatedCall, SimulatedPhone, SimulatedText
from oncall.phone_screen import screen_of
from oncall.services import simulated_line
from tests.oncall.conftest import attempt_of, attempts, call_of, run

pytestmark = pytest.mark.django_db
ENGINES = ("pages", "calls", "simulator")
B = SimulatedPhone.Behaviour


def live(now: datetime, seconds: int) -> None:
    """Let so many seconds pass, second by second."""
    for second in range(seconds + 1):
        run(now + timedelta(seconds=second), *ENGINES)


@pytest.mark.parametrize(
    ("behaviour", "state", "page_state"),
    [
        (B.RING, "no_answer", "open"),
        (B.ANSWER, "acknowledged", "acknowledged"),
        (B.NO_ANSWER, "no_answer", "open"),
        (B.BUSY, "busy", "open"),
        (B.VOICEMAIL, "voicemail", "open"),
        (B.WRONG_DIGIT, "answered", "open"),
        (B.UNREACHABLE, "failed", "open"),
        (B.SLOW, "no_answer", "open"),
        (B.TIMEOUT, "no_answer", "open"),
        (B.DOUBLED, "no_answer", "open"),
        (B.REORDERED, "no_answer", "open"),
        (B.LATE, "no_answer", "open"),
        (B.FORGED, "no_answer", "open"),
        (B.ERROR, "queued", "open"),
    ],
)
def test_what_becomes_of_the_call_and_of_the_page(
    alarm: Page, tech: User, now: datetime, behaviour: str, state: str, page_state: str
) -> None:
    simulated_line.behave(tech, behaviour)
    live(now, 60)

    alarm.refresh_from_db()
    assert (attempt_of(alarm, tech).state, alarm.state) == (state, page_state)
    assert SimulatedCall.objects.filter(person=tech).count() <= 1


def test_every_behaviour_is_tried_above() -> None:
    [mark] = [
        mark
        for mark in test_what_becomes_of_the_call_and_of_the_page.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    ]
    assert {row[0] for row in mark.args[1]} == set(B)


@pytest.mark.parametrize("behaviour", [B.DOUBLED, B.REORDERED, B.LATE, B.FORGED, B.TIMEOUT, B.SLOW])
def test_digit_1_counts_once_whatever_the_line_does(
    alarm: Page, tech: User, now: datetime, behaviour: str
) -> None:
    simulated_line.behave(tech, behaviour)
    live(now, 16)
    later = now + timedelta(seconds=16)
    sid = call_of(tech).sid
    simulated_line.answer(sid, person=tech, now=later)
    simulated_line.press(sid, "1", position=0, person=tech, now=later)
    live(later, 25)

    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by) == ("acknowledged", tech)
    assert attempts(alarm) == [(0, "zhangwei", "acknowledged")]
    assert attempt_of(alarm, tech).digits == "1"
    assert Event.objects.filter(action="oncall.page_acknowledged").count() == 1


def test_a_slow_call_is_not_heard_before_its_time(alarm: Page, tech: User, now: datetime) -> None:
    simulated_line.behave(tech, B.SLOW)
    run(now, *ENGINES)

    assert screen_of(tech, now + timedelta(seconds=14)).mode == "idle"
    assert screen_of(tech, now + timedelta(seconds=15)).mode == "ringing"


def test_a_number_out_of_service_calls_the_next_one_within_seconds(
    alarm: Page, tech: User, now: datetime
) -> None:
    simulated_line.behave(tech, B.UNREACHABLE)
    live(now, 2)

    assert attempts(alarm) == [(0, "zhangwei", "failed"), (1, "liuqiang", "ringing")]


def test_a_text_message_lies_on_the_telephone(alarm: Page, tech: User, now: datetime) -> None:
    Attempt.objects.create(
        page=alarm, person=tech, rung=0, channel="sms", number=tech.phone, text="正文",
        language="zh-hans", idempotency_key="k", created_at=now, next_try_at=now,
    )  # fmt: skip
    run(now, "calls")
    run(now, "calls")

    assert SimulatedText.objects.get().text == "正文"
    assert alarm.attempts.get(channel="sms").state == "delivered"
