"""From ring to closed in one save (R12, R13, R28; C1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from audit.models import Event
from hotline.models import Contact
from incidents.models import Incident
from oncall.models import Page, Shift
from tickets.models import Consultation, Defect

Post = Callable[..., Any]
Fields = Callable[..., dict[str, Any]]


def test_a_solved_call_is_contact_and_closed_consultation_in_one_post(
    at_console: Post, call: Fields, agent: User, reporter: User, now: datetime
) -> None:
    answer = at_console(call())

    assert answer.status_code == 302
    assert answer["Location"] == reverse("hotline:console")
    contact = Contact.objects.get()
    assert contact.number == "LX-20261123-0001"
    assert (contact.result, contact.caller, contact.agent) == ("solved", reporter, agent)
    assert contact.caller_phone == "024-22851234-8012"
    assert contact.ended_at - contact.started_at == timedelta(minutes=3)
    consultation = Consultation.objects.get()
    assert contact.consultation == consultation
    assert consultation.number == "ZX-20261123-0001"
    assert consultation.state == Consultation.State.CLOSED
    assert consultation.solved_on_spot
    assert consultation.ended_at == now
    assert consultation.holder_role == ""
    assert list(Event.objects.about(consultation).values_list("action", "to_state")) == [
        ("consultation.record", "closed")
    ]


def test_the_next_page_says_the_number_and_is_empty(
    at_console: Post, call: Fields, agent: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(agent)
    page = client.post(reverse("hotline:console"), call(), follow=True).content.decode()

    assert "LX-20261123-0001" in page
    assert reverse("tickets:consultation", args=["ZX-20261123-0001"]) in page
    assert "商户号查询在哪个菜单里" not in page


def test_a_double_click_makes_one_record(at_console: Post, call: Fields) -> None:
    fields = call()

    first, second = at_console(fields), at_console(fields)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Contact.objects.count() == Consultation.objects.count() == 1


@pytest.mark.parametrize("result", ["to_defect", "to_incident"])
def test_a_double_click_makes_one_record_of_other_kinds_too(
    at_console: Post, call: Fields, result: str
) -> None:
    fields = call(result=result, why="需要技术人员查看后台日志")
    at_console(fields)
    at_console(fields)

    assert Contact.objects.count() == 1
    assert Defect.objects.count() + Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "同上"),
        ("question", ""),
        ("answer", "无"),
        ("answer", "已解决"),
        ("caller_name", ""),
        ("caller_phone", "12345678901"),
        ("caller_phone", ""),
        ("managed_object", ""),
    ],
)
def test_what_is_missing_is_said_and_every_word_comes_back(
    at_console: Post, call: Fields, field: str, value: str
) -> None:
    answer = at_console(call(module="综合查询模块", **{field: value}))

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "综合查询模块" in answer.content.decode()
    assert not Contact.objects.exists()
    assert not Consultation.objects.exists()


def test_on_site_needs_a_place(at_console: Post, call: Fields) -> None:
    assert "place" in at_console(call(channel="on_site")).context["form"].errors
    assert at_console(call(channel="on_site", place="银行卡部三楼")).status_code == 302


@pytest.mark.parametrize("result", [None, "", "assigned"])
def test_a_call_without_a_result_is_not_closed(
    at_console: Post, call: Fields, result: str | None
) -> None:
    answer = at_console(call(result=result))

    assert answer.status_code == 422
    assert answer.context["form"].errors["result"]
    assert not Contact.objects.exists()


def test_a_defect_is_filed_for_the_caller(
    at_console: Post, call: Fields, agent: User, reporter: User
) -> None:
    answer = at_console(call(result="to_defect", answer="", why="需要技术人员查看后台日志"))

    assert answer.status_code == 302
    contact, defect = Contact.objects.get(), Defect.objects.get()
    assert contact.defect == defect
    assert defect.state == Defect.State.SUBMITTED
    assert (defect.reporter, defect.filed_by) == (reporter, agent)
    assert defect.phenomenon == "商户号查询在哪个菜单里?"
    assert defect.unit == reporter.organisation
    assert contact.consultation is None


@pytest.mark.parametrize("why", ["", "无", "同上", "……"])
def test_a_defect_needs_the_reason(at_console: Post, call: Fields, why: str) -> None:
    assert "why" in at_console(call(result="to_defect", why=why)).context["form"].errors
    assert not Defect.objects.exists()


def test_a_caller_without_an_account_cannot_have_a_defect(at_console: Post, call: Fields) -> None:
    answer = at_console(
        call(result="to_defect", why="需要技术人员查看后台日志", caller="", caller_name="新来的人")
    )

    assert answer.status_code == 422
    assert "caller" in answer.context["form"].errors
    assert not Contact.objects.exists()
    assert not Defect.objects.exists()


def test_an_outage_becomes_an_incident_that_counts_from_the_call(
    at_console: Post, call: Fields, now: datetime
) -> None:
    answer = at_console(call(result="to_incident", answer="", claimed_down="on"))

    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert Contact.objects.get().incident == incident
    assert incident.claimed_down
    assert incident.first_contact_at == now - timedelta(minutes=3)
    assert incident.reporter_phone == "024-22851234-8012"
    assert Page.objects.filter(subject=incident.number, state="open").exists()


@pytest.mark.parametrize("result", ["supplement", "repeated"])
def test_a_call_about_an_existing_record_is_linked_to_it(
    at_console: Post, call: Fields, result: str
) -> None:
    at_console(call())
    consultation = Consultation.objects.get()

    at_console(call(result=result, linked=consultation.number.lower(), managed_object=""))

    assert Contact.objects.get(result=result).consultation == consultation
    assert Event.objects.about(consultation).filter(action="hotline.call_linked").exists()
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize("number", ["", "ZX-20261123-9999", "JF-20261123-0001", "张丽"])
def test_the_existing_record_must_exist(at_console: Post, call: Fields, number: str) -> None:
    answer = at_console(call(result="repeated", linked=number))

    assert "linked" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_a_wrong_number_is_a_contact_and_nothing_else(at_console: Post, call: Fields) -> None:
    empty = dict.fromkeys(
        ["caller", "caller_name", "caller_phone", "unit", "question", "answer", "managed_object"],
        "",
    )
    assert at_console(call(result="invalid", **empty)).status_code == 302

    contact = Contact.objects.get()
    assert contact.unit is None
    assert not Consultation.objects.exists()


def test_an_outsider_is_referred_and_gets_no_ticket(at_console: Post, call: Fields) -> None:
    merchant = {"caller": "", "unit": "", "caller_name": "好运来超市", "managed_object": ""}
    refused = at_console(call(result="out_of_scope", referral="", **merchant))
    assert "referral" in refused.context["form"].errors

    taken = at_console(call(result="out_of_scope", referral="请联系收单机构客服95588", **merchant))

    assert taken.status_code == 302
    assert Contact.objects.get().referral == "请联系收单机构客服95588"
    assert not Consultation.objects.exists()
    assert not Defect.objects.exists()


@pytest.mark.parametrize("result", ["solved", "to_defect", "to_incident", "repeated"])
def test_a_caller_without_a_registered_unit_gets_no_ticket(
    at_console: Post, call: Fields, result: str
) -> None:
    answer = at_console(
        call(result=result, caller="", unit="", why="需要技术人员查看后台日志", linked="x")
    )

    assert answer.status_code == 422
    assert "unit" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_a_closed_unit_or_the_company_itself_is_no_caller(
    at_console: Post, call: Fields, card_unit: Organisation, company: Organisation
) -> None:
    card_unit.is_active = False
    card_unit.save()

    for unit in (card_unit, company):
        answer = at_console(call(unit=unit.pk))
        assert "unit" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_a_new_caller_of_a_registered_unit_is_served(at_console: Post, call: Fields) -> None:
    at_console(call(caller="", caller_name="买买提·艾力", caller_phone="13800138000"))

    contact = Contact.objects.get()
    assert contact.caller is None
    assert contact.caller_name == Consultation.objects.get().caller_name == "买买提·艾力"


def test_a_call_cannot_end_before_it_began(at_console: Post, call: Fields) -> None:
    answer = at_console(
        call(typed_started_at="2026-11-23T09:00", typed_ended_at="2026-11-23T08:59")
    )
    assert "typed_ended_at" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_a_call_does_not_begin_in_the_future(at_console: Post, call: Fields, now: datetime) -> None:
    answer = at_console(call(started_at=(now + timedelta(minutes=1)).isoformat()))
    assert "started_at" in answer.context["form"].errors


def test_more_than_eight_hours_must_be_confirmed(
    at_console: Post, call: Fields, now: datetime
) -> None:
    began = (now - timedelta(hours=8, seconds=1)).isoformat()
    assert "long_call" in at_console(call(started_at=began)).context["form"].errors
    assert at_console(call(started_at=began, long_call="on")).status_code == 302

    exactly = (now - timedelta(hours=8)).isoformat()
    assert at_console(call(started_at=exactly)).status_code == 302


def test_a_call_entered_long_afterwards_needs_the_reason(at_console: Post, call: Fields) -> None:
    times = {"typed_started_at": "2026-11-23T02:10", "typed_ended_at": "2026-11-23T02:20"}
    assert "late_reason" in at_console(call(**times)).context["form"].errors

    at_console(call(late_reason="夜间来电,次日上班补录", **times))

    contact = Contact.objects.get()
    assert contact.ended_at - contact.started_at == timedelta(minutes=10)
    assert contact.after_hours
    assert Consultation.objects.get().ended_at == contact.ended_at


def test_one_time_alone_is_refused(at_console: Post, call: Fields) -> None:
    answer = at_console(call(typed_started_at="2026-11-23T08:10"))
    assert "typed_ended_at" in answer.context["form"].errors


@pytest.mark.parametrize(
    "role", ["reporter", "tech", "biz", "implementer", "monitor", "superior", "manager", "auditor"]
)
def test_the_console_is_for_those_who_take_calls(
    role: str, call: Fields, signed_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(role))
    addresses = ["console", "caller_search", "caller_card", "suggestions"]

    assert [client.get(reverse(f"hotline:{each}")).status_code for each in addresses] == [403] * 4
    assert client.post(reverse("hotline:console"), call()).status_code == 403
    assert not Contact.objects.exists()


def test_a_visitor_is_sent_to_the_log_in_with_the_words_kept(client: Client, call: Fields) -> None:
    answer = client.post(reverse("hotline:console"), call())
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:login"))
    assert not Contact.objects.exists()


def test_service_support_takes_calls_too(at_console: Post, call: Fields, support: User) -> None:
    assert at_console(call(), support).status_code == 302
    assert Contact.objects.get().agent == support


def test_whoever_is_on_call_takes_calls_while_on_call(
    at_console: Post, call: Fields, tech: User, tech2: User, biz: User, now: datetime
) -> None:
    Shift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        primary=tech,
        backup=tech2,
    )
    assert at_console(call(), tech).status_code == 302
    assert at_console(call(), tech2).status_code == 302
    assert at_console(call(), biz).status_code == 403
    Shift.objects.update(ends_at=now)
    assert at_console(call(), tech).status_code == 403
    assert Contact.objects.count() == 2
