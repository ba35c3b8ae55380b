"""What is typed into a new incident: phones in one form, card numbers asked about (R12, I12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from incidents.models import Incident
from operations.models import ManagedObject

SignedIn = Callable[[User], Client]
CARD = "6222 0212 3456 7890 128"


def _report(people: dict[str, User], system: ManagedObject, **changes: Any) -> dict[str, Any]:
    return {
        "title": "收单业务全部中断",
        "managed_object": system.pk,
        "phenomenon": "全省 POS 交易失败",
        "unit": people["reporter"].organisation.pk,
        "reporter_name": "张丽",
        "reporter_phone": "13800138000",
        **changes,
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"), ("１３８００１３８０００", "13800138000"),
        ("024-22851234", "024-22851234"), ("02422851234", "024-22851234"),
        ("024-22851234-8012", "024-22851234-8012"), ("024-22851234转8012", "024-22851234-8012"),
        ("400-810-1234", "4008101234"), ("95588", "95588"), ("801", "801"), ("801234", "801234"),
    ],
)  # fmt: skip
def test_a_phone_is_kept_in_its_one_form(
    typed: str, kept: str, people: dict[str, User], system: ManagedObject, signed_in: SignedIn
) -> None:
    posted = _report(people, system, reporter_phone=typed)
    assert signed_in(people["agent"]).post("/incidents/new/", posted).status_code == 302
    assert Incident.objects.get().reporter_phone == kept


@pytest.mark.parametrize(
    "typed", ["12345678901", "12", "1234567", "1380013800a", "无", "024-123456"]
)
def test_what_is_no_phone_comes_back_beside_its_field(
    typed: str, people: dict[str, User], system: ManagedObject, signed_in: SignedIn
) -> None:
    posted = _report(people, system, reporter_phone=typed)
    answer = signed_in(people["agent"]).post("/incidents/new/", posted)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reporter_phone"}
    assert not Incident.objects.exists()


@pytest.mark.parametrize("field", ["title", "phenomenon", "reporter_name"])
def test_a_card_number_is_asked_about_before_anybody_is_called(
    field: str, people: dict[str, User], system: ManagedObject, signed_in: SignedIn
) -> None:
    browser = signed_in(people["agent"])
    posted = _report(people, system, **{field: f"卡 {CARD}"})
    asked = browser.post("/incidents/new/", posted)
    assert asked.status_code == 422
    assert 'type="checkbox" name="not_a_card"' in asked.content.decode()
    assert not Incident.objects.exists()
    assert not Event.objects.filter(action="incident.report").exists()

    assert browser.post("/incidents/new/", {**posted, "not_a_card": "on"}).status_code == 302
    assert Incident.objects.count() == 1


def test_a_new_drill_asks_too(
    people: dict[str, User], system: ManagedObject, signed_in: SignedIn
) -> None:
    browser = signed_in(people["supervisor"])
    posted = {"managed_object": system.pk, "scenario": f"卡 {CARD} 交易失败", "hour_seconds": 5}
    asked = browser.post("/drills/new/", posted)
    assert asked.status_code == 422
    assert 'type="checkbox" name="not_a_card"' in asked.content.decode()
    assert not Incident.objects.exists()

    assert browser.post("/drills/new/", {**posted, "not_a_card": "on"}).status_code == 302
    assert Incident.objects.get().is_drill
