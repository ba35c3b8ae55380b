"""What a group robot must offer, and how it is spoken to.

A robot posts into one chat group. Its webhook address is a secret: it is in no message of an error,
in no log and on no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import requests

# Connect, read; in seconds.
TIME_OUTS = (3.0, 8.0)
SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429


class Refused(Exception):
    """The group will never get this post as things are set up: another try does not help."""


class TryLater(Exception):
    """The post was not taken, or nobody knows: it is sent again after a while."""


@dataclass(frozen=True)
class Post:
    """What goes to the webhook."""

    url: str
    body: dict[str, Any]
    params: dict[str, str] = field(default_factory=dict)


class Robot(Protocol):
    """One vendor's robot in one group."""

    name: str
    # Posts that the vendor takes in a minute, and bytes of text (UTF-8) in one of them.
    per_minute: int
    most_bytes: int

    def post(self, text: str, *, phones: Sequence[str], now: datetime) -> Post:
        """The request for a text; people with ``phones`` are mentioned where the vendor can."""

    def judge(self, answer: dict[str, Any]) -> None:
        """Raise ``Refused`` or ``TryLater`` unless the vendor's answer says that it was taken."""


def send(robot: Robot, text: str, *, phones: Sequence[str], now: datetime) -> None:
    """Post ``text``. Raises ``Refused`` or ``TryLater``, neither of which names the address."""
    post = robot.post(text, phones=phones, now=now)
    try:
        answer = requests.post(
            post.url, params=post.params, json=post.body, timeout=TIME_OUTS, allow_redirects=False
        )
    except (requests.exceptions.MissingSchema, requests.exceptions.InvalidURL):
        raise Refused("the address of the robot is not an address") from None
    except requests.RequestException as failure:
        # Its own words hold the address with its secret.
        raise TryLater(type(failure).__name__) from None
    status = answer.status_code
    if status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
        raise TryLater(f"HTTP {status}")
    try:
        content = answer.json()
    except ValueError:
        raise Refused(f"HTTP {status}, and not the answer of a robot") from None
    if not isinstance(content, dict):
        raise Refused(f"HTTP {status}, and not the answer of a robot")
    robot.judge(content)


def judge_code(code: object, message: object, *, later: frozenset[int]) -> None:
    """0 is good; what is in ``later`` gets better by itself; everything else needs a human."""
    if code == 0:
        return
    told = f"{code}: {message}"[:200]
    raise TryLater(told) if code in later else Refused(told)
