"""Defects and consultations over the API: scope, idempotency, lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from operations.models import ManagedObject
from tests.tickets.journey import Journey
from tickets.models import Consultation, Defect
from tickets.services import corrections, ending, links

Program = Callable[[User], APIClient]


def test_submit(program: Program, reporter: User, new_defect: dict[str, Any]) -> None:
    """201 with the number; the record is as the page would have made it."""
    answer = program(reporter).post("/api/v1/defects/", new_defect, format="json")
    assert answer.status_code == 201, answer.content
    defect = Defect.objects.get(number=answer.json()["number"])
    assert (defect.state, defect.reporter, defect.holder_role) == ("submitted", reporter, "support")


def test_same_key_same_defect(
    program: Program, reporter: User, teammate: User, new_defect: dict[str, Any]
) -> None:
    """A repeated request gives the first defect; another person's same key does not."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    mine, other = program(reporter), program(teammate)
    first = mine.post("/api/v1/defects/", new_defect, format="json", headers=key)
    again = mine.post("/api/v1/defects/", new_defect, format="json", headers=key)
    theirs = other.post("/api/v1/defects/", new_defect, format="json", headers=key)
    assert first.json()["number"] == again.json()["number"] != theirs.json()["number"]
    assert Defect.objects.count() == 2


def test_key_must_be_a_uuid(program: Program, reporter: User, new_defect: dict[str, Any]) -> None:
    """400 names the header."""
    answer = program(reporter).post(
        "/api/v1/defects/", new_defect, format="json", headers={"Idempotency-Key": "1"}
    )
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {"Idempotency-Key"}


def test_on_behalf(
    program: Program, reporter: User, agent: User, teammate: User, new_defect: dict[str, Any]
) -> None:
    """The desk files for a bank user; a bank user does not file for another."""
    body = {**new_defect, "reporter": "zhangli"}
    answer = program(agent).post("/api/v1/defects/", body, format="json")
    assert answer.status_code == 201
    defect = Defect.objects.get()
    assert (defect.reporter, defect.filed_by) == (reporter, agent)
    assert program(teammate).post("/api/v1/defects/", body, format="json").status_code == 403


def test_who_may_not_submit(
    program: Program, manager: User, auditor: User, new_defect: dict[str, Any]
) -> None:
    """403 before anything is said about the input."""
    for person in (manager, auditor):
        assert program(person).post("/api/v1/defects/", {}, format="json").status_code == 403


def test_scope(
    program: Program, journey: Journey, teammate: User, outsider: User, auditor: User
) -> None:
    """The own unit and the desk; others get 404 and an empty list."""
    number = journey.submitted().number
    address = f"/api/v1/defects/{number}/"
    for person in (teammate, journey.cast.agent):
        client = program(person)
        assert client.get(address).status_code == 200
        assert [row["number"] for row in client.get("/api/v1/defects/").json()["results"]] == [
            number
        ]
    for person in (outsider, auditor, journey.cast.superior):
        client = program(person)
        for below in ("", "actions/", "attachments/"):
            assert client.get(address + below).status_code == 404
        assert client.post(f"{address}actions/accept/", {}, format="json").status_code == 404
        assert client.get("/api/v1/defects/").json()["results"] == []


def test_internal_parts(program: Program, journey: Journey) -> None:
    """The solution under way is the desk's own; phones are masked for the unit's other people."""
    defect = journey.pending_signoff()
    address = f"/api/v1/defects/{defect.number}/"
    assert program(journey.cast.supervisor).get(address).json()["solution"]["version"] == 1
    seen = program(journey.cast.reporter).get(address).json()
    assert seen["solution"] is None
    assert seen["contact_phone"] == "024-22851234"


def test_what_stands_around_it(program: Program, journey: Journey, outsider: User) -> None:
    """Ties, requests and corrections, each as far as its reader may see them (R41, D29)."""
    other, defect = journey.triaging(), journey.tech_processing()
    support, reporter = journey.cast.support, journey.cast.reporter
    links.link(defect, actor=support, now=journey.later(), kind="duplicate", target=other)
    ending.ask_withdrawal(
        defect, actor=reporter, now=journey.later(), opinion="已自行恢复，无需处理"
    )
    address = f"/api/v1/defects/{defect.number}/"
    for person in (support, reporter):
        seen = program(person).get(address).json()
        assert [each["number"] for each in seen["links"]] == [other.number]
        assert [(each["kind"], each["state"]) for each in seen["requests"]] == [
            ("withdraw", "open")
        ]
        assert seen["corrections"] == []
    assert program(outsider).get(address).status_code == 404


def test_corrections_count_for_the_bank_once_confirmed(program: Program, journey: Journey) -> None:
    """Section 2.1: a note after closing, then a supervisor who did not write it."""
    defect = journey.closed()
    with time_machine.travel(journey.later() + timedelta(days=2), tick=False):
        now = timezone.now()
        corrections.add_correction(
            defect, actor=journey.cast.support, now=now, text="影响商户应为 12 户"
        )
        note = defect.corrections.get()
        desk, bank = program(journey.cast.support), program(journey.cast.reporter)
        address = f"/api/v1/defects/{defect.number}/"
        assert [each["state"] for each in desk.get(address).json()["corrections"]] == ["pending"]
        assert bank.get(address).json()["corrections"] == []
        corrections.decide_correction(
            defect, actor=journey.cast.supervisor, now=now, correction=note, decision="confirmed"
        )
        told = bank.get(address).json()["corrections"]
        assert [each["text"] for each in told] == ["影响商户应为 12 户"]


def test_phone_masked_for_a_teammate(program: Program, journey: Journey, teammate: User) -> None:
    """Only the desk and the reporter see it in full (I12)."""
    defect = journey.submitted()
    seen = program(teammate).get(f"/api/v1/defects/{defect.number}/").json()
    assert "*" in seen["contact_phone"]


def test_filters_and_pages(program: Program, journey: Journey) -> None:
    """State, words, cursor."""
    numbers = [journey.submitted().number for _ in range(3)]
    accepted = journey.triaging().number
    client = program(journey.cast.support)

    def found(query: str) -> list[str]:
        return [row["number"] for row in client.get(f"/api/v1/defects/?{query}").json()["results"]]

    assert found("state=triaging") == [accepted]
    assert found(f"q={numbers[0]}") == [numbers[0]]
    assert found("holder=lina") == [accepted]
    assert found("unit=999999") == []
    first = client.get("/api/v1/defects/?page_size=2").json()
    second = client.get(first["next"]).json()
    listed = [row["number"] for row in first["results"] + second["results"]]
    assert listed == [accepted, *reversed(numbers)]
    assert second["next"] is None


def test_bad_filter(program: Program, support: User) -> None:
    """400, not everything."""
    answer = program(support).get("/api/v1/defects/?state=nonsense")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {"state"}


def test_list_costs_the_same_for_many(
    program: Program,
    journey: Journey,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """A fixed number of queries."""
    for _ in range(5):
        journey.submitted()
    client = program(journey.cast.support)
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/v1/defects/").json()["results"]) == 5


def test_draft_by_key(program: Program, journey: Journey, teammate: User) -> None:
    """A draft is found by its key, by those who write it."""
    draft = journey.draft()
    address = f"/api/v1/defects/{draft.key}/"
    assert program(journey.cast.reporter).get(address).json()["state"] == "draft"
    assert program(teammate).get(address).status_code == 404


def test_attach(program: Program, journey: Journey) -> None:
    """Files are judged by their content (I06)."""
    number = journey.submitted().number
    client = program(journey.cast.reporter)
    address = f"/api/v1/defects/{number}/attachments/"
    good = SimpleUploadedFile("日志.txt", "错误 500".encode())
    bad = SimpleUploadedFile("x.pdf.exe", b"MZ")
    answer = client.post(address, {"files": [good]}, format="multipart")
    assert answer.status_code == 201, answer.content
    assert [row["name"] for row in client.get(address).json()] == ["日志.txt"]
    refused = client.post(address, {"files": [bad]}, format="multipart")
    assert refused.status_code == 400
    assert set(refused.json()["error"]["fields"]) == {"files"}


@pytest.fixture
def call(system: ManagedObject, reporter: User) -> dict[str, Any]:
    """A consultation, answered."""
    return {
        "caller": "zhangli", "caller_name": "张丽", "caller_phone": "024-22851234",
        "unit": reporter.organisation_id, "channel": "hotline", "managed_object": system.pk,
        "question": "商户号查询在哪个菜单里?", "answer": "在“商户管理—综合查询”里输入商户号。",
        "close": True, "started_at": "2026-11-23T08:00:00+08:00",
    }  # fmt: skip


def test_record_consultation(
    program: Program, agent: User, reporter: User, call: dict[str, Any]
) -> None:
    """C1, once for the same key; a time zone in the instant is respected."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    client = program(agent)
    answers = [
        client.post("/api/v1/consultations/", call, format="json", headers=key) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
    assert answers[0].json()["number"] == answers[1].json()["number"]
    consultation = Consultation.objects.get()
    assert (consultation.state, consultation.caller) == ("closed", reporter)
    assert consultation.started_at.isoformat() == "2026-11-23T00:00:00+00:00"


def test_nobody_assigns_a_consultation(
    program: Program, agent: User, reporter: User, call: dict[str, Any]
) -> None:
    """R29: there is no such act, and a bank user records none."""
    client = program(agent)
    number = client.post("/api/v1/consultations/", call, format="json").json()["number"]
    for code in ("assign", "approve", "report_upward"):
        address = f"/api/v1/consultations/{number}/actions/{code}/"
        assert client.post(address, {}, format="json").status_code == 404
    assert program(reporter).post("/api/v1/consultations/", call, format="json").status_code == 403
