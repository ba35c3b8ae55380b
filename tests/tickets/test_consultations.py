"""Consultations: list, page, acts; what does not exist for them (R26–R30, C1–C4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from audit.models import Event
from operations.models import ManagedObject
from tickets.models import Consultation, Defect
from tickets.services.consultations import (
    Question,
    create_from_defect,
    first_line,
    record_consultation,
)
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from workflow.errors import InvalidInput, NotAllowed

SignIn = Callable[[User], Client]
ANSWER = "在“商户管理—综合查询”里输入商户号即可。"


@pytest.fixture(autouse=True)
def _morning(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def asked(reporter: User, system: ManagedObject, now: datetime) -> Callable[..., Question]:
    """A question of the reporter."""

    def question(**told: Any) -> Question:
        given: dict[str, Any] = {
            "caller": reporter,
            "caller_name": "张丽",
            "caller_phone": "024-22851234",
            "unit": reporter.organisation,
            "channel": "hotline",
            "managed_object": system,
            "question": "商户号查询在哪个菜单里?",
            "started_at": now - timedelta(minutes=5),
        } | told
        return Question(**given)

    return question


@pytest.fixture
def noted(agent: User, asked: Any, now: datetime) -> Consultation:
    """An open consultation."""
    return record_consultation(actor=agent, now=now, question=asked(), close=False)


@pytest.fixture
def solved(agent: User, asked: Any, now: datetime) -> Consultation:
    """A closed consultation."""
    return record_consultation(actor=agent, now=now, question=asked(), answer=ANSWER, close=True)


def page_of(consultation: Consultation) -> str:
    """Its address."""
    return reverse("tickets:consultation", args=[consultation.number])


def act(consultation: Consultation, code: str) -> str:
    """Address of an act."""
    return f"{page_of(consultation)}do/{code}/"


def test_closing_at_once_keeps_question_answer_and_times(
    solved: Consultation, now: datetime
) -> None:
    assert solved.state == Consultation.State.CLOSED
    assert (solved.answer, solved.solved_on_spot, solved.ended_at) == (ANSWER, True, now)
    assert solved.title == "商户号查询在哪个菜单里?"
    assert not solved.after_hours


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"question": "……"}, "question"),
        ({"channel": "on_site"}, "place"),
        ({"started_at": datetime.fromisoformat("2026-11-23T02:00:00+00:00")}, "started_at"),
    ],
)
def test_the_service_checks_as_the_form_does(
    told: dict[str, Any], field: str, agent: User, asked: Any, now: datetime
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_consultation(actor=agent, now=now, question=asked(**told), answer=ANSWER, close=True)
    assert field in refused.value.fields


def test_an_outside_unit_is_not_served(
    agent: User, asked: Any, now: datetime, company: Organisation
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_consultation(
            actor=agent, now=now, question=asked(unit=company), answer=ANSWER, close=True
        )
    assert "unit" in refused.value.fields


@pytest.mark.parametrize("role", ["reporter", "tech", "supervisor", "manager", "sysadmin"])
def test_who_takes_no_calls_records_nothing(
    role: str, asked: Any, now: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        record_consultation(
            actor=request.getfixturevalue(role), now=now, question=asked(), answer=ANSWER,
            close=True,
        )  # fmt: skip
    assert not Consultation.objects.exists()


def test_a_night_call_is_after_hours_even_on_a_workday(
    agent: User, asked: Any, now: datetime
) -> None:
    night = now - timedelta(hours=6)
    consultation = record_consultation(
        actor=agent, now=now, question=asked(started_at=night), answer=ANSWER, close=True
    )
    assert consultation.after_hours


def test_any_agent_on_duty_may_close_it(
    noted: Consultation, support: User, signed_in: SignIn, now: datetime
) -> None:
    answer = signed_in(support).post(act(noted, "close"), {"answer": ANSWER, "version": 1})
    assert answer.status_code == 302
    noted.refresh_from_db()
    assert (noted.state, noted.answer, noted.ended_at) == ("closed", ANSWER, now)
    assert noted.holder is None


@pytest.mark.parametrize("answer", ["", "无", "已答"])
def test_closing_needs_an_answer(
    answer: str, noted: Consultation, agent: User, signed_in: SignIn
) -> None:
    page = signed_in(agent).post(act(noted, "close"), {"answer": answer})
    assert page.status_code == 422
    noted.refresh_from_db()
    assert noted.state == Consultation.State.OPEN


def test_a_stale_page_gives_the_words_back(
    noted: Consultation, agent: User, signed_in: SignIn
) -> None:
    page = signed_in(agent).post(act(noted, "close"), {"answer": ANSWER, "version": 7})
    assert page.status_code == 409
    assert ANSWER in page.content.decode()


@pytest.mark.parametrize("code", ["close", "convert"])
def test_a_closed_one_is_closed(
    code: str, solved: Consultation, agent: User, signed_in: SignIn
) -> None:
    form = {
        "answer": ANSWER,
        "why": "需要查看后台日志",
        "phenomenon": "查询无结果返回",
        "urgency": "S3",
    }
    assert signed_in(agent).post(act(solved, code), form).status_code == 409
    assert not Defect.objects.exists()


@pytest.mark.parametrize(
    "role", ["reporter", "tech", "biz", "supervisor", "implementer", "manager"]
)
@pytest.mark.parametrize("code", ["close", "convert"])
def test_others_do_not_act(
    role: str, code: str, noted: Consultation, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(role))
    form = {
        "answer": ANSWER,
        "why": "需要查看后台日志",
        "phenomenon": "查询无结果返回",
        "urgency": "S3",
    }
    assert client.get(act(noted, code)).status_code == 403
    assert client.post(act(noted, code), form).status_code == 403
    noted.refresh_from_db()
    assert noted.state == Consultation.State.OPEN
    offers = client.get(page_of(noted)).context["offers"]
    assert code not in {offer.action.code for offer in offers}


def test_converting_files_a_defect_for_the_caller(
    noted: Consultation, agent: User, reporter: User, signed_in: SignIn
) -> None:
    form = {
        "why": "需要查看后台日志才能判断", "phenomenon": "查询后一直转圈", "urgency": "S2",
        "impact": "全行商户查询",
    }  # fmt: skip
    answer = signed_in(agent).post(act(noted, "convert"), form)

    defect = Defect.objects.get()
    noted.refresh_from_db()
    assert answer["Location"] == reverse("tickets:defect", args=[defect.number])
    assert noted.state == Consultation.State.CONVERTED
    assert defect.source_consultation == noted
    assert (defect.state, defect.reporter, defect.filed_by) == ("submitted", reporter, agent)
    assert (defect.phenomenon, defect.urgency) == ("查询后一直转圈", "S2")
    assert str(defect.number) in signed_in(reporter).get(page_of(noted)).content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("why", "无"), ("why", ""), ("phenomenon", "同上"), ("urgency", "S1")]
)
def test_converting_needs_words(
    field: str, value: str, noted: Consultation, agent: User, signed_in: SignIn
) -> None:
    form = {"why": "需要查看后台日志", "phenomenon": "查询后一直转圈", "urgency": "S3"} | {
        field: value
    }
    assert signed_in(agent).post(act(noted, "convert"), form).status_code == 422
    noted.refresh_from_db()
    assert noted.state == Consultation.State.OPEN
    assert not Defect.objects.exists()


def test_a_caller_without_account_cannot_be_converted_and_the_reason_is_shown(
    agent: User, asked: Any, now: datetime, signed_in: SignIn
) -> None:
    stranger = record_consultation(
        actor=agent, now=now, question=asked(caller=None, caller_name="新来的人"), close=False
    )
    offers = signed_in(agent).get(page_of(stranger)).context["offers"]
    assert [(each.action.code, each.enabled) for each in offers] == [
        ("close", True), ("escalate", True), ("convert", False),
    ]  # fmt: skip
    form = {"why": "需要查看后台日志", "phenomenon": "查询后一直转圈", "urgency": "S3"}
    assert signed_in(agent).post(act(stranger, "convert"), form).status_code == 409
    assert not Defect.objects.exists()


@pytest.mark.parametrize(
    "code", ["assign", "approve", "sign", "send_for_sign_off", "accept", "report", "delete"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_assigns_or_approves_a_consultation(
    code: str, method: str, noted: Consultation, agent: User, supervisor: User, signed_in: SignIn
) -> None:
    for person in (agent, supervisor):
        client = signed_in(person)
        assert getattr(client, method)(act(noted, code)).status_code == 404
        assert getattr(client, method)(f"{page_of(noted)}{code}/").status_code == 404
    assert signed_in(agent).post(page_of(noted)).status_code == 405


def test_a_bank_user_sees_the_own_branch_only(
    solved: Consultation, reporter: User, teammate: User, outsider: User, signed_in: SignIn
) -> None:
    for person in (reporter, teammate):
        assert signed_in(person).get(page_of(solved)).status_code == 200
    client = signed_in(outsider)
    assert client.get(page_of(solved)).status_code == 404
    assert client.post(act(solved, "close"), {"answer": ANSWER}).status_code == 404
    page = client.get(reverse("tickets:consultation_list"))
    assert page.context["page"].total == 0


def test_phones_are_masked_for_colleagues(
    solved: Consultation, reporter: User, teammate: User, agent: User, signed_in: SignIn
) -> None:
    full = "024-22851234"
    assert full in signed_in(agent).get(page_of(solved)).content.decode()
    assert full in signed_in(reporter).get(page_of(solved)).content.decode()
    assert full not in signed_in(teammate).get(page_of(solved)).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=0001", True),
        ("q=ZX-20261123-0001", True),
        ("q=菜单", True),
        ("q=张丽", True),
        ("q=zl", True),
        ("q=zhangli 商户号", True),
        ("q=李四", False),
        ("state=closed", True),
        ("state=open", False),
        ("category=terminal", False),
        ("channel=hotline", True),
        ("since=2026-11-23", True),
        ("until=2026-11-22", False),
        ("state=nonsense", False),
        ("after=nonsense", True),
    ],
)
def test_the_list_is_narrowed(
    query: str, found: bool, solved: Consultation, agent: User, signed_in: SignIn
) -> None:
    page = signed_in(agent).get(f"{reverse('tickets:consultation_list')}?{query}")
    assert bool(page.context["page"].rows) is found


def test_the_list_costs_a_fixed_number_of_queries(
    agent: User, asked: Any, now: datetime, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for _number in range(15):
        record_consultation(actor=agent, now=now, question=asked(), close=False)
    client = signed_in(agent)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("tickets:consultation_list"))
    assert len(page.context["page"]) == 15


def test_an_open_one_turns_amber_in_the_evening_and_red_the_next_working_day(
    noted: Consultation, agent: User, signed_in: SignIn, now: datetime
) -> None:
    def lateness(at: datetime) -> str:
        with time_machine.travel(at, tick=False):
            rows = signed_in(agent).get(reverse("tickets:consultation_list")).context["rows"]
        return str(rows[0][1])

    assert lateness(now) == ""
    assert lateness(now + timedelta(hours=9)) == "warn"
    assert lateness(now + timedelta(days=1)) == "late"


@pytest.fixture
def defect(reporter: User, system: ManagedObject, now: datetime) -> Defect:
    """A submitted defect."""
    return submit_new(
        actor=reporter, now=now, reporter=reporter,
        form=DefectInput(
            title="返佣明细打不开", phenomenon="点导出后提示文件损坏", managed_object=system,
            contact_phone="8012",
        ),
    )  # fmt: skip


def test_an_operation_issue_becomes_a_closed_consultation_linked_to_its_defect(
    defect: Defect, support: User, tech: User, signed_in: SignIn, now: datetime
) -> None:
    consultation = create_from_defect(
        defect=defect, explanation="须先解压再打开导出文件", explainer=tech, actor=support, now=now
    )

    assert consultation.state == Consultation.State.CLOSED
    assert (consultation.source_defect, consultation.agent) == (defect, tech)
    assert consultation.solved_on_spot
    assert consultation.question == "点导出后提示文件损坏"
    assert Event.objects.about(consultation).get().action == "consultation.from_defect"
    text = signed_in(support).get(page_of(consultation)).content.decode()
    assert reverse("tickets:defect", args=[defect.number]) in text


def test_an_explanation_must_say_something(
    defect: Defect, support: User, tech: User, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        create_from_defect(
            defect=defect, explanation="同上", explainer=tech, actor=support, now=now
        )
    assert not Consultation.objects.exists()


def test_a_title_is_the_first_line_cut_short() -> None:
    assert first_line("  第一行\n第二行") == "第一行"
    assert first_line("长" * 61) == "长" * 59 + "…"
    assert first_line(" \n ") == ""
