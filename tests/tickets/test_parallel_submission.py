"""Eight people submit in the same moment: eight numbers, no gap in anybody's patience (I05)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from operations.models import ManagedObject
from tickets.models import Defect
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput

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
