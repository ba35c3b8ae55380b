"""The group robot of Feishu (飞书): text, signed. It cannot mention people by their numbers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from notifications.robots.base import Post, judge_code

# More posts than the vendor takes; its own error.
LATER = frozenset({11232, 11233, 2200})


class Feishu:
    """With a secret the body carries its time and a signature."""

    name = "feishu"
    per_minute = 60
    most_bytes = 15_000

    def __init__(self, url: str, secret: str = "") -> None:
        self.url, self.secret = url, secret

    def post(self, text: str, *, phones: Sequence[str], now: datetime) -> Post:
        """As the vendor's custom robot takes a text."""
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            stamp = str(int(now.timestamp()))
            # The key is time and secret together, and what is signed is empty.
            digest = hmac.new(f"{stamp}\n{self.secret}".encode(), b"", hashlib.sha256).digest()
            body |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
        return Post(self.url, body)

    def judge(self, answer: dict[str, Any]) -> None:
        """``code`` 0 is good, as ``StatusCode`` of older robots; 19021 is a wrong signature."""
        code = answer.get("code", answer.get("StatusCode"))
        judge_code(code, answer.get("msg", answer.get("StatusMessage")), later=LATER)
