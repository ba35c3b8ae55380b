"""Entering, changing and retiring what is operated (R01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from operations.models import ManagedObject
from operations.services import decide_retirement, propose_retirement
from tickets.models import Defect
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from workflow.errors import NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "已由新系统替代"


def form(**changes: Any) -> dict[str, Any]:
    """A complete form."""
    return {
        "code": "ACQ-APP", "name": "收单应用", "name_en": "Acquiring application",
        "kind": "application", "criticality": "core", "vendor": "", "version": "3.1",
        "location": "一号机房", "owner_unit": "", "in_service_from": "2024-05-01", **changes,
    }  # fmt: skip


def report(reporter: User, system: ManagedObject, now: datetime) -> Defect:
    """An open defect about it."""
    return submit_new(
        actor=reporter, now=now, reporter=reporter,
        form=DefectInput(
            title="查询超时", phenomenon="查询三个月以上的交易时页面超时", managed_object=system,
            contact_phone="024-22851234",
        ),
    )  # fmt: skip


def test_entered_and_changed(sysadmin: User, tech: User, signed_in: SignIn) -> None:
    assert signed_in(sysadmin).post("/objects/new/", form()).status_code == 302
    row = ManagedObject.objects.get(code="ACQ-APP")
    assert (row.kind, str(row.in_service_from)) == ("application", "2024-05-01")
    url = f"/objects/{row.code}/edit/"
    changed = signed_in(tech).post(url, form(code="OTHER", version="3.2"))
    assert changed.status_code == 302
    row.refresh_from_db()
    assert (row.code, row.version) == ("ACQ-APP", "3.2")
    event = Event.objects.get(action="operations.object_changed")
    assert (event.data["before"]["version"], event.data["after"]["version"]) == ("3.1", "3.2")


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "ACQ-DB"), ("code", "acq db"), ("kind", "spaceship"), ("name", ""),
     ("criticality", "vital"), ("in_service_from", "someday")],
)  # fmt: skip
def test_what_is_no_object(
    system: ManagedObject, tech: User, signed_in: SignIn, field: str, value: str
) -> None:
    """A code given out already, an unknown kind, missing words."""
    answer = signed_in(tech).post("/objects/new/", form(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert ManagedObject.objects.get() == system


def test_retired_by_two_people(
    system: ManagedObject, tech: User, supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    keeper, boss = signed_in(tech), signed_in(supervisor)
    assert boss.post("/objects/ACQ-DB/decide/", {"approve": "1"}).status_code == 409
    assert keeper.post("/objects/ACQ-DB/retire/", {"reason": "略"}).status_code == 422
    card = keeper.post("/objects/ACQ-DB/retire/", {"reason": "误录 6222021234567890128 的库"})
    assert card.status_code == 422
    assert "误录" in card.content.decode()
    assert ManagedObject.objects.get().retire_proposed_by is None
    assert keeper.post("/objects/ACQ-DB/retire/", {"reason": WHY}).status_code == 302
    assert keeper.post("/objects/ACQ-DB/retire/", {"reason": WHY}).status_code == 409
    assert WHY in boss.get("/objects/ACQ-DB/").content.decode()
    assert keeper.post("/objects/ACQ-DB/decide/", {"approve": "1"}).status_code == 403
    assert boss.post("/objects/ACQ-DB/decide/", {"approve": "1"}).status_code == 302
    assert ManagedObject.objects.get().retired_on is not None
    assert keeper.post("/objects/ACQ-DB/edit/", form()).status_code == 409
    assert Event.objects.get(action="operations.retired").actor_key == supervisor.audit_key


def test_the_proposer_does_not_decide(system: ManagedObject, tech: User, now: datetime) -> None:
    RoleGrant.objects.create(user=tech, role=Role.SUPERVISOR)
    both = User.objects.get(pk=tech.pk)
    propose_retirement(system, actor=both, now=now, reason=WHY)
    with pytest.raises(NotAllowed) as refusal:
        decide_retirement(system, actor=both, now=now, approve=True)
    assert refusal.value.code == "four_eyes"


def test_a_proposal_is_turned_down(
    system: ManagedObject, tech: User, supervisor: User, now: datetime
) -> None:
    propose_retirement(system, actor=tech, now=now, reason=WHY)
    row = decide_retirement(system, actor=supervisor, now=now, approve=False)
    assert (row.retired_on, row.retire_proposed_by) == (None, None)
    propose_retirement(system, actor=tech, now=now, reason=WHY)


def test_not_while_an_open_record_names_it(
    system: ManagedObject, tech: User, supervisor: User, reporter: User, signed_in: SignIn,
    now: datetime,
) -> None:  # fmt: skip
    """Neither proposed, nor approved when the record came in between."""
    defect = report(reporter, system, now)
    with pytest.raises(WrongState) as refusal:
        propose_retirement(system, actor=tech, now=now, reason=WHY)
    assert refusal.value.code == "in_use"
    assert str(defect.number) in signed_in(tech).get("/objects/ACQ-DB/").content.decode()
    ManagedObject.objects.update(retire_proposed_by=tech, retire_reason=WHY)
    with pytest.raises(WrongState):
        decide_retirement(ManagedObject.objects.get(), actor=supervisor, now=now, approve=True)
    assert ManagedObject.objects.get().retired_on is None
