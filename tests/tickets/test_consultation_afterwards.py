"""What may follow a consultation: completion by the caller, amending, locking, voiding (C4, C7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import RoleGrant, User
from audit.models import Event
from notifications.models import Message
from operations.models import ManagedObject
from tickets.models import Consultation, Correction, Defect
from tickets.services import afterwards, consultations
from workflow.errors import InvalidInput, NotAllowed, WrongState

SignIn = Callable[[User], Client]
ANSWER = "在“商户管理—综合查询”里输入商户号即可。"
TEXT = "原答复中的菜单名称有误,应为综合查询"


@pytest.fixture(autouse=True)
def _morning(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def record(
    agent: User, reporter: User, system: ManagedObject, now: datetime
) -> Callable[..., Consultation]:
    """A consultation recorded some time ago: ``record(hours=25)``, open with ``close=False``."""

    def make(*, close: bool = True, caller: User | None = reporter, **ago: float) -> Consultation:
        then = now - timedelta(**ago)
        question = consultations.Question(
            caller=caller, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
            channel="hotline", managed_object=system, question="商户号查询在哪个菜单里?",
            started_at=then - timedelta(minutes=5),
        )  # fmt: skip
        return consultations.record_consultation(
            actor=agent, now=then, question=question, answer=ANSWER if close else "", close=close
        )

    return make


def url(consultation: Consultation, act: str) -> str:
    """Address of an act."""
    return f"/consultations/{consultation.number}/do/{act}/"


def test_c4_a_form_that_is_not_complete_goes_to_the_caller(
    record: Any, agent: User, support: User, reporter: User, signed_in: SignIn
) -> None:
    """Filed and numbered, returned to the caller with what is missing; the caller submits it."""
    asked = record(close=False)
    form = {
        "why": "需要查看后台日志才能判断", "phenomenon": "查询后一直转圈无结果", "urgency": "S3",
        "missing": "请补充报错截图和商户号", "operation_steps": "登录后点综合查询",
        "reproducible": "每次", "environment": "Chrome 110", "expected_result": "列出商户",
        "actual_result": "一直转圈",
    }  # fmt: skip
    assert signed_in(agent).post(url(asked, "convert"), form).status_code == 302
    defect = Defect.objects.get()
    assert (defect.state, defect.holder, defect.holder_role) == ("returned", reporter, "reporter")
    assert defect.number
    assert (defect.operation_steps, defect.environment) == ("登录后点综合查询", "Chrome 110")
    returned = Event.objects.about(defect).get(action="defect.return")
    assert (returned.opinion, returned.actor_key) == ("请补充报错截图和商户号", agent.audit_key)
    assert not Message.objects.filter(recipient=support).exists()
    assert Message.objects.filter(recipient=reporter, channel="in_app").count() == 1

    client = signed_in(reporter)
    page = client.get(f"/defects/{defect.number}/do/submit/")
    assert page.context["form"]["actual_result"].value() == "一直转圈"
    completed = {
        "title": defect.title, "managed_object": defect.managed_object_id, "urgency": "S3",
        "phenomenon": "查询商户号后一直转圈,截图见附件", "contact_phone": "8012",
        "version": defect.row_version,
    }  # fmt: skip
    assert client.post(f"/defects/{defect.number}/do/submit/", completed).status_code == 302
    assert Defect.objects.get().state == "submitted"
    assert Message.objects.filter(recipient=support, channel="in_app").exists()


def test_c4_a_complete_form_goes_to_support(record: Any, agent: User, signed_in: SignIn) -> None:
    form = {"why": "需要查看后台日志才能判断", "phenomenon": "查询后一直转圈", "urgency": "S3"}
    assert signed_in(agent).post(url(record(close=False), "convert"), form).status_code == 302
    defect = Defect.objects.get()
    assert (defect.state, defect.holder_role) == ("submitted", "support")


def test_c7_a_record_is_changed_within_24_hours_and_the_trail_keeps_the_old_words(
    record: Any, support: User, now: datetime
) -> None:
    closed = record(hours=23, minutes=59)
    done = afterwards.amend(
        closed, actor=support, now=now, answer=ANSWER + "再点查询。", category="query",
        remarks="已回访",
    )  # fmt: skip
    assert (done.answer, done.category, done.remarks) == (ANSWER + "再点查询。", "query", "已回访")
    event = Event.objects.about(closed).get(action="consultation.amend")
    assert event.data["before"] == {"answer": ANSWER, "category": "other", "remarks": ""}


def test_c7_24_hours_after_closing_the_fields_are_frozen(
    record: Any, agent: User, now: datetime
) -> None:
    """Exactly at 24 hours, not before; a correction is refused before and taken afterwards."""
    closed = record(hours=24)
    just_before = now - timedelta(seconds=1)
    with pytest.raises(WrongState):
        afterwards.amend(closed, actor=agent, now=now, answer=ANSWER + "再", category="query")
    with pytest.raises(WrongState):
        afterwards.add_correction(closed, actor=agent, now=just_before, text=TEXT)
    afterwards.add_correction(closed, actor=agent, now=now, text=TEXT)
    closed.refresh_from_db()
    assert (closed.answer, closed.category) == (ANSWER, "other")


def test_c7_a_correction_counts_once_a_supervisor_has_confirmed_it(
    record: Any, agent: User, supervisor: User, reporter: User, signed_in: SignIn
) -> None:
    """The bank reads it only then; the fields stay as they were."""
    closed = record(hours=25)
    assert signed_in(agent).post(url(closed, "correct"), {"text": TEXT}).status_code == 302
    page = f"/consultations/{closed.number}/"
    assert TEXT not in signed_in(reporter).get(page).content.decode()
    assert TEXT in signed_in(agent).get(page).content.decode()
    note = Correction.objects.get()
    form = {"correction": note.pk, "decision": "confirmed"}
    answer = signed_in(supervisor).post(url(closed, "confirm_correction"), form)
    assert answer.status_code == 302
    note.refresh_from_db()
    assert (note.state, note.written_by, note.decided_by) == ("confirmed", agent, supervisor)
    assert TEXT in signed_in(reporter).get(page).content.decode()
    closed.refresh_from_db()
    assert closed.answer == ANSWER


def test_c7_declining_a_correction_needs_a_reason(
    record: Any, agent: User, supervisor: User, now: datetime, signed_in: SignIn
) -> None:
    closed = afterwards.add_correction(record(hours=25), actor=agent, now=now, text=TEXT)
    note = Correction.objects.get()
    client = signed_in(supervisor)
    form = {"correction": note.pk, "decision": "declined", "opinion": ""}
    page = client.post(url(closed, "confirm_correction"), form)
    assert page.status_code == 422
    assert "opinion" in page.context["form"].errors
    form["opinion"] = "菜单名称本来就是对的"
    assert client.post(url(closed, "confirm_correction"), form).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.opinion) == ("declined", "菜单名称本来就是对的")


def test_c7_nobody_confirms_the_own_correction(
    record: Any, agent: User, now: datetime, make_person: Any, company: Any
) -> None:
    """Four-eyes per person: neither with a second role, nor from a second account, nor by force."""
    closed = afterwards.add_correction(record(hours=25), actor=agent, now=now, text=TEXT)
    note = Correction.objects.get()
    RoleGrant.objects.create(user=agent, role="supervisor")
    twin = make_person("zhoujing2", "周静", company, "supervisor", staff_no=agent.staff_no)
    for person in (User.objects.get(pk=agent.pk), twin):
        with pytest.raises(NotAllowed):
            afterwards.decide_correction(
                closed, actor=person, now=now, correction=note, decision="confirmed"
            )
    note.refresh_from_db()
    note.state, note.decided_by, note.decided_at = "confirmed", agent, now
    with pytest.raises(IntegrityError), transaction.atomic():
        note.save()


def test_reopened_within_seven_days_it_no_longer_counts_as_solved_on_the_spot(
    record: Any, support: User, signed_in: SignIn, now: datetime
) -> None:
    closed = record(days=6)
    client = signed_in(support)
    reason = "客户再次来电,按答复操作仍查不到"
    assert client.post(url(closed, "reopen"), {"opinion": reason}).status_code == 302
    closed.refresh_from_db()
    assert (closed.state, closed.holder, closed.closed_at) == ("open", support, None)
    assert client.post(url(closed, "close"), {"answer": TEXT}).status_code == 302
    closed.refresh_from_db()
    assert (closed.state, closed.solved_on_spot, closed.reopened) == ("closed", False, 1)
    assert closed.closed_at == now


def test_after_seven_days_a_new_one_is_recorded(record: Any, agent: User, now: datetime) -> None:
    with pytest.raises(WrongState) as refused:
        afterwards.reopen(record(days=7, seconds=1), actor=agent, now=now, opinion=TEXT)
    assert refused.value.code == "too_late"
    afterwards.reopen(record(days=7), actor=agent, now=now, opinion=TEXT)


def test_voiding_is_for_a_supervisor_who_did_not_record_it(
    record: Any, agent: User, supervisor: User, now: datetime
) -> None:
    RoleGrant.objects.create(user=agent, role="supervisor")
    own = record()
    with pytest.raises(NotAllowed) as refused:
        afterwards.void(own, actor=User.objects.get(pk=agent.pk), now=now, opinion=TEXT)
    assert refused.value.code == "four_eyes_agent"
    afterwards.void(own, actor=supervisor, now=now, opinion="测试时误录入的一条记录")
    own.refresh_from_db()
    assert own.state == "voided"
    assert own.answer == ANSWER


def test_a_voided_running_call_ends_as_an_invalid_one(
    record: Any, supervisor: User, now: datetime
) -> None:
    """Every contact has a result (R13)."""
    running = record(close=False)
    afterwards.void(running, actor=supervisor, now=now, opinion="误按保存产生的记录")
    assert running.contacts.get().result == "invalid"


def test_the_caller_rates_once_within_seven_days(
    record: Any, reporter: User, now: datetime
) -> None:
    closed = record()
    afterwards.rate(closed, actor=reporter, now=now, satisfaction=5)
    with pytest.raises(WrongState):
        afterwards.rate(closed, actor=reporter, now=now, satisfaction=1)
    with pytest.raises(WrongState):
        afterwards.rate(record(days=8), actor=reporter, now=now, satisfaction=1)
    with pytest.raises(InvalidInput):
        afterwards.rate(record(), actor=reporter, now=now, satisfaction=0)


def test_r29_over_the_api_nothing_assigns_or_approves(
    record: Any, agent: User, supervisor: User, signed_in: SignIn
) -> None:
    """No such address: 404 on every guess; a PUT or PATCH of the record is a 405."""
    closed = record()
    for person in (agent, supervisor):
        client = signed_in(person)
        for act in ("assign", "approve", "sign", "accept", "send_for_sign_off", "report_upward"):
            base = f"/api/v1/consultations/{closed.number}/"
            assert client.post(f"{base}actions/{act}/", {}).status_code == 404
            assert client.post(f"{base}{act}/", {}).status_code == 404
        for method in ("put", "patch", "delete"):
            answer = getattr(client, method)(f"/api/v1/consultations/{closed.number}/")
            assert answer.status_code in (403, 405)


def test_c2_amber_in_the_evening_red_on_the_next_working_day_and_red_it_stays(
    record: Any, agent: User, signed_in: SignIn, now: datetime
) -> None:
    """Monday; red from Tuesday 9:00 on, also on Tuesday evening."""
    record(close=False)

    def lateness(**later: float) -> str:
        with time_machine.travel(now + timedelta(**later), tick=False):
            return str(signed_in(agent).get("/consultations/").context["rows"][0][1])

    assert lateness() == ""
    assert lateness(hours=9) == "warn"
    assert lateness(hours=23) == "warn"
    assert lateness(days=1) == "late"
    assert lateness(days=1, hours=12) == "late"


def test_c2_over_a_weekend_it_stays_amber(
    record: Any, agent: User, signed_in: SignIn, now: datetime
) -> None:
    """Recorded on Friday: amber on Sunday, red on Monday at 9:05."""
    friday = now + timedelta(days=4)
    with time_machine.travel(friday, tick=False):
        record(close=False, days=-4)
    for later, expected in ((2, "warn"), (3, "late")):
        with time_machine.travel(friday + timedelta(days=later), tick=False):
            assert signed_in(agent).get("/consultations/").context["rows"][0][1] == expected
