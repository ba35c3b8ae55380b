"""A console to post to, and a machine room to report from."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from operations.models import ManagedObject


@pytest.fixture(autouse=True)
def _at_the_desk(now: datetime) -> Any:
    """It is Monday 2026-11-23, 09:05 in Beijing."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def call(
    reporter: User, card_unit: Organisation, system: ManagedObject, now: datetime
) -> Callable[..., dict[str, Any]]:
    """The fields of a call of the reporter, solved on the spot unless told otherwise."""

    def fields(**told: Any) -> dict[str, Any]:
        posted = {
            "token": str(uuid.uuid4()),
            "started_at": (now - timedelta(minutes=3)).isoformat(),
            "caller": reporter.pk,
            "caller_name": "张丽",
            "caller_phone": "024-22851234转8012",
            "unit": card_unit.pk,
            "channel": "hotline",
            "question": "商户号查询在哪个菜单里?",
            "answer": "在“商户管理—综合查询”里输入商户号即可。",
            "managed_object": system.pk,
            "category": "query",
            "urgency": "S3",
            "result": "solved",
        } | told
        return {name: value for name, value in posted.items() if value is not None}

    return fields


@pytest.fixture
def at_console(agent: User, signed_in: Callable[[User], Client]) -> Callable[..., Any]:
    """POST to the console as the agent."""

    def post(fields: dict[str, Any], person: User | None = None) -> Any:
        return signed_in(person or agent).post(reverse("hotline:console"), fields)

    return post
