"""A consultation noted while the caller is still on the line (C2, C3, C4, C5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hotline.models import Contact
from tickets.models import Consultation, Defect

Post = Callable[..., Any]
Fields = Callable[..., dict[str, Any]]


@pytest.fixture
def running(at_console: Post, call: Fields) -> Consultation:
    """A call that goes on."""
    answer = at_console(call(act="keep_open", answer=""))
    consultation = Consultation.objects.get()
    assert answer["Location"].endswith(f"?continue={consultation.number}")
    return consultation


def test_it_is_open_in_the_agents_hands_and_there_is_no_contact_yet(
    running: Consultation, agent: User
) -> None:
    assert running.state == Consultation.State.OPEN
    assert (running.holder_role, running.holder) == ("agent", agent)
    assert running.ended_at is None
    assert not Contact.objects.exists()


def test_the_console_goes_on_where_it_was(
    running: Consultation, agent: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(agent).get(reverse("hotline:console"), {"continue": running.number})
    assert running.question in page.content.decode()


def test_it_is_finished_from_the_console(
    running: Consultation, at_console: Post, call: Fields
) -> None:
    other = {"question": "换一个完全不同的问题", "caller_name": "别人"}
    at_console(call(**{"continue": running.number}, **other))

    contact = Contact.objects.get()
    running.refresh_from_db()
    assert running.state == Consultation.State.CLOSED
    assert running.question == "商户号查询在哪个菜单里?"
    assert contact.consultation == running
    assert (contact.result, contact.caller_name) == ("solved", "张丽")
    assert contact.started_at == running.started_at


def test_finishing_it_on_its_own_page_writes_the_contact_too(
    running: Consultation, support: User, signed_in: Callable[[User], Client]
) -> None:
    address = reverse("tickets:consultation_action", args=[running.number, "close"])
    answer = signed_in(support).post(address, {"answer": "在“商户管理”里查询即可。"})

    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.result, contact.consultation, contact.agent) == ("solved", running, support)


@pytest.mark.parametrize("page", ["console", "record"])
def test_it_becomes_a_defect(
    page: str,
    running: Consultation,
    at_console: Post,
    call: Fields,
    agent: User,
    signed_in: Callable[[User], Client],
) -> None:
    if page == "console":
        at_console(
            call(**{"continue": running.number}, result="to_defect", why="后台日志需要技术人员看")
        )
    else:
        address = reverse("tickets:consultation_action", args=[running.number, "convert"])
        form = {"why": "后台日志需要技术人员看", "phenomenon": "查询无结果返回", "urgency": "S3"}
        signed_in(agent).post(address, form)

    running.refresh_from_db()
    defect = Defect.objects.get()
    assert running.state == Consultation.State.CONVERTED
    assert defect.source_consultation == running
    assert defect.reporter == running.caller
    contact = Contact.objects.get()
    assert (contact.result, contact.defect, contact.consultation) == ("to_defect", defect, running)


def test_it_becomes_an_incident_and_is_answered_later(
    running: Consultation, at_console: Post, call: Fields
) -> None:
    at_console(call(**{"continue": running.number}, result="to_incident", claimed_down="on"))

    contact = Contact.objects.get()
    running.refresh_from_db()
    assert contact.incident is not None
    assert contact.consultation == running
    assert running.state == Consultation.State.OPEN

    at_console(call(**{"continue": running.number}))
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("result", ["invalid", "out_of_scope", "repeated", "supplement"])
def test_other_results_do_not_end_it(
    result: str, running: Consultation, at_console: Post, call: Fields
) -> None:
    answer = at_console(
        call(
            **{"continue": running.number}, result=result, referral="请联系客服热线",
            linked=running.number,
        )
    )  # fmt: skip
    assert "result" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_a_finished_one_cannot_be_gone_on_with(
    running: Consultation, at_console: Post, call: Fields
) -> None:
    at_console(call(**{"continue": running.number}))
    assert at_console(call(**{"continue": running.number})).status_code == 404
    assert Contact.objects.count() == 1


def test_keeping_open_twice_makes_one(at_console: Post, call: Fields) -> None:
    fields = call(act="keep_open", answer="")
    at_console(fields)
    at_console(fields)
    assert Consultation.objects.count() == 1


def test_keeping_open_needs_the_question(at_console: Post, call: Fields) -> None:
    answer = at_console(call(act="keep_open", question="略"))
    assert "question" in answer.context["form"].errors
    assert not Consultation.objects.exists()
