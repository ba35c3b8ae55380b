"""Agreements and internal clocks over the API (R56)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from accounts.models import User
from sla.models import Agreement, Target
from tests.tickets.journey import Journey

Program = Callable[[User], APIClient]
BODY: dict[str, Any] = {
    "effective_from": "2027-01-01T00:00:00+08:00", "fix_hours": 8, "plan_hours": 12,
    "report_hours": 24, "reason": "补充协议约定缩短时限",
    "warnings": {"fix": [{"at": "50%", "tell": 2}, {"at": "breach", "tell": 4}]},
}  # fmt: skip
URL = "/api/v1/agreements/"


def test_preview_propose_confirm(
    program: Program, journey: Journey, sysadmin: User, supervisor: User
) -> None:
    shown = program(sysadmin).post(f"{URL}preview/", BODY, format="json")
    assert shown.status_code == 200
    assert shown.json()["untouched"] == []
    assert not Agreement.objects.filter(version=2).exists()
    made = program(sysadmin).post(URL, BODY, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["state"] == "proposed"
    assert [row["at"] for row in made.json()["warnings"]["fix"]] == ["50%", "breach"]
    assert len(made.json()["warnings"]["plan"]) == 5
    done = program(supervisor).post(f"{URL}2/actions/confirm/", {"opinion": ""}, format="json")
    assert done.status_code == 200, done.json()
    assert done.json()["state"] == "confirmed"
    assert [row["version"] for row in program(supervisor).get(URL).json()["results"]] == [2, 1]


def test_refusals(program: Program, journey: Journey, sysadmin: User, reporter: User) -> None:
    tech = journey.cast.tech
    assert program(tech).post(URL, BODY, format="json").status_code == 403
    assert program(tech).post(f"{URL}preview/", BODY, format="json").status_code == 403
    assert program(reporter).get(f"{URL}1/").status_code == 404
    assert program(reporter).get(URL).json()["results"] == []
    client = program(sysadmin)
    wrongs: list[dict[str, Any]] = [
        {"fix_hours": 0}, {"effective_from": "2020-01-01T00:00:00Z"}, {"plan_hours": 8},
        {"warnings": {"fix": "soon"}}, {"warnings": {"lunch": []}}, {"warnings": {"fix": []}},
        {"warnings": {"fix": [{"at": "200%", "tell": 1}]}}, {"reason": "无"},
        {"warnings": [1]}, {"warnings": {"fix": [{"at": "50%", "tell": 7}]}},
    ]  # fmt: skip
    for wrong in wrongs:
        answer = client.post(URL, {**BODY, **wrong}, format="json")
        assert answer.status_code == 400, wrong
        assert answer.json()["error"]["fields"], wrong
    assert Agreement.objects.count() == 1


def test_internal_clocks_are_listed_apart(
    program: Program, journey: Journey, outsider: User
) -> None:
    Target.objects.create(step="accept", level="S3", minutes=240)
    number = journey.submitted().number
    rows = program(journey.cast.tech).get("/api/v1/internal-clocks/?state=running").json()
    assert [(row["record"], row["step"], row["state"]) for row in rows["results"]] == [
        (number, "accept", "running")
    ]
    for person in (outsider, journey.cast.reporter):
        assert program(person).get("/api/v1/internal-clocks/").json()["results"] == []
