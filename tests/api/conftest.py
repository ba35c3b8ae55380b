"""Programs that speak to the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from operations.models import ManagedObject
from tests.tickets.journey import Cast, Journey


@pytest.fixture
def program() -> Callable[[User], APIClient]:
    """A client that acts for ``user`` with a token got by logging in."""

    def sign_in(user: User) -> APIClient:
        from tests.conftest import PASSWORD

        client = APIClient()
        answer = client.post(
            "/api/v1/auth/login/", {"username": user.username, "password": PASSWORD}, format="json"
        )
        assert answer.status_code == 200, answer.content
        client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
        return client

    return sign_in


@pytest.fixture
def journey(
    now: datetime,
    reporter: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    agent: User,
    superior: User,
    system: ManagedObject,
) -> Iterator[Journey]:
    """The usual path of a defect, begun this morning; it is six hours later now."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    with time_machine.travel(now + timedelta(hours=6)):
        yield Journey(cast, now)


@pytest.fixture
def new_defect(system: ManagedObject) -> dict[str, Any]:
    """A complete body of a new defect."""
    return {
        "title": "商户交易查询超时",
        "managed_object": system.pk,
        "phenomenon": "查询三个月以上的交易时页面提示超时,无法导出。",
        "contact_phone": "024-22851234",
        "urgency": "S3",
    }
