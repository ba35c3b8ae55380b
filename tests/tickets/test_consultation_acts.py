"""Every act on a consultation × state × person (C3–C7); what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

import workflow.middleware
import workflow.views
from accounts.models import User
from audit.models import Event
from operations.models import ManagedObject
from tests.tickets.journey import Cast, Journey
from tickets.actions_consultations import CONSULTATION_ACTIONS
from tickets.models import Consultation
from tickets.services import afterwards, consultations, conversions, objections, triage

TEXT = "说明文字足够长的一句话"
PEOPLE = [
    "reporter", "teammate", "agent", "support", "tech", "biz", "supervisor", "implementer",
    "monitor", "superior", "manager", "sysadmin", "secadmin", "auditor", "outsider",
]  # fmt: skip
# locked: closed 25 hours ago · old: closed eight days ago · corrected: locked, with a note waiting
# from_defect: made by D7 · objected: made by D7 a second time, and objected to again.
STATES = [
    "open", "closed", "locked", "old", "corrected", "from_defect", "objected", "converted",
    "voided",
]  # fmt: skip
TAKERS = ["agent", "support"]
MAY: dict[str, list[tuple[list[str], list[str]]]] = {
    "close": [(["open"], TAKERS)],
    "convert": [(["open"], TAKERS)],
    "escalate": [(["open", "closed", "from_defect", "objected"], TAKERS)],
    "object": [(["from_defect"], ["reporter"])],
    "rule": [(["objected"], ["supervisor"])],
    "rate": [(["closed", "locked", "corrected", "from_defect", "objected"], ["reporter"])],
    "amend": [(["closed", "from_defect", "objected"], TAKERS)],
    "correct": [(["locked", "old", "corrected"], TAKERS)],
    "confirm_correction": [(["corrected"], ["supervisor"])],
    "reopen": [(["closed", "locked", "corrected", "from_defect"], TAKERS)],
    "void": [(["open", "closed", "locked", "old", "corrected"], ["supervisor"])],
}


def may(action: str, state: str, person: str) -> bool:
    """What the table says."""
    return any(state in states and person in people for states, people in MAY[action])


def test_the_table_names_every_act() -> None:
    assert {action.code for action in CONSULTATION_ACTIONS} == set(MAY)


@pytest.fixture(autouse=True)
def _morning(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@dataclass
class Builder:
    """Makes a new consultation in any of the states."""

    cast: Cast
    now: datetime

    def record(self, ago: timedelta, *, close: bool) -> Consultation:
        """Recorded some time ago by the agent (C1, C2)."""
        then, reporter = self.now - ago, self.cast.reporter
        question = consultations.Question(
            caller=reporter, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
            channel="hotline", managed_object=self.cast.system, question="商户号查询在哪个菜单里?",
            started_at=then - timedelta(minutes=5),
        )  # fmt: skip
        return consultations.record_consultation(
            actor=self.cast.agent, now=then, question=question, answer=TEXT, close=close
        )

    def from_defect(self, objected: int = 0) -> Consultation:
        """Made by D7, and objected to so many times."""
        defect = Journey(self.cast, self.now - timedelta(hours=1)).triaging()
        support = self.cast.support
        for number in range(max(objected, 1)):
            triage.convert_to_consultation(
                defect, actor=support, now=self.now, explainer=support, explanation=TEXT
            )
            made: Consultation = Consultation.objects.exclude(state="voided").get(
                source_defect=defect
            )
            if number < objected:
                objections.object_to_conversion(
                    made, actor=self.cast.reporter, now=self.now, opinion=TEXT
                )
        return made

    def corrected(self) -> Consultation:
        """Locked, with a note that waits."""
        made = self.record(timedelta(hours=25), close=True)
        return afterwards.add_correction(made, actor=self.cast.agent, now=self.now, text=TEXT)

    def converted(self) -> Consultation:
        """C4."""
        made = self.record(timedelta(minutes=1), close=False)
        return conversions.convert_to_defect(
            made, actor=self.cast.agent, now=self.now, why=TEXT, phenomenon=TEXT
        )

    def voided(self) -> Consultation:
        """By the supervisor."""
        made = self.record(timedelta(minutes=1), close=False)
        return afterwards.void(made, actor=self.cast.supervisor, now=self.now, opinion=TEXT)

    def __call__(self, state: str) -> Consultation:
        """A new one in ``state``, as the database has it."""
        ways: dict[str, Callable[[], Consultation]] = {
            "open": lambda: self.record(timedelta(minutes=1), close=False),
            "closed": lambda: self.record(timedelta(minutes=1), close=True),
            "locked": lambda: self.record(timedelta(hours=25), close=True),
            "old": lambda: self.record(timedelta(days=8), close=True),
            "corrected": self.corrected,
            "from_defect": self.from_defect,
            "objected": lambda: self.from_defect(objected=2),
            "converted": self.converted,
            "voided": self.voided,
        }
        return Consultation.objects.get(pk=ways[state]().pk)


@pytest.fixture
def at(
    reporter: User,
    agent: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    superior: User,
    system: ManagedObject,
    now: datetime,
) -> Builder:
    """A new consultation in a state: ``at("locked")``."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    return Builder(cast, now)


@pytest.mark.parametrize("state", STATES)
def test_the_table_says_who_may(state: str, at: Builder, request: pytest.FixtureRequest) -> None:
    """Policy and scope together, every person × every act in this state."""
    consultation = at(state)
    wrong = []
    for person in PEOPLE:
        user = request.getfixturevalue(person)
        seen = Consultation.objects.visible_to(user).filter(pk=consultation.pk).exists()
        for action in CONSULTATION_ACTIONS:
            allowed = seen and bool(action.policy(user, consultation))
            if allowed != may(action.code, state, person):
                wrong.append(f"{person} {action.code}: {allowed}")
    assert wrong == []


@pytest.mark.parametrize("state", STATES)
def test_a_forged_request_is_refused_and_changes_nothing(
    state: str,
    at: Builder,
    request: pytest.FixtureRequest,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wrong person: 403 or 404. Right person in the wrong state: 409."""

    def plain(request: Any, template: str, context: Any = None, status: int = 200) -> HttpResponse:
        return HttpResponse(template, status=status)

    monkeypatch.setattr(workflow.views, "render", plain)
    monkeypatch.setattr(workflow.middleware, "render", plain)
    consultation = at(state)
    clients = {person: signed_in(request.getfixturevalue(person)) for person in PEOPLE}
    before = _everything(consultation)
    wrong = []
    for action in MAY:
        for person, client in clients.items():
            if may(action, state, person):
                continue
            url = f"/consultations/{consultation.number}/do/{action}/"
            answer = client.post(url, {"version": consultation.row_version, "opinion": TEXT})
            if answer.status_code not in (403, 404, 409):
                wrong.append(f"{person} {action}: {answer.status_code}")
    assert wrong == []
    assert _everything(consultation) == before


def _everything(consultation: Consultation) -> dict[str, Any]:
    row = Consultation.objects.filter(pk=consultation.pk).values().get()
    row["events"] = Event.objects.about(consultation).filter(outcome="done").count()
    return row


@pytest.mark.parametrize(
    ("action", "state", "person", "form"),
    [
        ("close", "open", "support", {"answer": TEXT, "satisfaction": "4"}),
        ("convert", "open", "agent", {"why": TEXT, "phenomenon": TEXT, "urgency": "S3"}),
        ("escalate", "closed", "agent", {"impact": TEXT, "claimed_down": "on"}),
        ("object", "from_defect", "reporter", {"opinion": TEXT}),
        ("rule", "objected", "supervisor", {"decision": "upheld", "opinion": TEXT}),
        ("rate", "closed", "reporter", {"satisfaction": "5"}),
        ("amend", "closed", "support", {"answer": TEXT + "更正", "category": "query"}),
        ("correct", "locked", "support", {"text": TEXT}),
        ("reopen", "closed", "agent", {"opinion": TEXT}),
        ("void", "closed", "supervisor", {"opinion": TEXT}),
    ],
)
def test_who_may_does_it_once_and_a_stale_page_is_refused(
    action: str,
    state: str,
    person: str,
    form: dict[str, str],
    at: Builder,
    request: pytest.FixtureRequest,
    signed_in: Callable[[User], Client],
) -> None:
    """The page's form does it (302); a page made before somebody else's change is a 409 (I14)."""
    consultation = at(state)
    client = signed_in(request.getfixturevalue(person))
    url = f"/consultations/{consultation.number}/do/{action}/"
    before = _everything(consultation)
    stale = client.post(url, {**form, "version": consultation.row_version + 1})
    assert stale.status_code == 409
    assert _everything(consultation) == before
    assert client.get(url).status_code == 200
    done = client.post(url, {**form, "version": consultation.row_version})
    assert done.status_code == 302, done.context and done.context["form"].errors
    assert _everything(consultation)["row_version"] == consultation.row_version + 1


@pytest.mark.parametrize(
    ("action", "state", "person", "form", "field"),
    [
        ("escalate", "open", "agent", {"impact": "同上"}, "impact"),
        ("object", "from_defect", "reporter", {"opinion": "无"}, "opinion"),
        ("rule", "objected", "supervisor", {"opinion": TEXT}, "decision"),
        ("rule", "objected", "supervisor", {"decision": "upheld", "opinion": "略"}, "opinion"),
        ("rate", "closed", "reporter", {"satisfaction": "6"}, "satisfaction"),
        ("rate", "closed", "reporter", {}, "satisfaction"),
        ("amend", "closed", "agent", {"answer": TEXT, "category": "other"}, "answer"),
        ("correct", "locked", "agent", {"text": "测试"}, "text"),
        ("reopen", "closed", "agent", {"opinion": "-"}, "opinion"),
        ("void", "closed", "supervisor", {"opinion": "……"}, "opinion"),
        ("convert", "open", "agent",
         {"why": TEXT, "phenomenon": TEXT, "urgency": "S3", "missing": "无"}, "missing"),
    ],
)  # fmt: skip
def test_words_are_asked_for_beside_their_field(
    action: str,
    state: str,
    person: str,
    form: dict[str, str],
    field: str,
    at: Builder,
    request: pytest.FixtureRequest,
    signed_in: Callable[[User], Client],
) -> None:
    """Placeholders and gaps: 422, the message beside the field, nothing changed."""
    consultation = at(state)
    before = _everything(consultation)
    client = signed_in(request.getfixturevalue(person))
    answer = client.post(f"/consultations/{consultation.number}/do/{action}/", form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert _everything(consultation) == before
