"""The group robot of DingTalk (钉钉): text with mentions by mobile number, signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from notifications.robots.base import Post, judge_code

# The system is busy; more than twenty posts a minute, under the old code and under the new one.
LATER = frozenset({-1, 130101, 410100})


class DingTalk:
    """With a secret (加签) every request carries its time and a signature over it."""

    name = "dingtalk"
    per_minute = 18
    most_bytes = 15_000

    def __init__(self, url: str, secret: str = "") -> None:
        self.url, self.secret = url, secret

    def post(self, text: str, *, phones: Sequence[str], now: datetime) -> Post:
        """A mentioned number is highlighted when it stands in the text."""
        mentions = " ".join(f"@{phone}" for phone in phones)
        body = {
            "msgtype": "text",
            "text": {"content": f"{text}\n{mentions}".strip()},
            "at": {"atMobiles": list(phones), "isAtAll": False},
        }
        return Post(self.url, body, self._signed(now) if self.secret else {})

    def _signed(self, now: datetime) -> dict[str, str]:
        """Milliseconds, and HMAC-SHA256 with the secret over both."""
        stamp = str(int(now.timestamp() * 1000))
        told = f"{stamp}\n{self.secret}".encode()
        digest = hmac.new(self.secret.encode(), told, hashlib.sha256).digest()
        return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}

    def judge(self, answer: dict[str, Any]) -> None:
        """``errcode`` 0 is good; 310000 is a word, signature or address the group does not take."""
        judge_code(answer.get("errcode"), answer.get("errmsg"), later=LATER)
