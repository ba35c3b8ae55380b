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
from tickets.services import corrections, ending, grouping, links, replies
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
    "escalate": [
        ([*NUMBERED, "replied"], ["agent", "support"]),
    ],
    "receive": [],  # nothing is merged
    "reopen": [(["replied", "closed"], ["reporter", "support"])],
    "rate": [],  # rated when it was closed
    "correct": [(["closed"], ["agent", "support", "tech", "tech2", "biz"])],
    "confirm_correction": [],  # there is no note
    "unmerge": [],
    "link": [([*NUMBERED, "replied", "closed"], ["support", "tech", "tech2", "biz"])],
    "unlink": [],  # there are no links
    "ask_withdraw": [(["tech_processing"], ["reporter"])],
    "agree_withdraw": [],  # nobody asked
    "decline_withdraw": [],
    "ask_void": [(["submitted"], ["support"])],
    "confirm_void": [],
    "decline_void": [],
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


TEXT = "说明文字足够长的一句话"


def _asked(journey: Journey, kind: str) -> Defect:
    """Somebody has asked to withdraw, or to void."""
    now, cast = journey.later(), journey.cast
    if kind == "withdraw":
        defect = journey.tech_processing()
        return ending.ask_withdrawal(defect, actor=cast.reporter, now=journey.later(), opinion=TEXT)
    return ending.ask_void(
        journey.submitted(), actor=cast.support, now=now, cause="test", opinion=TEXT
    )


def _merged(journey: Journey, *, replied: bool) -> Defect:
    """Merged into another, which may have been replied to."""
    parent = journey.tech_processing()
    child = grouping.merge(
        journey.submitted(), actor=journey.cast.support, now=journey.later(), parent=parent
    )
    if replied:
        signed = journey.approved(journey.pending_signoff(Defect.objects.get(pk=parent.pk)))
        journey.replied(journey.resolved(journey.verifying(journey.implementing(signed))))
    return Defect.objects.get(pk=child.pk)


def _unrated(journey: Journey) -> Defect:
    defect = journey.acknowledge(journey.replied())
    return replies.accept_reply(defect, actor=journey.cast.reporter, now=journey.later())


def _noted(journey: Journey) -> Defect:
    return corrections.add_correction(
        journey.closed(), actor=journey.cast.support, now=journey.later(), text=TEXT
    )


def _linked(journey: Journey) -> Defect:
    return links.link(
        journey.triaging(), actor=journey.cast.support, now=journey.later(), kind="related",
        target=journey.triaging(),
    )  # fmt: skip


# Acts that no state allows by itself: who does them, and what must have happened first.
PREPARED: dict[str, tuple[str, Callable[[Journey], Defect]]] = {
    "reply": ("support", lambda journey: journey.report_upward(journey.resolved())),
    "close": ("reporter", lambda journey: journey.acknowledge(journey.replied())),
    "receive": ("reporter", lambda journey: _merged(journey, replied=True)),
    "rate": ("reporter", _unrated),
    "unmerge": ("support", lambda journey: _merged(journey, replied=False)),
    "unlink": ("support", _linked),
    "confirm_correction": ("supervisor", _noted),
    "agree_withdraw": ("support", lambda journey: _asked(journey, "withdraw")),
    "decline_withdraw": ("support", lambda journey: _asked(journey, "withdraw")),
    "confirm_void": ("supervisor", lambda journey: _asked(journey, "void")),
    "decline_void": ("supervisor", lambda journey: _asked(journey, "void")),
}


@pytest.mark.parametrize("action", [action.code for action in DEFECT_ACTIONS])
def test_a_stale_page_is_refused(
    action: str,
    journey: Journey,
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    """Whoever may do an act still cannot do it from a page made before somebody else's change."""
    if action in PREPARED:
        person, prepare = PREPARED[action]
        defect = prepare(journey)
    else:
        states, people = MAY[action][0]
        person, defect = people[0], journey.at(states[0])
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
    text = TEXT
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
        "receive": {"rating": 4},
        "rate": {"rating": 4, "comment": text},
        "escalate": {"severity": "S2", "impact": text},
        "ask_void": {"cause": "test", "opinion": text},
        "link": {"kind": "related", "target": journey.triaging()} if action == "link" else {},
        "correct": {"text": text},
        "confirm_correction": {
            "correction": defect.corrections.first(), "decision": "confirmed",
        },
        "unlink": {"tie": defect.links.first()},
        "merge": {"parent": journey.triaging()} if action == "merge" else {},
        "attach": {"files": [SimpleUploadedFile("a.txt", b"text")]},
    }  # fmt: skip
    return known.get(action, {"opinion": text})
