"""Shared by the tests of the teamwork room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from accounts.roles import Role
from tests.tickets.conftest import journey

__all__ = ["journey"]


@pytest.fixture
def deputy(make_person: Callable[..., User], company: Organisation) -> User:
    """A colleague at the desk who is no supervisor."""
    return make_person("sunyue", "孙悦", company, Role.AGENT)
