"""Every act has an address, is described, and does over the API what it does on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import RoleGrant, User
from incidents.actions import INCIDENT_ACTIONS
from incidents.services import report_incident
from operations.models import ManagedObject
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tickets.actions import DEFECT_ACTIONS
from tickets.actions_consultations import CONSULTATION_ACTIONS
from tickets.actions_knowledge import KNOWLEDGE_ACTIONS
from tickets.services.consultations import Question, record_consultation
from tickets.services.knowledge import Wording, propose
from workflow.actions import Action, ActionSet

Program = Callable[[User], APIClient]
SETS: dict[str, ActionSet] = {
    "defects": DEFECT_ACTIONS,
    "consultations": CONSULTATION_ACTIONS,
    "incidents": INCIDENT_ACTIONS,
    "knowledge": KNOWLEDGE_ACTIONS,
}
EVERY = [(kind, action) for kind, actions in SETS.items() for action in actions]


def _ids() -> Iterator[str]:
    return (f"{kind}-{action.code}" for kind, action in EVERY)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The OpenAPI description."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    described: dict[str, Any] = generator.get_schema(request=None, public=True)
    return described


@pytest.mark.parametrize(("kind", "action"), EVERY, ids=_ids())
def test_described(schema: dict[str, Any], kind: str, action: Action) -> None:
    """OpenAPI lists the act with every field of its form."""
    described = schema["paths"][f"/api/v1/{kind}/{{key}}/actions/{action.code}/"]["post"]
    assert described["operationId"] == f"{kind}_{action.code}"
    assert {"200", "400", "403", "404", "409"} <= set(described["responses"])
    fields = set(action.form.base_fields)
    reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    properties = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]["properties"]
    assert set(properties) == fields


@pytest.mark.parametrize(("kind", "action"), EVERY, ids=_ids())
def test_closed_to_visitors(db: None, kind: str, action: Action) -> None:
    """401 without a token, for every act."""
    url = reverse(f"api:{kind}_{action.code}", args=["X-1"])
    assert APIClient().post(url, {}, format="json").status_code == 401


@pytest.mark.parametrize(("kind", "action"), EVERY, ids=_ids())
def test_out_of_scope(
    program: Program,
    outsider: User,
    journey: Journey,
    system: ManagedObject,
    kind: str,
    action: Action,
) -> None:
    """404 for a stranger, whatever the act and the input."""
    if kind == "defects":
        number = journey.submitted().number
    else:
        make = {"consultations": _consultation, "incidents": _incident, "knowledge": _article}
        number = make[kind](journey, system)
    url = reverse(f"api:{kind}_{action.code}", args=[number])
    assert program(outsider).post(url, {"version": 0}, format="json").status_code == 404


def test_there_is_no_other_act() -> None:
    """Nothing but the listed acts has an address."""
    with pytest.raises(NoReverseMatch):
        reverse("api:defects_assign", args=["X-1"])


def test_whole_path(program: Program, journey: Journey, new_defect: dict[str, Any]) -> None:
    """From submission to close, JSON only."""
    cast = journey.cast
    number = (
        program(cast.reporter).post("/api/v1/defects/", new_defect, format="json").json()["number"]
    )

    def do(person: User, code: str, **body: Any) -> str:
        url = f"/api/v1/defects/{number}/actions/{code}/"
        answer = program(person).post(url, body, format="json")
        assert answer.status_code == 200, (code, answer.json())
        return str(answer.json()["state"])

    text = "连接池配置过小,高峰时段交易排队"
    assert do(cast.support, "accept") == "triaging"
    assert (
        do(
            cast.support,
            "classify_technical",
            participants=[cast.support.pk, cast.tech.pk],
            basis=text,
            module="交易查询",
            assignee=cast.tech.pk,
        )
        == "tech_processing"
    )
    assert (
        do(
            cast.tech,
            "send_for_sign_off",
            confirmed=True,
            cause_class="parameter",
            module="交易查询",
            solvable=True,
            cause=text,
            measures=text,
            impact=text,
            risk=text,
            rollback_plan=text,
            testing=text,
            planned_at="2026-11-24T22:00:00+08:00",
            planned_implementer=cast.implementer.pk,
            change_kinds=["parameter"],
        )
        == "pending_signoff"
    )
    offered = _offer(program(cast.supervisor), number, "approve")
    shown = {field["name"]: field["initial"] for field in offered["input"]}
    assert (
        do(cast.supervisor, "approve", solution_hash=shown["solution_hash"], password=PASSWORD)
        == "approved"
    )
    assert do(cast.implementer, "start", backup=text) == "implementing"
    assert (
        do(
            cast.implementer,
            "finish",
            steps=text,
            result=text,
            kind="parameter",
            reason=text,
            before="maxPool=20",
            after="maxPool=60",
        )
        == "verifying"
    )
    assert do(cast.agent, "verify_solved", evidence=text, method=text) == "resolved"
    assert do(cast.support, "report_upward", content=text) == "resolved"
    assert (
        do(
            cast.support,
            "reply",
            recipient_kind="submitting_unit",
            channel="desk",
            solution=text,
            analysis=text,
            cause=text,
        )
        == "replied"
    )
    assert do(cast.superior, "acknowledge_report") == "replied"
    assert do(cast.reporter, "close", rating=5) == "closed"


def test_four_eyes_hold(program: Program, journey: Journey, supervisor: User) -> None:
    """The API is no way around (I04): the wrong password, then a stranger to the act."""
    defect = journey.pending_signoff()
    url = f"/api/v1/defects/{defect.number}/actions/approve/"
    answer = program(supervisor).post(
        url, {"solution_hash": "x" * 64, "password": "wrong"}, format="json"
    )
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {"password"}
    assert program(journey.cast.tech).post(url, {}, format="json").status_code == 403
    defect.refresh_from_db()
    assert defect.state == "pending_signoff"


def test_offers(program: Program, journey: Journey) -> None:
    """Possible acts with what fits the record; the others with the reason why not."""
    number = journey.submitted().number
    accept = _offer(program(journey.cast.support), number, "accept")
    assert (accept["allowed"], accept["reason"]) == (True, "")
    assert accept["url"] == f"/api/v1/defects/{number}/actions/accept/"
    assert program(journey.cast.tech).get(f"/api/v1/defects/{number}/actions/").json() is not None
    triaging = journey.triaging()
    classify = _offer(program(journey.cast.support), triaging.number, "classify_technical")
    fields = {field["name"]: field for field in classify["input"]}
    tech = journey.cast.tech
    assert {"value": str(tech.pk), "label": f"{tech.name} ({tech.staff_no})"} in fields["assignee"][
        "choices"
    ]


def test_greyed_with_the_reason(program: Program, journey: Journey) -> None:
    """Somebody else must verify: the implementer learns why he may not."""
    defect = journey.verifying()
    RoleGrant.objects.create(user=journey.cast.implementer, role="support")
    offer = _offer(program(journey.cast.implementer), defect.number, "verify_solved")
    assert not offer["allowed"]
    assert offer["reason"]
    assert offer["input"] == []


def test_incident_acts(
    program: Program, journey: Journey, system: ManagedObject, support: User
) -> None:
    """E2 and E3 over the API; the clocks run afterwards."""
    number = _incident(journey, system)
    client = program(support)
    base = f"/api/v1/incidents/{number}/"
    assert client.post(f"{base}actions/acknowledge/", {}, format="json").status_code == 200
    offered = client.get(f"{base}actions/").json()
    body = _fill(next(each for each in offered if each["code"] == "declare_s1"))
    answer = client.post(f"{base}actions/declare_s1/", body, format="json")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["severity"] == "S1"
    assert {clock["kind"] for clock in client.get(base).json()["clocks"]} == {"fix", "plan"}
    assert client.get("/api/v1/incidents/?severity=S1").json()["results"][0]["number"] == number


def test_consultation_acts(
    program: Program, agent: User, reporter: User, system: ManagedObject, now: datetime
) -> None:
    """C2, then C3."""
    client = program(agent)
    body = {
        "caller_name": "张丽", "caller_phone": "8012", "unit": reporter.organisation_id,
        "channel": "hotline", "managed_object": system.pk, "question": "商户号查询在哪个菜单?",
        "started_at": now.isoformat(),
    }  # fmt: skip
    number = client.post("/api/v1/consultations/", body, format="json").json()["number"]
    url = f"/api/v1/consultations/{number}/actions/close/"
    assert client.post(url, {"answer": "略"}, format="json").status_code == 400
    answer = client.post(url, {"answer": "在商户管理的综合查询里。"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["state"] == "closed"


def _offer(client: APIClient, number: str | None, code: str) -> dict[str, Any]:
    offers = client.get(f"/api/v1/defects/{number}/actions/").json()
    found: dict[str, Any] = next(offer for offer in offers if offer["code"] == code)
    return found


def _fill(offer: dict[str, Any]) -> dict[str, Any]:
    """The act's input as offered: initial values, the first choice, a sentence."""
    body: dict[str, Any] = {}
    for field in offer["input"]:
        if field["initial"] not in (None, ""):
            body[field["name"]] = field["initial"]
        elif field["required"]:
            choices = [each["value"] for each in field["choices"] or []]
            body[field["name"]] = choices[0] if choices else "全部收单业务中断,无法交易"
    return body


def _incident(journey: Journey, system: ManagedObject) -> str:
    reporter = journey.cast.reporter
    return report_incident(
        actor=journey.cast.agent, now=journey.now, title="收单业务中断",
        phenomenon="全部终端提示网络超时,无法交易", managed_object=system,
        unit=reporter.organisation, reporter=reporter, reporter_name=reporter.name,
        reporter_phone="024-22851234", claimed_down=True,
    ).number  # fmt: skip


def _article(journey: Journey, system: ManagedObject) -> str:
    wording = Wording("怎样查询商户号", "商户号在哪个菜单里?", "在商户管理的综合查询里。")
    return propose(actor=journey.cast.agent, now=journey.now, wording=wording).number


def _consultation(journey: Journey, system: ManagedObject) -> str:
    reporter = journey.cast.reporter
    question = Question(
        caller=reporter, caller_name=reporter.name, caller_phone="8012",
        unit=reporter.organisation, channel="hotline", managed_object=system,
        question="商户号查询在哪个菜单里?", started_at=journey.now,
    )  # fmt: skip
    return record_consultation(
        actor=journey.cast.agent, now=journey.now, question=question, close=False
    ).number
