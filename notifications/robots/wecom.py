"""The group robot of WeCom (企业微信): text with mentions by mobile number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from notifications.robots.base import Post, judge_code

# The system is busy; more posts than a minute allows.
LATER = frozenset({-1, 45009, 45033})


class WeCom:
    """Its key is part of the address; nothing is signed."""

    name = "wecom"
    per_minute = 18
    most_bytes = 2048

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, text: str, *, phones: Sequence[str], now: datetime) -> Post:
        """As the vendor's group robot takes a text."""
        content: dict[str, Any] = {"content": text}
        if phones:
            content["mentioned_mobile_list"] = list(phones)
        return Post(self.url, {"msgtype": "text", "text": content})

    def judge(self, answer: dict[str, Any]) -> None:
        """``errcode`` 0 is good; 93000 is an address that does not exist (any more)."""
        judge_code(answer.get("errcode"), answer.get("errmsg"), later=LATER)
