"""Alibaba Cloud voice through its own library, against a double on a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import User
from oncall import providers
from oncall.models import Page
from oncall.providers.aliyun import attempt_id, out_id
from tests.doubles.aliyun import AliyunDouble
from tests.oncall.conftest import attempt_of, run

pytestmark = pytest.mark.django_db
RECEIPTS = "/telephony/aliyun/secret-of-the-address/receipts/"


@pytest.fixture
def carrier(settings: Any) -> Iterator[AliyunDouble]:
    """The product talks to the double."""
    double = AliyunDouble()
    settings.PHONE_PROVIDER = "aliyun"
    settings.ALIYUN_ACCESS_KEY_ID = settings.ALIYUN_ACCESS_KEY_SECRET = "key"
    settings.ALIYUN_ENDPOINT, settings.ALIYUN_PROTOCOL = double.start(), "HTTP"
    settings.ALIYUN_SHOW_NUMBER = "02422850000"
    settings.ALIYUN_TEMPLATE_ZH, settings.ALIYUN_BYE_TEMPLATE = "TTS_1", "TTS_2"
    settings.ALIYUN_RECEIPT_SECRET = "secret-of-the-address"
    settings.PHONE_READ_SECONDS = 0.5
    providers._built.cache_clear()
    yield double
    double.stop()
    providers._built.cache_clear()


def tell(client: Client, page: Page, person: User, address: str = RECEIPTS, **told: str) -> int:
    """The carrier pushes one receipt."""
    attempt = attempt_of(page, person)
    receipt = {"out_id": out_id(attempt.pk), "call_id": attempt.provider_id, **told}
    return client.post(address, json.dumps([receipt]), "application/json").status_code


def test_the_call_carries_number_words_keys_and_our_name(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble
) -> None:
    run(now)

    [asked] = carrier.calls()
    assert asked["CalledNumber"] == tech.phone
    assert asked["OutId"] == out_id(attempt_of(alarm, tech).pk)
    assert len(asked["OutId"]) <= 15
    assert "收单数据库无响应" in json.loads(asked["StartTtsParams"])["text"]
    assert {value for name, value in asked.items() if name.endswith(".Key")} == {"1", "2", "3"}
    assert attempt_of(alarm, tech).provider_id == "call^1"


def test_key_1_in_a_receipt_takes_the_page(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble, client: Client
) -> None:
    run(now)
    told = {"status_code": "300000", "smart_status_code": "ANSWERED", "dtmf": "1"}
    assert [tell(client, alarm, tech, **told) for _time in range(2)] == [200, 200]

    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by) == ("acknowledged", tech)
    assert attempt_of(alarm, tech).digits == "1"


@pytest.mark.parametrize(
    ("code", "state"),
    [("200000", "answered"), ("200002", "busy"), ("200003", "no_answer"), ("200010", "failed")],
)
def test_receipts_without_a_key_take_nothing(
    alarm: Page,
    tech: User,
    now: datetime,
    carrier: AliyunDouble,
    client: Client,
    code: str,
    state: str,
) -> None:
    run(now)
    tell(client, alarm, tech, status_code=code)

    alarm.refresh_from_db()
    assert (attempt_of(alarm, tech).state, alarm.state) == (state, "open")


@pytest.mark.parametrize("address", ["/telephony/aliyun/wrong/receipts/", "empty"])
def test_receipts_without_the_secret_are_refused(
    alarm: Page,
    tech: User,
    now: datetime,
    carrier: AliyunDouble,
    client: Client,
    settings: Any,
    address: str,
) -> None:
    run(now)
    if address == "empty":
        settings.ALIYUN_RECEIPT_SECRET, address = "", RECEIPTS
    assert tell(client, alarm, tech, address, dtmf="1") == 403

    alarm.refresh_from_db()
    assert alarm.state == "open"


@pytest.mark.parametrize("body", ["", "{}", "[1, null]", '[{"out_id": 5}]', '[{"out_id": "a9"}]'])
def test_broken_or_foreign_receipts_change_nothing(
    carrier: AliyunDouble, client: Client, body: str
) -> None:
    assert client.post(RECEIPTS, body, "application/json").status_code in (200, 400)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", "failed"),
        # What the carrier allows for one number is used up, whatever we have counted.
        ("isv.BUSINESS_LIMIT_CONTROL", "over_budget"),
    ],
)
def test_a_dead_number_and_the_carriers_limit_call_the_next_one_at_once(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble, code: str, state: str
) -> None:
    carrier.answer_code = code
    run(now)
    run(now + timedelta(seconds=1))

    assert attempt_of(alarm, tech).state == state
    assert alarm.attempts.filter(person__username="liuqiang").exists()


def test_throttling_of_the_account_is_tried_again(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble
) -> None:
    carrier.answer_code = "Throttling.User"
    run(now)

    assert attempt_of(alarm, tech).state == "queued"


def test_a_lost_answer_stays_unknown_until_the_receipt_and_is_never_placed_again(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble, client: Client
) -> None:
    carrier.silent = True
    run(now)
    carrier.silent = False
    for second in range(10, 100, 10):
        run(now + timedelta(seconds=second), "calls")
    assert attempt_of(alarm, tech).state == "unknown"
    assert len(carrier.calls()) == 1
    tell(client, alarm, tech, call_id="call^1", dtmf="1", smart_status_code="ANSWERED")

    alarm.refresh_from_db()
    assert alarm.acknowledged_by == tech
    assert attempt_of(alarm, tech).provider_id == "call^1"


def test_a_silent_carrier_is_asked_by_the_calls_id(
    alarm: Page, tech: User, now: datetime, carrier: AliyunDouble
) -> None:
    run(now)
    run(now + timedelta(seconds=61), "calls")

    assert attempt_of(alarm, tech).state == "no_answer"


@pytest.mark.parametrize(("given", "found"), [("a12", 12), ("a", None), ("b1", None), ("", None)])
def test_our_name_of_a_call(given: str, found: int | None) -> None:
    assert attempt_id(given) == found


def test_without_its_settings_it_does_not_start(settings: Any) -> None:
    providers._built.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="ALIYUN_RECEIPT_SECRET"):
        providers.named("aliyun")
