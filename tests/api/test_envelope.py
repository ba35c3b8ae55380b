"""One shape for every error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle

from accounts.models import User
from tests.tickets.journey import Journey

Program = Callable[[User], APIClient]


def _error(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert set(answer.json()) == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error["code"] == code
    assert error["message"]
    return error


def test_visitor(db: None) -> None:
    """401 with the scheme to use."""
    answer = APIClient().get("/api/v1/defects/")
    _error(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_wrong_token(db: None) -> None:
    """401 as well."""
    answer = APIClient().get("/api/v1/defects/", headers={"Authorization": "Token " + "a" * 64})
    _error(answer, 401, "authentication_failed")


def test_no_such_address(db: None) -> None:
    """Not a page."""
    _error(APIClient().get("/api/v1/no/such/thing"), 404, "not_found")


def test_no_such_record(program: Program, reporter: User) -> None:
    """404 whether it does not exist or is not ours."""
    _error(program(reporter).get("/api/v1/defects/QX-20261123-9999/"), 404, "not_found")


def test_wrong_method(program: Program, reporter: User) -> None:
    """405."""
    _error(program(reporter).delete("/api/v1/defects/"), 405, "method_not_allowed")


def test_wrong_media_type(program: Program, reporter: User) -> None:
    """415."""
    answer = program(reporter).post("/api/v1/defects/", "x", content_type="application/xml")
    _error(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", ["{", "[1]", '"text"', "3"])
def test_unreadable_body(program: Program, reporter: User, body: str) -> None:
    """400: broken JSON, and JSON that is no object."""
    answer = program(reporter).post("/api/v1/defects/", body, content_type="application/json")
    _error(answer, 400, "parse_error")


def test_fields_at_fault(program: Program, reporter: User, new_defect: dict[str, Any]) -> None:
    """400 names the fields, with the form's own sentences."""
    body = {**new_defect, "title": "", "phenomenon": "无", "urgency": "S1"}
    error = _error(program(reporter).post("/api/v1/defects/", body, format="json"), 400, "invalid")
    assert set(error["fields"]) == {"title", "phenomenon", "urgency"}
    assert all(isinstance(texts, list) for texts in error["fields"].values())


def test_unknown_field(program: Program, reporter: User, new_defect: dict[str, Any]) -> None:
    """A misspelt name is not swallowed."""
    body = {**new_defect, "tilte": "x"}
    error = _error(program(reporter).post("/api/v1/defects/", body, format="json"), 400, "invalid")
    assert set(error["fields"]) == {"tilte"}


def test_nested_value(program: Program, reporter: User, new_defect: dict[str, Any]) -> None:
    """A form takes texts, not objects."""
    body = {**new_defect, "title": {"zh": "x"}}
    error = _error(program(reporter).post("/api/v1/defects/", body, format="json"), 400, "invalid")
    assert set(error["fields"]) == {"title"}


def test_refusals_of_the_service(program: Program, journey: Journey, agent: User) -> None:
    """403 for the wrong person, 409 for the wrong moment, 409 for a stale version."""
    defect = journey.submitted()
    accept = f"/api/v1/defects/{defect.number}/actions/accept/"
    _error(program(agent).post(accept, {}, format="json"), 403, "role")
    support = program(journey.cast.support)
    stale = {"version": defect.row_version - 1}
    _error(support.post(accept, stale, format="json"), 409, "stale")
    assert support.post(accept, {}, format="json").status_code == 200
    _error(support.post(accept, {}, format="json"), 409, "state")


def test_throttle(program: Program, reporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """429 says how long to wait."""
    client = program(reporter)
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min", "anon": "2/min"})
    answers = [client.get("/api/v1/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    _error(answers[2], 429, "throttled")
    assert int(answers[2].headers["Retry-After"]) > 0


def test_session_needs_csrf(reporter: User, new_defect: dict[str, Any]) -> None:
    """A browser's session is not enough to write."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
    _error(client.post("/api/v1/defects/", new_defect, format="json"), 403, "permission_denied")


def test_session_reads(signed_in: Callable[[User], Client], reporter: User) -> None:
    """Reading with a session works."""
    assert signed_in(reporter).get("/api/v1/me/").json()["username"] == reporter.username


def test_language(program: Program, reporter: User) -> None:
    """A token speaks its person's language; Accept-Language wins."""
    client = program(reporter)
    german = {"Accept-Language": "de"}
    assert client.get("/api/v1/defects/x/").headers["Content-Language"] == "zh-hans"
    assert client.get("/api/v1/defects/x/", headers=german).headers["Content-Language"] == "zh-hans"
    english = client.get("/api/v1/defects/x/", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    assert english.headers["Content-Language"] == "en"
    assert english.json()["error"]["message"].startswith("There is no such record")
    reporter.language = "en"
    reporter.save()
    assert client.get("/api/v1/defects/x/").headers["Content-Language"] == "en"


def test_server_error(program: Program, reporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 is JSON too, with an id that stands in the log."""
    client = program(reporter)
    client.raise_request_exception = False

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("tickets.api.defects.DefectListApiView.get_queryset", fail)
    error = _error(client.get("/api/v1/defects/"), 500, "server_error")
    assert len(error["request_id"]) == 32
    assert "disk full" not in error["message"]
