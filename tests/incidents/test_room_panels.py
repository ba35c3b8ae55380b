"""What stands beside the course: hooks of higher rooms, links, contacts, review, upward, T0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from hotline.models import Contact
from incidents import hooks, services
from tests.incidents.conftest import Story, after

Begin = Callable[..., Story]


def contact(told: Story, number: str) -> Contact:
    """A call that led to the incident."""
    return Contact.objects.create(
        number=number, channel="hotline", caller=told.people["reporter"], caller_name="张丽",
        caller_phone="13800138000", unit=told.people["reporter"].organisation, summary="不能刷卡",
        result="to_incident", incident=told.incident, started_at=after(0), ended_at=after(0.1),
        after_hours=True, agent=told.people["agent"],
    )  # fmt: skip


def test_a_higher_room_registers_a_panel_by_its_address(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story()
    page = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/").content.decode()

    assert f'hx-get="/contacts-of/{told.incident.number}/"' in page
    with pytest.raises(ValueError, match="no such place"):
        hooks.register_panel("hotline:contact", place="cellar")


def test_contacts_stand_beside_also_those_of_merged_incidents(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    main, child = story().declare(), story()
    contact(child, "LX-20261123-0007")
    child._do(services.merge, "supervisor", after(1), main=main.incident, reason="同一存储故障引起")
    desk = signed_in(people["tech"])

    panel = desk.get(f"/contacts-of/{main.incident.number}/").content.decode()
    assert "LX-20261123-0007" in panel
    assert "138****8000" in panel
    assert "13800138000" not in panel
    # The desk's own record: the bank's people see nothing of it.
    bank = signed_in(people["reporter"]).get(f"/contacts-of/{main.incident.number}/")
    assert "LX-20261123-0007" not in bank.content.decode()
    outside = signed_in(people["outsider"]).get(f"/contacts-of/{main.incident.number}/")
    assert outside.status_code == 404
    room = desk.get(f"/incidents/{main.incident.number}/")
    assert [link.number for link in room.context["links"]] == [child.incident.number]


def test_the_next_duty_is_the_first_act_at_the_head(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().note(after(1)).resolve(after(2)).confirm(after(3))
    told.report(after(4))

    def duty(who: str) -> str:
        room = signed_in(people[who]).get(f"/incidents/{told.incident.number}/")
        found = str(room.context["duty"].action)
        heads = [offer.action.code for offer in room.context["offers"] if offer.enabled]
        assert not heads or heads[0] == found or room.context["duty_offer"] is None
        return found

    assert duty("support") == "report_upward"
    told._do(services.report_upward, "support", after(5), content="全省收单业务中断已恢复")
    assert duty("superior") == "acknowledge_upward"
    told._do(services.acknowledge_upward, "superior", after(5))
    assert duty("supervisor") == "begin_review"
    told.review(after(6))
    assert duty("supervisor") == "add_improvement"
    told.improve(after(6), after(100))
    assert duty("supervisor") == "close"


def test_the_bank_does_not_see_the_review_nor_questions_about_t0(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare(after(1)).protect(after(1)).note(after(1)).resolve(after(2))
    told._do(services.ask_t0_later, "tech", after(2), t0=after(0.5), reason="内部核对录音中")
    told.confirm(after(3)).report(after(4)).review(after(5)).improve(after(5), after(99))
    page = signed_in(people["reporter"]).get(f"/incidents/{told.incident.number}/")

    text = page.content.decode()
    assert "内部核对录音中" not in text
    assert page.context["review"] is None


def test_the_superior_department_finds_what_it_must_acknowledge_at_home(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare()
    told._do(services.report_upward, "support", after(1), content="全省收单业务中断,正在处置")
    number = told.incident.upward_report.number
    home = signed_in(people["superior"])
    assert number in home.get("/").content.decode()
    told._do(services.acknowledge_upward, "superior", after(2))
    assert number not in home.get("/").content.decode()


def test_the_api_tells_grade_links_and_impact(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    main, child = story().declare(), story()
    main._do(
        services.record_impact, "tech", after(1), business_impact="两省商户无法刷卡", provinces=2
    )
    main._do(services.decide_grade, "manager", after(1), grade="2", reason="两省受影响超过半小时")
    child._do(services.merge, "supervisor", after(1), main=main.fresh(), reason="同一存储故障引起")
    client = signed_in(people["tech"])
    told: dict[str, Any] = client.get(f"/api/v1/incidents/{main.incident.number}/").json()
    assert (told["grade"], told["provinces"], told["merged_into"]) == ("2", 2, None)
    merged = client.get(f"/api/v1/incidents/{child.incident.number}/").json()
    assert merged["merged_into"] == main.incident.number
