"""Alibaba Cloud voice: calls to mainland-China numbers, with a key map.

An optional extra (requirements-aliyun.txt). Its texts are templates that the carrier has approved,
filled with our words; it cannot be asked about a call whose answer was lost, so such a call stays
unknown until its receipt comes, and is never placed a second time. Receipts carry no signature:
their address holds a secret. It sends no text messages with links.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from oncall.providers.base import (
    CallRequest,
    Found,
    Inquiry,
    LimitReached,
    LineState,
    PermanentFailure,
    Placed,
    TransientFailure,
)

SDK = "alibabacloud_dyvmsapi20170525"
# Product number of interactive calls in the query of details.
INTERACTIVE = 11000000300005
KEY_WAIT_MILLISECONDS = 8000
# A template takes so many characters of our words.
LONGEST_TEXT = 200

PERMANENT = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.VOICE_FILE_NOT_EXISTS",
    "isv.TTS_TEMPLATE_ILLEGAL",
    "isv.DISPLAY_NUMBER_ILLEGAL",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.BLACK_LIST_NUMBER",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
}
STATES = {
    "200000": LineState.COMPLETED,
    # Hung up before the end, or no key within the time: somebody, or something, had picked up.
    "200001": LineState.COMPLETED,
    "200008": LineState.COMPLETED,
    "200002": LineState.BUSY,
    "200003": LineState.NO_ANSWER,
    "200004": LineState.FAILED,
    "200005": LineState.FAILED,
    "200006": LineState.FAILED,
    "200007": LineState.FAILED,
    "200010": LineState.FAILED,
    "200011": LineState.FAILED,
}
# Words of the intermediate receipts.
ON_THE_WAY = {
    "RINGING": LineState.RINGING,
    "ANSWERED": LineState.ANSWERED,
    "NO_ANSWER": LineState.NO_ANSWER,
    "BUSY": LineState.BUSY,
}


class CannotTell(Exception):
    """The carrier has no way of asking about this call."""


def out_id(attempt_id: int) -> str:
    """Our name of a call for the carrier, who takes at most fifteen characters."""
    return f"a{attempt_id}"


def attempt_id(given: str) -> int | None:
    """The attempt a receipt is about; None when the name is none of ours."""
    number = given[1:]
    return int(number) if given[:1] == "a" and number.isdecimal() and len(given) <= 15 else None


class Aliyun:
    """Calls by ``IvrCall``; receipts come to ``oncall.views.aliyun``."""

    name = "aliyun"

    def __init__(self) -> None:
        missing = [
            name
            for name in (
                "ALIYUN_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET", "ALIYUN_SHOW_NUMBER",
                "ALIYUN_TEMPLATE_ZH", "ALIYUN_BYE_TEMPLATE", "ALIYUN_RECEIPT_SECRET",
            )
            if not getattr(settings, name)
        ]  # fmt: skip
        if missing:
            raise ImproperlyConfigured(f"PHONE_PROVIDER=aliyun needs {', '.join(missing)}")
        try:
            client = import_string(f"{SDK}.client.Client")
        except ImportError:
            raise ImproperlyConfigured("install requirements-aliyun.txt first") from None
        self._models = import_string(f"{SDK}.models")
        self._client = client(_configuration())

    def place_call(self, request: CallRequest) -> Placed:
        """Ask for a call that reads our words and waits for a key."""
        chinese = request.language == "zh-hans" or not settings.ALIYUN_TEMPLATE_EN
        template = settings.ALIYUN_TEMPLATE_ZH if chinese else settings.ALIYUN_TEMPLATE_EN
        words = json.dumps({"text": request.text[:LONGEST_TEXT]}, ensure_ascii=False)
        key = self._models.IvrCallRequestMenuKeyMap
        body = self._ask(
            self._client.ivr_call_with_options,
            self._models.IvrCallRequest(
                called_number=request.number.removeprefix("+86"),
                called_show_number=settings.ALIYUN_SHOW_NUMBER,
                start_code=template,
                start_tts_params=words,
                menu_key_map=[
                    key(key="3", code=template, tts_params=words),
                    *(key(key=each, code=settings.ALIYUN_BYE_TEMPLATE) for each in ("1", "2")),
                ],
                bye_code=settings.ALIYUN_BYE_TEMPLATE,
                play_times=3,
                timeout=KEY_WAIT_MILLISECONDS,
                out_id=out_id(request.attempt_id),
            ),
        )
        return Placed(body.call_id)

    def send_text(self, request: CallRequest) -> Placed:
        """Refused: a text with a link is not carried to mainland-China numbers."""
        raise PermanentFailure("this provider carries no text messages with links")

    def lookup(self, inquiry: Inquiry) -> Found | None:
        """By the call's id; without one it cannot be told."""
        if not inquiry.provider_id:
            raise CannotTell("the answer was lost; waiting for the receipt")
        body = self._ask(
            self._client.query_call_detail_by_call_id_with_options,
            self._models.QueryCallDetailByCallIdRequest(
                call_id=inquiry.provider_id,
                prod_id=INTERACTIVE,
                query_date=int(inquiry.since.astimezone(UTC).timestamp() * 1000),
            ),
        )
        detail = json.loads(body.data or "{}")
        return Found(inquiry.provider_id, STATES.get(str(detail.get("state")), LineState.PLACED))

    def cancel(self, inquiry: Inquiry) -> None:
        """End the call, if its id is known."""
        if inquiry.provider_id and not inquiry.is_text:
            self._ask(
                self._client.cancel_call_with_options,
                self._models.CancelCallRequest(call_id=inquiry.provider_id),
            )

    def _ask(self, operation: Any, request: Any) -> Any:
        """Run one operation; what is not one of our failures leaves open whether it was taken."""
        runtime = import_string("darabonba.runtime.RuntimeOptions")(
            connect_timeout=int(settings.PHONE_CONNECT_SECONDS * 1000),
            read_timeout=int(settings.PHONE_READ_SECONDS * 1000),
            autoretry=False,
        )
        try:
            body = operation(request, runtime).body
        except Exception as failure:
            _refused(str(getattr(failure, "code", "") or ""), str(failure))
            raise
        if body.code != "OK":
            _refused(str(body.code), str(body.message))
            raise TransientFailure(f"{body.code}: {body.message}"[:180])
        return body


def _refused(code: str, message: str) -> None:
    """Raise our own failure when the carrier's code says that the call was not taken."""
    told = f"{code}: {message}"[:180]
    if code in PERMANENT:
        raise PermanentFailure(told)
    if code.startswith("isv.BUSINESS_LIMIT"):
        raise LimitReached(told)
    if code.startswith(("isv.", "Throttling")):
        raise TransientFailure(told)


def _configuration() -> Any:
    given: dict[str, Any] = {
        "access_key_id": settings.ALIYUN_ACCESS_KEY_ID,
        "access_key_secret": settings.ALIYUN_ACCESS_KEY_SECRET,
        "endpoint": settings.ALIYUN_ENDPOINT,
    }
    if settings.ALIYUN_PROTOCOL:
        given["protocol"] = settings.ALIYUN_PROTOCOL
    return import_string("alibabacloud_tea_openapi.utils_models.Config")(**given)
