"""Every act × situation × person: what the table does not allow is refused and changes nothing.

The defects are built once for the whole module, in a transaction that is rolled back at its end.
Policies and scope are asked in every cell; requests are forged for every act and every kind of
refusal it can meet, since all cells of one kind run through the same lines.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

import workflow.middleware
import workflow.views
from accounts.models import User
from audit.models import Event
from tests.tickets import workflow_page
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
from tests.tickets.world import TEXT, World, arguments, pairs
from tickets.actions import DEFECT_ACTIONS
from tickets.models import Defect
from workflow.errors import StaleVersion

pytestmark = pytest.mark.django_db
# How a refusal is answered, by the kind of its decision; out of scope is 404.
STATUS = {"role": 403, "person": 403, "state": 409, "pending": 409, "scope": 404}


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
    assert told == {pair for pair in pairs() if pair[0] != "new"}


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
    given = arguments(action, world, defect)
    run = DEFECT_ACTIONS.get(action)
    assert run is not None
    now = world.situations.journey.later()
    before = _row(defect)
    with pytest.raises(StaleVersion):
        run.run(defect, actor=user, now=now, version=defect.row_version - 1, **given)
    assert _row(defect) == before
    done: Any = run.run(defect, actor=user, now=now, version=defect.row_version, **given)
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
