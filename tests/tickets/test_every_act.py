"""Every act × state × person: what the table does not allow is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

import workflow.middleware
import workflow.views
from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from tests.tickets.journey import Journey
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect
from tickets.services.inputs import ChangeInput
from workflow.errors import StaleVersion

pytestmark = pytest.mark.django_db

PEOPLE = [
    "reporter", "teammate", "agent", "support", "tech", "tech2", "biz", "supervisor",
    "implementer", "monitor", "superior", "manager", "sysadmin", "secadmin", "auditor", "outsider",
]  # fmt: skip
STATES = [
    "draft", "submitted", "returned", "triaging", "tech_processing", "pending_signoff", "approved",
    "implementing", "verifying", "resolved", "replied", "closed",
]  # fmt: skip
DESK = ["agent", "support", "tech", "tech2", "biz", "supervisor", "implementer"]
UNANSWERED = [state for state in STATES if state not in ("replied", "closed")]
NUMBERED = [state for state in UNANSWERED if state != "draft"]
CONFIRMED = ["pending_signoff", "approved", "implementing", "verifying", "resolved"]
# Act → the states in which, and the people by whom, it may be done. Nothing else may.
MAY: dict[str, list[tuple[list[str], list[str]]]] = {
    "save": [(["draft"], ["reporter"])],
    "submit": [(["draft", "returned"], ["reporter"])],
    "accept": [(["submitted"], ["support"])],
    "return": [(["submitted", "triaging"], ["support"])],
    "classify_technical": [(["triaging"], ["support"])],
    "classify_business": [(["triaging"], ["support"])],
    "convert": [(["triaging"], ["support"])],
    "send_for_sign_off": [(["tech_processing"], ["tech"])],
    "not_confirmed": [(["tech_processing"], ["tech"])],
    "back_to_triage": [(["tech_processing"], ["tech"])],
    "save_plan": [(["tech_processing"], ["tech"])],
    "reclassify": [(["tech_processing"], ["tech"])],
    "reclassify_agree": [],
    "reclassify_refuse": [],
    "ask_groups": [(["tech_processing"], ["tech", "support"])],
    "answer_group": [],
    "remove_group": [],
    "unsolvable": [(["tech_processing"], ["tech"])],
    "unsolvable_agree": [],
    "unsolvable_refuse": [],
    "recall": [(["pending_signoff"], ["tech"])],
    "release_emergency": [],
    "sign_emergency": [],
    "change_plan": [(["approved", "implementing"], ["implementer", "tech"])],
    "decide": [],
    "resume": [],
    "record_acknowledgement": [],
    "approve": [(["pending_signoff"], ["supervisor"])],
    "send_back": [(["pending_signoff"], ["supervisor"])],
    "start": [(["approved"], ["implementer"])],
    "finish": [(["implementing"], ["implementer"])],
    "fail": [(["implementing"], ["implementer"])],
    "verify_solved": [(["verifying"], ["agent", "support"])],
    "verify_unsolved": [(["verifying"], ["agent", "support"])],
    "report_upward": [(CONFIRMED, ["support"])],
    "acknowledge_report": [(["replied"], ["superior"])],
    "reply": [],  # the report upward is still due in "resolved"
    "close": [],  # the report upward is not acknowledged in "replied"
    "merge": [
        (["submitted", "triaging", "tech_processing"], ["support"]),
        (["tech_processing"], ["tech"]),
    ],
    "attach": [(UNANSWERED, ["reporter"]), (NUMBERED, DESK)],
    "withdraw": [(["draft", "submitted", "returned", "triaging"], ["reporter"])],
}


def may(action: str, state: str, person: str) -> bool:
    """What the table says."""
    return any(state in states and person in people for states, people in MAY[action])


def test_the_table_names_every_act() -> None:
    assert {action.code for action in DEFECT_ACTIONS} == set(MAY)


@pytest.fixture
def plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without their looks: this is about who may, a thousand times over."""

    def render(request: Any, template: str, context: Any = None, status: int = 200) -> HttpResponse:
        return HttpResponse(template, status=status)

    monkeypatch.setattr(workflow.views, "render", render)
    monkeypatch.setattr(workflow.middleware, "render", render)


@pytest.mark.parametrize("state", STATES)
def test_the_table_says_who_may(
    state: str, journey: Journey, request: pytest.FixtureRequest
) -> None:
    """Policy and scope together, every person × every act in this state."""
    defect = journey.at(state)
    wrong = []
    for person in PEOPLE:
        user = request.getfixturevalue(person)
        seen = Defect.objects.visible_to(user).filter(pk=defect.pk).exists()
        for action in DEFECT_ACTIONS:
            allowed = seen and bool(action.policy(user, defect))
            if allowed != may(action.code, state, person):
                wrong.append(f"{person} {action.code}: {allowed}")
    assert wrong == []


@pytest.mark.parametrize("state", STATES)
def test_a_forged_request_is_refused_and_changes_nothing(
    state: str,
    journey: Journey,
    request: pytest.FixtureRequest,
    signed_in: Callable[[User], Client],
    plain_pages: None,
) -> None:
    """Wrong person in the right state: 403 or 404. Right person in the wrong state: 409."""
    defect = journey.at(state)
    clients = {person: signed_in(request.getfixturevalue(person)) for person in PEOPLE}
    before = _everything(defect)
    wrong = []
    for action, person in _forged(state):
        url = f"/defects/{defect.key}/do/{action}/"
        opinion = "越权提交的说明文字"
        answer = clients[person].post(url, {"version": defect.row_version, "opinion": opinion})
        if answer.status_code not in (403, 404, 409):
            wrong.append(f"{person} {action}: {answer.status_code}")
    assert wrong == []
    assert _everything(defect) == before


def _forged(state: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for action, rows in MAY.items():
        usual = {person for _states, people in rows for person in people} or {"support", "reporter"}
        here = any(state in states for states, _people in rows)
        people = PEOPLE if here else sorted(usual)
        pairs += [(action, person) for person in people if not may(action, state, person)]
    return pairs


def _everything(defect: Defect) -> dict[str, Any]:
    """The row as it stands, and how often something was done to it."""
    row = Defect.objects.filter(pk=defect.pk).values().get()
    row["events"] = Event.objects.filter(
        target_type="tickets.defect", target_id=str(defect.pk), outcome="done"
    ).count()
    return row


USUAL = [
    code for code in MAY
    if MAY[code] and code not in ("ask_groups", "unsolvable", "save_plan")
] + ["reply", "close"]  # fmt: skip


@pytest.mark.parametrize("action", USUAL)
def test_a_stale_page_is_refused(
    action: str,
    journey: Journey,
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    """Whoever may do an act still cannot do it from a page made before somebody else's change."""
    if not MAY[action]:
        state, person = ("resolved", "support") if action == "reply" else ("replied", "reporter")
    else:
        states, people = MAY[action][0]
        state, person = states[0], people[0]
    defect = journey.at(state)
    if action == "reply":
        defect = journey.report_upward(defect)
    if action == "close":
        defect = journey.acknowledge(defect)
    user = request.getfixturevalue(person)
    arguments = _arguments(action, journey, defect)
    before = _everything(defect)
    run = DEFECT_ACTIONS.get(action)
    assert run is not None
    with pytest.raises(StaleVersion):
        run.run(
            defect, actor=user, now=journey.later(), version=defect.row_version - 1, **arguments
        )
    assert _everything(defect) == before
    done = run.run(defect, actor=user, now=journey.later(), version=defect.row_version, **arguments)
    assert done.row_version == defect.row_version + 1


def _arguments(action: str, journey: Journey, defect: Defect) -> dict[str, Any]:
    text = "说明文字足够长的一句话"
    cast = journey.cast
    classified: dict[str, Any] = {
        "participants": [cast.support], "basis": text, "module": "查询", "assignee": cast.tech,
    }  # fmt: skip
    if action == "classify_business":
        RoleGrant.objects.create(user=cast.tech, role=Role.BIZ)
        classified["assignee"] = User.objects.get(pk=cast.tech.pk)
    latest = defect.solutions.order_by("version").last()
    known: dict[str, dict[str, Any]] = {
        "save": {"form": journey.form()},
        "submit": {"form": journey.form()},
        "accept": {},
        "classify_technical": classified,
        "classify_business": classified,
        "convert": {"explainer": cast.support, "explanation": text},
        "send_for_sign_off": {"plan": journey.plan()},
        "approve": {"solution_hash": latest.content_hash if latest else ""},
        "start": {"backup": text},
        "finish": {
            "steps": text, "result": text, "change": ChangeInput("parameter", text, text, text),
        },
        "verify_solved": {"evidence": text, "method": text},
        "report_upward": {"content": text},
        "acknowledge_report": {},
        "reply": {
            "recipient_kind": "submitting_unit", "solution": text, "analysis": text, "cause": text,
        },
        "close": {"rating": None},
        "merge": {"parent": journey.triaging()} if action == "merge" else {},
        "attach": {"files": [SimpleUploadedFile("a.txt", b"text")]},
    }  # fmt: skip
    return known.get(action, {"opinion": text})
