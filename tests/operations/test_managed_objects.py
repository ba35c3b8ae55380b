"""What we operate: one code each, of known kinds, with the changes made to it (R01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from accounts.models import User
from operations.models import ChangeRecord, ManagedObject

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize("more", [{"code": "ACQ-DB", "kind": "storage"}, {"kind": "spaceship"}])
def test_codes_are_unique_and_kinds_are_known(system: ManagedObject, more: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagedObject.objects.create(**{"code": "NEW-1", "name": "新对象", **more})

    assert ManagedObject.objects.get() == system


def test_what_a_record_names_cannot_be_removed(
    system: ManagedObject, supervisor: User, implementer: User, now: datetime
) -> None:
    _change(system, supervisor, implementer, now)

    with pytest.raises(ProtectedError):
        system.delete()


def test_the_list_is_narrowed_by_words_and_kind(
    system: ManagedObject, tech: User, signed_in: SignIn
) -> None:
    ManagedObject.objects.create(code="POS-1", name="终端前置机", name_en="Front end", kind="pos")
    desk = signed_in(tech)

    for asked, found, hidden in [
        ("", {"ACQ-DB", "POS-1"}, set()),
        ("?kind=pos", {"POS-1"}, {"ACQ-DB"}),
        ("?q=front", {"POS-1"}, {"ACQ-DB"}),
        ("?q=收单 acq", {"ACQ-DB"}, {"POS-1"}),
    ]:
        page = desk.get(f"/objects/{asked}").content.decode()
        assert all(code in page for code in found)
        assert not any(code in page for code in hidden)


def test_its_page_shows_what_was_changed_on_it(
    system: ManagedObject,
    tech: User,
    supervisor: User,
    implementer: User,
    now: datetime,
    signed_in: SignIn,
) -> None:
    change = _change(system, supervisor, implementer, now)

    page = signed_in(tech).get(f"/objects/{system.code}/").content.decode()
    assert change.number in page
    assert "收单数据库" in page
    assert signed_in(tech).get("/objects/NOTHING/").status_code == 404


def _change(
    system: ManagedObject, supervisor: User, implementer: User, now: datetime
) -> ChangeRecord:
    return ChangeRecord.objects.create(
        number="CHG-20261123-0001", subject="QX-20261123-0001", managed_object=system,
        kind="parameter", reason="连接池过小", before="maxPool=20", after="maxPool=60",
        rollback_plan="恢复原参数文件", steps="修改参数并重启", result="success",
        implementer=implementer, approved_by=supervisor, started_at=now, ended_at=now,
    )  # fmt: skip
