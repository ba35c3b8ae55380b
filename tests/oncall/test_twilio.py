"""Twilio over a real socket, against a double that keeps calls as Twilio does (R14, R16)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from twilio.request_validator import RequestValidator

from accounts.models import User
from engine import registry
from oncall import providers
from oncall.models import Attempt, Page
from oncall.services.calls import call_due
from oncall.services.pages import acknowledge, start_page
from oncall.services.reach import set_reach
from oncall.services.shifts import add_shift
from tests.doubles.twilio import ACCOUNT, TOKEN, Behaviour, TwilioDouble
from tests.oncall.conftest import attempt_of

pytestmark = pytest.mark.django_db(transaction=True)
PRIMARY, BACKUP, BOSS = "+85251230001", "+85251230003", "+85251230007"
PATIENCE = 12


@pytest.fixture
def double(live_server: Any, settings: Any) -> Iterator[TwilioDouble]:
    """The product talks to the double, and the double talks back."""
    twilio = TwilioDouble(hang_seconds=2.0)
    settings.PHONE_PROVIDER = "twilio"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
    settings.TWILIO_FROM, settings.TWILIO_BASE_URL = "+85221231234", twilio.start()
    settings.PHONE_READ_SECONDS = 1.0
    settings.PUBLIC_BASE_URL = live_server.url
    providers._built.cache_clear()
    yield twilio
    twilio.stop()
    providers._built.cache_clear()
    # Callbacks that are under way end before the database is emptied.
    time.sleep(0.3)


@pytest.fixture
def page(double: TwilioDouble, tech: User, tech2: User, supervisor: User) -> Page:
    """A page that has just been started; everybody has a number of their own."""
    for person, number in ((tech, PRIMARY), (tech2, BACKUP), (supervisor, BOSS)):
        User.objects.filter(pk=person.pk).update(phone=number)
        person.phone = number
    now = timezone.now()
    add_shift(
        actor=supervisor, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9),
        primary=tech, backup=tech2,
    )  # fmt: skip
    return start_page(
        key="test:GZ-20261123-0001:reported", subject="GZ-20261123-0001", title="收单中断",
        write=lambda: "收单中断 <全部>", url="/", now=now,
    )  # fmt: skip


def work_until(done: Callable[[], bool], ahead: timedelta = timedelta(0)) -> None:
    """Let the engines run as the worker does, until something has come true."""
    give_up = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < give_up, list(Attempt.objects.values_list("state", "error"))
        for name in ("pages", "calls"):
            registry.run(name, timezone.now() + ahead)
        time.sleep(0.05)


def state_of(page: Page) -> str:
    """As it is now."""
    return str(Page.objects.values_list("state", flat=True).get(pk=page.pk))


def ended(page: Page, person: User) -> Callable[[], bool]:
    """The newest attempt to reach somebody is over."""
    return lambda: page.attempts.filter(person=person, ended_at__isnull=False).exists()


def test_it_rings_speaks_and_digit_1_takes_the_page(
    page: Page, double: TwilioDouble, tech: User
) -> None:
    work_until(lambda: state_of(page) == "acknowledged")

    attempt = attempt_of(page, tech)
    assert (attempt.state, attempt.digits, attempt.provider) == ("acknowledged", "1", "twilio")
    assert attempt.provider_id == double.calls[0].sid
    assert double.calls[0].form["To"] == PRIMARY
    assert "收单中断 <全部>" in double.calls[0].spoken[0]
    assert (double.mistakes, double.refused_callbacks) == ([], [])


def test_digit_2_hands_on_and_the_backup_takes_it(
    page: Page, double: TwilioDouble, tech2: User
) -> None:
    double.numbers = {PRIMARY: Behaviour(digits="2"), BACKUP: Behaviour(digits="1")}
    work_until(lambda: state_of(page) == "acknowledged")

    page.refresh_from_db()
    assert page.acknowledged_by == tech2
    assert "正在呼叫" in double.calls[0].spoken[-1]


def test_digit_3_repeats_and_a_wrong_key_explains(
    page: Page, double: TwilioDouble, tech: User
) -> None:
    double.numbers = {PRIMARY: Behaviour(digits="391")}
    work_until(lambda: state_of(page) == "acknowledged")

    assert attempt_of(page, tech).digits == "391"
    assert double.calls[0].spoken[1] == double.calls[0].spoken[0]


def test_a_voice_that_fails_is_replaced_and_the_key_still_counts(
    page: Page, double: TwilioDouble, tech: User, settings: Any
) -> None:
    """Twilio asks the spare address: the recording is played, the rest said by another voice."""
    settings.TWILIO_PLAY = {"zh-hans": "https://desk.example.com/call.mp3", "en": ""}
    double.numbers = {PRIMARY: Behaviour(digits="31", mute=("Polly.Zhiyu",))}
    work_until(lambda: state_of(page) == "acknowledged")
    work_until(lambda: double.calls[0].status == "completed")

    assert double.calls[0].spoken[:2] == ["https://desk.example.com/call.mp3"] * 2
    assert "由您接手" in double.calls[0].spoken[-1]
    assert double.refused_callbacks == []


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        (Behaviour(end="no-answer", digits=""), "no_answer"),
        (Behaviour(end="busy", digits=""), "busy"),
        (Behaviour(end="failed", digits=""), "failed"),
        (Behaviour(digits="", machine=True), "voicemail"),
        (Behaviour(digits=""), "answered"),
        (Behaviour(error=21211), "failed"),
        (Behaviour(error=13227), "failed"),
    ],
)
def test_nothing_but_a_digit_takes_it(
    page: Page, double: TwilioDouble, tech: User, behaviour: Behaviour, state: str
) -> None:
    double.numbers = {PRIMARY: behaviour}
    work_until(ended(page, tech))

    assert attempt_of(page, tech).state == state
    assert state_of(page) == "open"


def test_a_number_that_does_not_exist_calls_the_backup_at_once(
    page: Page, double: TwilioDouble, tech2: User
) -> None:
    double.numbers = {PRIMARY: Behaviour(error=21217), BACKUP: Behaviour()}
    work_until(lambda: state_of(page) == "acknowledged")

    page.refresh_from_db()
    assert page.acknowledged_by == tech2
    assert "21217" in page.attempts.earliest("pk").error


@pytest.mark.parametrize("fault", ["too_many", "error_before", "silent_before"])
def test_what_was_not_taken_is_placed_again(page: Page, double: TwilioDouble, fault: str) -> None:
    setattr(double.faults, fault, 1.0)
    work_until(lambda: page.attempts.filter(tries=1).exclude(error="").exists())
    setattr(double.faults, fault, 0.0)
    work_until(lambda: state_of(page) == "acknowledged", ahead=timedelta(seconds=30))

    assert len(double.calls) == 1


@pytest.mark.parametrize("fault", ["error_after", "silent_after"])
def test_what_was_taken_without_an_answer_is_found_and_never_doubled(
    page: Page, double: TwilioDouble, tech: User, fault: str
) -> None:
    setattr(double.faults, fault, 1.0)
    double.faults.callback_lost = 1.0
    double.numbers = {PRIMARY: Behaviour(digits="", ring_seconds=3)}
    work_until(lambda: page.attempts.filter(state="unknown").exists())
    work_until(lambda: page.attempts.exclude(provider_id="").exists(), ahead=timedelta(seconds=10))

    assert attempt_of(page, tech).provider_id == double.calls[0].sid
    assert len(double.calls) == 1


def test_lost_callbacks_are_asked_for(page: Page, double: TwilioDouble, tech: User) -> None:
    double.faults.callback_lost = 1.0
    double.numbers = {PRIMARY: Behaviour(end="busy", digits="")}
    work_until(lambda: bool(double.calls) and double.calls[0].status == "busy")
    work_until(ended(page, tech), ahead=timedelta(seconds=61))

    assert attempt_of(page, tech).state == "busy"


def test_doubled_reordered_and_forged_callbacks_change_nothing(
    page: Page, double: TwilioDouble, tech: User
) -> None:
    double.faults.callback_doubled = double.faults.callback_reordered = double.faults.forged = 1.0
    double.numbers = {PRIMARY: Behaviour(end="no-answer", digits="")}
    work_until(ended(page, tech))
    time.sleep(1)

    assert attempt_of(page, tech).state == "no_answer"
    assert set(double.refused_callbacks) == {403}
    assert state_of(page) == "open"


def test_a_telephone_that_rings_is_hung_up_when_the_page_is_taken(
    page: Page, double: TwilioDouble, tech: User, tech2: User
) -> None:
    double.numbers = {PRIMARY: Behaviour(ring_seconds=15)}
    work_until(lambda: attempt_of_or_none(page, tech) == "ringing")
    acknowledge(page=page, person=tech2, via="browser", now=timezone.now())
    work_until(lambda: double.calls[0].status == "canceled")

    assert attempt_of(page, tech).state == "cancelled"
    assert len(double.calls) == 1


def test_who_picks_up_too_late_hears_that_it_was_taken(
    page: Page, double: TwilioDouble, tech: User, tech2: User
) -> None:
    double.numbers = {PRIMARY: Behaviour(ring_seconds=1.5)}
    work_until(lambda: attempt_of_or_none(page, tech) == "ringing")
    acknowledge(page=page, person=tech2, via="browser", now=timezone.now())
    give_up = time.monotonic() + PATIENCE
    while not double.calls[0].spoken and time.monotonic() < give_up:
        time.sleep(0.05)

    assert tech2.name in double.calls[0].spoken[0]


def test_a_text_message_arrives_with_its_link(page: Page, double: TwilioDouble, tech: User) -> None:
    Attempt.objects.create(
        page=page, person=tech, rung=0, channel="sms", number=PRIMARY, text="正文 /take/x/",
        language="zh-hans", idempotency_key="page:0:rung:0:0:sms", created_at=timezone.now(),
        next_try_at=timezone.now(),
    )  # fmt: skip
    work_until(lambda: page.attempts.filter(channel="sms", state="delivered").exists())

    assert double.messages[0].form["Body"] == "正文 /take/x/"
    assert double.mistakes == []


def attempt_of_or_none(page: Page, person: User) -> str:
    """State of the newest attempt, "" before there is one."""
    found = page.attempts.filter(person=person).order_by("-pk").first()
    return found.state if found else ""


# --- signatures --------------------------------------------------------------------------------
def signed(url: str, told: dict[str, str], token: str) -> dict[str, str]:
    """The header Twilio would send."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, told)}


@pytest.fixture
def address(page: Page) -> str:
    """Where status callbacks of a call of ours go to."""
    registry.run("pages", timezone.now())
    return f"/telephony/twilio/{page.attempts.get().idempotency_key}/status/"


TOLD = {"CallSid": "CA1", "CallStatus": "ringing", "SequenceNumber": "1"}


def test_either_token_is_good_while_they_are_rotated(
    address: str, page: Page, settings: Any, client: Client
) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_OLD = "new", "old"
    url = settings.PUBLIC_BASE_URL + address
    for token in ("new", "old"):
        assert client.post(address, TOLD, headers=signed(url, TOLD, token)).status_code == 204

    assert page.attempts.get().state == "ringing"


def test_the_signature_is_over_the_public_address_whatever_the_proxy_says(
    address: str, settings: Any, client: Client
) -> None:
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    good = signed("https://desk.example.com" + address, TOLD, TOKEN)
    bad = signed("http://testserver" + address, TOLD, TOKEN)

    assert client.post(address, TOLD, headers=good).status_code == 204
    assert client.post(address, TOLD, headers=bad).status_code == 403


@pytest.mark.parametrize("header", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "x"}])
def test_what_is_not_signed_is_refused(
    address: str, page: Page, client: Client, header: dict[str, str]
) -> None:
    assert client.post(address, TOLD, headers=header).status_code == 403
    assert page.attempts.get().state == "queued"


def test_without_a_token_nothing_is_let_in(
    address: str, page: Page, settings: Any, client: Client
) -> None:
    settings.TWILIO_AUTH_TOKEN = settings.TWILIO_AUTH_TOKEN_OLD = ""
    url = settings.PUBLIC_BASE_URL + address

    assert client.post(address, TOLD, headers=signed(url, TOLD, "")).status_code == 403
    assert page.attempts.get().state == "queued"


def test_a_changed_parameter_breaks_the_signature(
    address: str, settings: Any, client: Client
) -> None:
    header = signed(settings.PUBLIC_BASE_URL + address, TOLD, TOKEN)

    assert client.post(address, {**TOLD, "CallSid": "CA2"}, headers=header).status_code == 403


def test_get_is_not_offered(address: str, client: Client) -> None:
    assert client.get(address).status_code == 405


def test_without_an_account_it_does_not_start(settings: Any) -> None:
    settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = settings.TWILIO_FROM = ""
    providers._built.cache_clear()

    with pytest.raises(ImproperlyConfigured, match="TWILIO_AUTH_TOKEN"):
        providers.named("twilio")


def test_two_lost_answers_do_not_take_each_others_call(
    page: Page, double: TwilioDouble, tech: User
) -> None:
    """One request was never taken, one was; Twilio cannot say whose the one call is."""
    other = start_page(
        key="test:GZ-20261123-0002:reported", subject="GZ-20261123-0002", title="清算中断",
        write=lambda: "清算中断", url="/", now=timezone.now(),
    )  # fmt: skip
    double.numbers = {PRIMARY: Behaviour(ring_seconds=3)}
    registry.run("pages", timezone.now())
    double.faults.silent_before = 1.0
    call_due(timezone.now())
    double.faults.silent_before, double.faults.silent_after = 0.0, 1.0
    double.faults.callback_lost = 1.0
    call_due(timezone.now())
    double.faults.silent_after = double.faults.callback_lost = 0.0
    for _time in range(2):
        call_due(timezone.now() + timedelta(seconds=8))

    asked = list(Attempt.objects.filter(person=tech))
    assert [(each.state, each.provider_id) for each in asked] == [("unknown", "")] * 2
    assert all(each.error.startswith("Undecided") for each in asked)
    # The one that rings names itself when it is picked up; the other one is placed.
    work_until(lambda: state_of(other) == "acknowledged")
    work_until(lambda: state_of(page) == "acknowledged", ahead=timedelta(seconds=30))
    calls = {call.reference: call.sid for call in double.calls}
    assert len(double.calls) == len(calls) == 2
    assert {each.idempotency_key: each.provider_id for each in Attempt.objects.all()} == calls


def test_a_text_message_whose_answer_was_lost_is_known_by_its_words(
    page: Page, double: TwilioDouble, tech: User
) -> None:
    set_reach(actor=tech, wishes={"urgent": ["sms"]}, now=timezone.now())
    double.numbers = {PRIMARY: Behaviour(end="no-answer", digits="")}
    registry.run("pages", timezone.now())
    double.faults.silent_after, double.faults.callback_lost = 1.0, 1.0
    text = page.attempts.filter(channel="sms")
    work_until(lambda: text.filter(state="unknown", provider_id="").exists())
    assert len(double.messages) == 1
    double.faults.silent_after = double.faults.callback_lost = 0.0
    work_until(lambda: text.filter(state="delivered").exists(), ahead=timedelta(seconds=8))

    assert len(double.messages) == 1
    assert page.attempts.get(channel="sms").provider_id == double.messages[0].sid
