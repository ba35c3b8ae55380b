"""Every act × situation × person: what the table does not allow is refused and changes nothing.

The defects are built once for the whole module, in a transaction that is rolled back at its end.
Policies and scope are asked in every cell; requests are forged for every act and every kind of
refusal it can meet, since all cells of one kind run through the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

import workflow.middleware
import workflow.views
from accounts.actors import SETUP
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import create_person
from audit.models import Event
from operations.models import ManagedObject
from tests.conftest import NOW, PASSWORD
from tests.tickets import workflow_page
from tests.tickets.journey import Cast, Journey
from tests.tickets.situations import Company, Situations
from tests.tickets.table import (
    BY_ITSELF,
    MAY,
    OTHER_DOORS,
    PEOPLE,
    SITUATIONS,
    may,
    state_of,
    targets,
)
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect
from tickets.services.inputs import ChangeInput
from workflow.decisions import Decision
from workflow.errors import StaleVersion

pytestmark = pytest.mark.django_db
TEXT = "说明文字足够长的一句话"
# How a refusal is answered, by the kind of its decision; out of scope is 404.
STATUS = {"role": 403, "person": 403, "state": 409, "pending": 409, "scope": 404}


@dataclass
class World:
    """Everybody, and one defect in each situation."""

    people: dict[str, User]
    situations: Situations
    defects: dict[str, Defect]
    _seen: dict[str, set[int]] = field(default_factory=dict)
    _found: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def decide(self, action: str, situation: str, person: str) -> str:
        """ "ok", or the kind of refusal this person meets."""
        cell = (action, situation, person)
        if cell not in self._found:
            self._found[cell] = self._ask(*cell)
        return self._found[cell]

    def _ask(self, action: str, situation: str, person: str) -> str:
        user, defect = self.people[person], self.defects[situation]
        if person not in self._seen:
            self._seen[person] = set(Defect.objects.visible_to(user).values_list("pk", flat=True))
        if defect.pk not in self._seen[person]:
            return "scope"
        chosen = DEFECT_ACTIONS.get(action)
        assert chosen is not None
        decision: Decision = chosen.policy(user, defect)
        return decision.kind if not decision else "ok"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Six hours after it all began; the emergency setting is on."""
    from django.test.utils import override_settings

    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel(NOW + timedelta(hours=6)),
        override_settings(EMERGENCY_IMPLEMENTATION=True),
    ):
        yield _build()
        transaction.set_rollback(True)


def _build() -> World:
    units = _units()
    roles = {name: name.rstrip("2") for name in PEOPLE}
    roles |= {"teammate": Role.REPORTER, "outsider": Role.REPORTER}
    people = {
        name: create_person(
            actor=SETUP, username=name, name=f"王{name}", organisation=units.get(name, units["us"]),
            roles=[roles[name]], password=PASSWORD, staff_no=f"E-{name}", phone="13800138000",
            email=f"{name}@example.invalid",
        )
        for name in PEOPLE
    }  # fmt: skip
    system = ManagedObject.objects.create(code="ACQ-TABLE", name="收单数据库", kind="database")
    usual = ("reporter", "support", "tech", "supervisor", "implementer", "agent", "superior")
    cast = Cast(**{name: people[name] for name in usual}, system=system)
    company = Company(people["tech2"], people["biz"], people["supervisor2"])
    situations = Situations(Journey(cast, NOW), company)
    defects = {name: situations.build(name) for name in SITUATIONS}
    return World(people, situations, defects)


def _units() -> dict[str, Organisation]:
    bank = Organisation.objects.create(name="表总行", kind="bank")
    branch = Organisation.objects.create(name="表分行", kind="bank_unit", parent=bank)
    other = Organisation.objects.create(name="表另一分行", kind="bank_unit", parent=bank)
    room = Organisation.objects.create(name="表机房", kind="bank_unit", parent=bank)
    company = Organisation.objects.create(name="表运维公司", kind="operator")
    above = Organisation.objects.create(name="表上级", kind="superior")
    return {
        "us": company, "reporter": branch, "teammate": branch, "outsider": other,
        "monitor": room, "superior": above,
    }  # fmt: skip


def test_the_table_names_every_act_and_every_state() -> None:
    assert {action.code for action in DEFECT_ACTIONS} == set(MAY)
    assert {state_of(name) for name in SITUATIONS} == set(Defect.State.values) - {"new"}


def test_every_transition_of_the_model_has_a_row() -> None:
    """A new transition without a row fails here, and so does a row that no transition carries."""
    told = {
        (state_of(situation), target)
        for rows in MAY.values()
        for row in rows
        for situation in row.situations
        for target in targets(row)
    }
    told |= {(source, target) for _name, source, target in (*BY_ITSELF, *OTHER_DOORS)}
    # The two sides are alike: the rows name the technical one.
    told |= {(source, "biz_processing") for source, to in told if to == "tech_processing"}
    told |= {("biz_processing", to) for source, to in told if source == "tech_processing"}
    told = (told | {("biz_processing", "tech_processing")}) - {("biz_processing",) * 2}
    assert told == {pair for pair in _pairs() if pair[0] != "new"}


def _pairs() -> set[tuple[str, str]]:
    field = Defect._meta.get_field("state")
    pairs = set()
    for transition_ in field.get_all_transitions(Defect):
        target = transition_.target
        names = getattr(target, "allowed_states", None) or [target]
        pairs |= {(str(transition_.source), str(name)) for name in names}
    return pairs


def test_the_page_in_the_documents_is_up_to_date() -> None:
    """``make workflow-table`` writes it."""
    assert workflow_page.PAGE.read_text("utf-8") == workflow_page.page()


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_table_says_who_may(situation: str, world: World) -> None:
    """Policy and scope together, every person × every act in this situation."""
    defect = world.defects[situation]
    assert defect.state == state_of(situation)
    wrong = [
        f"{person} {action}: {found}"
        for person in PEOPLE
        for action in MAY
        if ((found := world.decide(action, situation, person)) == "ok")
        != may(action, situation, person)
    ]
    assert wrong == []


@pytest.fixture
def plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without their looks: this is about who may, hundreds of times over."""

    def render(request: Any, template: str, context: Any = None, status: int = 200) -> HttpResponse:
        return HttpResponse(template, status=status)

    monkeypatch.setattr(workflow.views, "render", render)
    monkeypatch.setattr(workflow.middleware, "render", render)


def test_a_forged_request_is_refused_and_changes_nothing(world: World, plain_pages: None) -> None:
    """For every act one request of every kind of refusal: its status, and one refused event."""
    clients = {person: _signed_in(user) for person, user in world.people.items()}
    before = {name: _row(defect) for name, defect in world.defects.items()}
    wrong = []
    kinds: dict[str, set[str]] = {}
    for (action, kind), (situation, person) in _one_of_each_kind(world).items():
        kinds.setdefault(action, set()).add(kind)
        defect = world.defects[situation]
        events = _refused(defect)
        answer = clients[person].post(
            f"/defects/{defect.key}/do/{action}/",
            {"version": defect.row_version, "opinion": TEXT},
        )
        noted = _refused(defect) - events
        expected = (STATUS[kind], 0 if kind == "scope" else 1)
        if (answer.status_code, noted) != expected:
            wrong.append(f"{action} {kind} {situation} {person}: {answer.status_code}, {noted}")
    assert wrong == []
    assert {name: _row(defect) for name, defect in world.defects.items()} == before
    # No act is open to everybody, none in every state.
    assert {action for action, found in kinds.items() if "scope" not in found} == set()
    assert {action for action, found in kinds.items() if not found & {"state", "pending"}} == set()


def _one_of_each_kind(world: World) -> dict[tuple[str, str], tuple[str, str]]:
    """(act, kind of refusal) → a cell where it is met."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for situation in SITUATIONS:
        for person in PEOPLE:
            for action in MAY:
                kind = world.decide(action, situation, person)
                if kind != "ok":
                    found.setdefault((action, kind), (situation, person))
    return found


CELLS = [
    (action, row.situations[0], row.people[0], row) for action, rows in MAY.items() for row in rows
]


@pytest.mark.parametrize(
    ("action", "situation", "person", "row"), CELLS, ids=[f"{c[0]}-{c[1]}" for c in CELLS]
)
def test_an_act_is_done_once_and_leads_where_the_table_says(
    action: str, situation: str, person: str, row: Any, world: World
) -> None:
    """Never from a stale page; then it works, and the record is one version and one event on."""
    defect, user = world.defects[situation], world.people[person]
    arguments = _arguments(action, world, defect)
    run = DEFECT_ACTIONS.get(action)
    assert run is not None
    now = world.situations.journey.later()
    before = _row(defect)
    with pytest.raises(StaleVersion):
        run.run(defect, actor=user, now=now, version=defect.row_version - 1, **arguments)
    assert _row(defect) == before
    done: Any = run.run(defect, actor=user, now=now, version=defect.row_version, **arguments)
    assert done.row_version == defect.row_version + 1
    assert done.state in (targets(row) or {state_of(situation)})
    event = Event.objects.filter(target_type="tickets.defect", target_id=str(defect.pk)).latest(
        "seq"
    )
    assert (event.action, event.to_state) == (f"defect.{action}", done.state)
    assert event.role in user.roles


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _row(defect: Defect) -> dict[str, Any]:
    """The row as it stands, and how often something was done to it."""
    row = Defect.objects.filter(pk=defect.pk).values().get()
    row["events"] = Event.objects.filter(
        target_type="tickets.defect", target_id=str(defect.pk), outcome="done"
    ).count()
    return row


def _refused(defect: Defect) -> int:
    return Event.objects.filter(
        target_type="tickets.defect", target_id=str(defect.pk), outcome="refused"
    ).count()


def _arguments(action: str, world: World, defect: Defect) -> dict[str, Any]:
    journey, people = world.situations.journey, world.people
    latest = defect.solutions.order_by("version").last()
    shown = latest.content_hash if latest else ""
    classified = {"participants": [people["support"]], "basis": TEXT, "module": "查询"}
    asked = defect.group_opinions.first()
    known: dict[str, dict[str, Any]] = {
        "save": {"form": journey.form()},
        "submit": {"form": journey.form()},
        "accept": {},
        "classify_technical": {**classified, "assignee": people["tech"]},
        "classify_business": {**classified, "assignee": people["biz"]},
        "convert": {"explainer": people["support"], "explanation": TEXT},
        "reclassify_agree": {"assignee": people["biz"]},
        "ask_groups": {"groups": [_another_group(people["tech2"])], "question": TEXT},
        "answer_group": {"group": asked, "answer": "not_ours", "opinion": TEXT},
        "remove_group": {"group": asked, "opinion": TEXT},
        "save_plan": {"content": {"measures": TEXT}},
        "send_for_sign_off": {"plan": journey.plan()},
        "unsolvable": {
            "cause_class": "data", "module": "查询", "cause": TEXT, "why": TEXT,
            "alternatives": TEXT, "workaround": TEXT,
        },
        "unsolvable_agree": {},
        "approve": {"solution_hash": shown},
        "recall": {},
        "release_emergency": {
            "authoriser_name": "何志远", "authoriser_phone": "13800138000",
            "authorised_at": journey.now, "reason": TEXT, "solution_hash": shown,
        },
        "sign_emergency": {"solution_hash": shown},
        "start": {"backup": TEXT},
        "finish": {
            "steps": TEXT, "result": TEXT, "change": ChangeInput("parameter", TEXT, TEXT, TEXT),
        },
        "verify_solved": {"evidence": TEXT, "method": TEXT},
        "report_upward": {"content": TEXT},
        "acknowledge_report": {},
        "record_acknowledgement": {
            "name": "何志远", "acknowledged_on": journey.now.date(), "files": [_file()],
        },
        "decide": {
            "decision": "defer", "opinion": TEXT, "review_at": journey.now + timedelta(days=9),
        },
        "resume": {},
        "reply": {
            "recipient_kind": "submitting_unit", "solution": TEXT, "analysis": TEXT, "cause": TEXT,
        },
        "close": {"rating": None},
        "receive": {"rating": 4},
        "rate": {"rating": 4, "comment": TEXT},
        "correct": {"text": TEXT},
        "confirm_correction": {
            "correction": defect.corrections.first(), "decision": "confirmed",
        },
        "escalate": {"severity": "S2", "impact": TEXT},
        "link": {"kind": "related", "target": world.defects["triaging"]},
        "unlink": {"tie": defect.links.first()},
        "ask_void": {"cause": "test", "opinion": TEXT},
        "merge": {"parent": world.defects["triaging+refuted" if _is(world, defect, "triaging")
                                          else "triaging"]},
        "attach": {"files": [_file()]},
    }  # fmt: skip
    return known.get(action, {"opinion": TEXT})


def _is(world: World, defect: Defect, situation: str) -> bool:
    return world.defects[situation].pk == defect.pk


def _another_group(member: User) -> Any:
    from tickets.models import ProjectGroup

    group = ProjectGroup.objects.create(name="清算系统组")
    group.members.set([member])
    return group


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", b"text")
