"""Eight people submit in the same moment: eight numbers, no gap in anybody's patience (I05)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from numbering import services as numbering
from operations.models import ChangeRecord, ManagedObject
from tests.tickets.journey import Cast, Journey
from tickets.models import Consultation, Defect, Reply, SuperiorReport
from tickets.services import triage
from tickets.services.consultations import Question, record_consultation
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from workflow.errors import StaleVersion, WrongState

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 8


def _submit_all(
    people: list[User], tokens: list[UUID], system: ManagedObject, now: datetime
) -> list[str]:
    form = DefectInput(
        title="并发提交", phenomenon="八个人同时提交缺陷单", managed_object=system,
        contact_phone="8012",
    )  # fmt: skip
    together = Barrier(CROWD)

    def one(person: User, token: UUID) -> str:
        try:
            together.wait(timeout=30)
            defect = submit_new(actor=person, now=now, reporter=person, form=form, token=token)
            return str(defect.number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, people, tokens))


def test_eight_at_once_get_eight_numbers(
    make_person: Callable[..., User], card_unit: Organisation, system: ManagedObject, now: datetime
) -> None:
    people = [make_person(f"person{n}", f"张{n}", card_unit, Role.REPORTER) for n in range(CROWD)]
    numbers = _submit_all(people, [uuid4() for _each in people], system, now)
    assert len(set(numbers)) == CROWD
    assert Defect.objects.count() == CROWD
    chain = list(Event.objects.order_by("seq"))
    assert [each.prev_hash for each in chain[1:]] == [each.hash for each in chain[:-1]]


def test_one_form_sent_eight_times_is_one_ticket(
    reporter: User, system: ManagedObject, now: datetime
) -> None:
    numbers = _submit_all([reporter] * CROWD, [uuid4()] * CROWD, system, now)
    assert len(set(numbers)) == 1
    assert Defect.objects.count() == 1


def _together(act: Callable[[int], str]) -> list[str]:
    """The same act by ``CROWD`` threads, each with a connection of its own."""
    together, threads, connections = Barrier(CROWD), set(), set()

    def one(number: int) -> str:
        try:
            together.wait(timeout=30)
            threads.add(threading.get_ident())
            result = act(number)
            connections.add(id(connection.connection))
            return result
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        found = list(crowd.map(one, range(CROWD)))
    assert len(threads) == CROWD
    assert len(connections) > 1
    return found


@pytest.mark.parametrize(
    "prefix",
    [numbering.DEFECT, numbering.CONSULTATION, numbering.REPLY, numbering.SUPERIOR_REPORT,
     numbering.CHANGE_RECORD, numbering.INCIDENT, numbering.MACHINE_ROOM_REPORT,
     numbering.CONTACT],
)  # fmt: skip
def test_i05_every_kind_of_number_is_given_once(prefix: str, now: datetime, db: None) -> None:
    """Eight threads take five numbers each; a transaction that fails leaves a gap, never a twin."""

    def take(number: int) -> str:
        taken = []
        for each in range(5):
            try:
                with transaction.atomic():
                    taken.append(numbering.allocate(prefix, now=now))
                    if each == number % 5:
                        raise _Undo
            except _Undo:
                taken.pop()
        return " ".join(taken)

    numbers = " ".join(_together(take)).split()
    assert len(numbers) == CROWD * 4
    assert len(set(numbers)) == len(numbers)


class _Undo(Exception):
    """The transaction is rolled back."""


@time_machine.travel(datetime(2026, 11, 23, 7, 5, tzinfo=UTC))
def test_i05_consultations_reports_changes_and_replies_of_eight_defects_at_once(
    reporter: User, support: User, tech: User, supervisor: User, implementer: User, agent: User,
    superior: User, system: ManagedObject, card_unit: Organisation, now: datetime,
) -> None:  # fmt: skip
    """The whole way of eight defects, step by step, each step by eight threads together."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    paths = [Journey(cast, now) for _each in range(CROWD)]
    found = [path.tech_processing() for path in paths]
    steps: list[Callable[[Journey, Defect], Defect]] = [
        Journey.pending_signoff, Journey.approved, Journey.implementing, Journey.verifying,
        Journey.resolved, Journey.replied,
    ]  # fmt: skip

    for step in steps:

        def act(number: int, step: Callable[[Journey, Defect], Defect] = step) -> str:
            found[number] = step(paths[number], Defect.objects.get(pk=found[number].pk))
            return str(found[number].pk)

        _together(act)
    for model in (SuperiorReport, ChangeRecord, Reply):
        numbers = list(model._default_manager.values_list("number", flat=True))
        assert len(numbers) == len(set(numbers)) == CROWD, model

    def consult(number: int) -> str:
        question = Question(
            caller=reporter, caller_name=reporter.name, caller_phone="8012", unit=card_unit,
            channel=Consultation.Channel.HOTLINE, managed_object=system,
            question=f"第 {number} 个问题怎么办理", started_at=now,
        )  # fmt: skip
        return record_consultation(actor=agent, now=now, question=question, close=False).number

    assert len(set(_together(consult))) == CROWD
    chain = list(Event.objects.order_by("seq"))
    assert [each.prev_hash for each in chain[1:]] == [each.hash for each in chain[:-1]]


def test_i05_one_act_clicked_eight_times_is_done_once(
    reporter: User, support: User, system: ManagedObject, now: datetime
) -> None:
    """The page's row version lets one of them through; the others are told."""
    form = DefectInput(
        title="并发受理", phenomenon="八次点击同一个按钮", managed_object=system,
        contact_phone="8012",
    )  # fmt: skip
    defect = submit_new(actor=reporter, now=now, reporter=reporter, form=form)

    def accept(_number: int) -> str:
        try:
            triage.accept(defect, actor=support, now=now, version=defect.row_version)
        except (StaleVersion, WrongState):
            return "refused"
        return "done"

    assert sorted(_together(accept)) == ["done"] + ["refused"] * (CROWD - 1)
    assert Event.objects.filter(action="defect.accept", outcome="done").count() == 1
