"""A browser that signs in at the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD


@pytest.fixture
def at_login() -> Callable[[User], Client]:
    """Signed in with user name and password."""

    def sign_in(user: User) -> Client:
        client = Client()
        answer = client.post("/login/", {"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return sign_in
