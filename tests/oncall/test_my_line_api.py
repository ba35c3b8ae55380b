"""How I am called, over the API: the same services as the page (R14)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from oncall.models import Page
from oncall.services.reach import reach_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/my-line/"


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    """Somebody's program."""

    def make(person: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    return make


def test_wishes_are_read_and_changed(tech: User, client_of: Callable[[User], APIClient]) -> None:
    api = client_of(tech)
    changed = api.patch(ADDRESS, {"urgent": ["email", "sms"]}, format="json")

    assert changed.status_code == 200
    assert reach_of(tech) == {"urgent": ["sms", "email"], "routine": [], "drill": []}
    assert api.get(ADDRESS).json() == {
        "phone": tech.phone, "warnings": [], "wishes": reach_of(tech),
    }  # fmt: skip


def test_a_channel_that_does_not_exist_is_refused(
    tech: User, client_of: Callable[[User], APIClient]
) -> None:
    answer = client_of(tech).patch(ADDRESS, {"urgent": ["pigeon"]}, format="json")

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]["urgent"]


def test_a_test_call_rings_and_is_not_doubled(
    tech: User, client_of: Callable[[User], APIClient]
) -> None:
    first, second = (client_of(tech).post(f"{ADDRESS}test-call/") for _time in range(2))

    assert (first.status_code, first.json()["kind"]) == (201, "test")
    assert first.json()["id"] == second.json()["id"]


def test_without_a_number_there_is_nothing_to_try(
    tech: User, client_of: Callable[[User], APIClient]
) -> None:
    tech.phone = ""
    tech.save()

    assert client_of(tech).post(f"{ADDRESS}test-call/").status_code == 409
    assert not Page.objects.exists()


@pytest.mark.parametrize("name", ["reporter", "superior", "auditor"])
def test_people_who_are_never_called_find_nothing(
    name: str, client_of: Callable[[User], APIClient], request: pytest.FixtureRequest
) -> None:
    api = client_of(request.getfixturevalue(name))

    assert api.get(ADDRESS).status_code == 404
    assert api.post(f"{ADDRESS}test-call/").status_code == 404
