"""A defect from the form to the accepted reply, by seven people, in their browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import User
from audit.models import Event
from notifications.models import Message
from operations.models import ChangeRecord
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tickets.models import Defect

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def act(client: Client, defect: Defect, action: str, **data: Any) -> Defect:
    """Open the page of an act, send its form, and follow to the ticket."""
    url = f"/defects/{defect.key}/do/{action}/"
    assert client.get(url).status_code == 200
    response = client.post(url, {"version": defect.row_version, **data})
    assert response.status_code == 302, response.content.decode()[:3000]
    assert client.get(response["Location"]).status_code == 200
    return Defect.objects.get(pk=defect.pk)


def plan(journey: Journey) -> dict[str, Any]:
    """The form of D11 as a browser sends it."""
    written = journey.plan()
    return {
        "confirmed": "on", "solvable": "on", "cause_class": written.cause_class,
        "module": written.module, "cause": written.cause, "measures": written.measures,
        "impact": written.impact, "risk": written.risk, "rollback_plan": written.rollback_plan,
        "testing": written.testing, "planned_at": "2026-11-24T22:00",
        "planned_implementer": written.planned_implementer.pk, "change_kinds": ["parameter"],
    }  # fmt: skip


def submit(client: Client, journey: Journey, **changes: Any) -> Any:
    """Send the submission form."""
    return client.post(
        "/defects/new/",
        {
            "title": "商户交易查询超时", "managed_object": journey.cast.system.pk,
            "phenomenon": "查询三个月以上的交易时页面提示超时。", "urgency": "S3",
            "contact_phone": "024-22851234", "token": "0b5a3a0e-6d3f-4f0e-9c6f-0d4f4d3c2b1a",
            **changes,
        },
    )  # fmt: skip


def test_seven_people_take_a_defect_from_the_form_to_the_end(
    journey: Journey, signed_in: SignIn
) -> None:
    cast = journey.cast
    reporter, support, tech = (
        signed_in(cast.reporter),
        signed_in(cast.support),
        signed_in(cast.tech),
    )
    implementer, agent = signed_in(cast.implementer), signed_in(cast.agent)
    supervisor, superior = signed_in(cast.supervisor), signed_in(cast.superior)

    receipt = submit(reporter, journey)
    defect = Defect.objects.get()
    assert receipt["Location"] == f"/defects/{defect.number}/receipt/"
    assert str(defect.number) in reporter.get(receipt["Location"]).content.decode()

    defect = act(support, defect, "accept")
    defect = act(
        support, defect, "classify_technical", participants=[cast.support.pk, cast.tech.pk],
        basis="日志显示连接池耗尽", module="交易查询", assignee=cast.tech.pk,
    )  # fmt: skip
    defect = act(tech, defect, "send_for_sign_off", **plan(journey))
    assert superior.get(f"/defects/{defect.key}/").status_code == 404
    defect = act(support, defect, "report_upward", content="交易查询超时，已确认属实")
    assert str(defect.number) in supervisor.get("/sign-off/").content.decode()
    defect = act(
        supervisor, defect, "approve", password=PASSWORD, opinion="同意实施",
        solution_hash=defect.solutions.get().content_hash,
    )  # fmt: skip
    defect = act(implementer, defect, "start", backup="")
    defect = act(
        implementer, defect, "finish", steps="修改参数并重启应用", result="应用启动正常",
        kind="parameter", level="ordinary", reason="连接池过小", before="maxPool=20",
        after="maxPool=60",
    )  # fmt: skip
    defect = act(
        agent, defect, "verify_solved", evidence="连续查询十次均在三秒内",
        method="已扩大查询连接池，可正常查询",
    )  # fmt: skip
    defect = act(superior, defect, "acknowledge_report", opinion="知悉")
    defect = act(
        support, defect, "reply", recipient_kind="submitting_unit", channel="desk",
        solution="扩大连接池", analysis="高峰时段连接排队", cause="连接池配置过小",
    )  # fmt: skip
    defect = act(reporter, defect, "close", rating=5)

    assert (defect.state, defect.rating, defect.holder) == ("closed", 5, None)
    assert ChangeRecord.objects.get().approved_by == cast.supervisor
    assert ChangeRecord.objects.get().number.startswith("CHG-20261123-")
    trail = Event.objects.filter(target_type="tickets.defect", target_id=str(defect.pk))
    assert [event.to_state for event in trail.exclude(from_state=F("to_state"))] == [
        "submitted", "triaging", "tech_processing", "pending_signoff", "approved", "implementing",
        "verifying", "resolved", "replied", "closed",
    ]  # fmt: skip
    told = Message.objects.filter(channel="in_app", recipient=cast.reporter)
    assert told.filter(subject__contains=defect.number).count() == 5


def test_the_reporter_reads_his_own_parts_and_nothing_internal(
    journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.replied()
    page = signed_in(journey.cast.reporter).get(f"/defects/{defect.key}/").content.decode()
    assert "已扩大查询连接池，可正常查询" in page  # method
    assert "高峰时段连接排队" in page  # reply
    for hidden in (
        "日志显示连接池耗尽",
        "恢复原参数文件",
        "maxPool",
        "连续查询十次",
        "修改参数并重启",
    ):
        assert hidden not in page
    assert "交易查询超时，已确认属实" not in page  # the report upward
    desk = signed_in(journey.cast.support).get(f"/defects/{defect.key}/").content.decode()
    for shown in ("日志显示连接池耗尽", "恢复原参数文件", "maxPool", "连续查询十次"):
        assert shown in desk


def test_an_agent_files_on_behalf_of_a_bank_user_found_by_pinyin(
    journey: Journey, signed_in: SignIn
) -> None:
    client = signed_in(journey.cast.agent)
    found = client.get("/defects/new/", {"q": "zhangli"}).content.decode()
    assert f"?reporter={journey.cast.reporter.pk}" in found
    assert submit(client, journey, reporter=journey.cast.reporter.pk).status_code == 302
    defect = Defect.objects.get()
    assert (defect.reporter, defect.filed_by) == (journey.cast.reporter, journey.cast.agent)
    assert defect.unit == journey.cast.reporter.organisation


def test_a_bank_user_cannot_file_in_somebody_elses_name(
    journey: Journey, teammate: User, signed_in: SignIn
) -> None:
    response = submit(signed_in(teammate), journey, reporter=journey.cast.reporter.pk)
    assert response.status_code == 403
    assert not Defect.objects.exists()


def test_a_double_click_makes_one_ticket(journey: Journey, signed_in: SignIn) -> None:
    client = signed_in(journey.cast.reporter)
    first, second = submit(client, journey), submit(client, journey)
    assert first["Location"] == second["Location"]
    assert Defect.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("phenomenon", "无"), ("phenomenon", "  同上 "), ("contact_phone", ""), ("title", ""),
     ("contact_phone", "12"), ("managed_object", ""), ("found_at", "2026-12-01T00:00")],
)  # fmt: skip
def test_an_incomplete_form_comes_back_with_its_words(
    journey: Journey, signed_in: SignIn, field: str, value: str
) -> None:
    response = submit(signed_in(journey.cast.reporter), journey, **{field: value})
    assert response.status_code == 422
    assert "商户交易查询超时" in response.content.decode() or field == "title"
    assert not Defect.objects.exists()


def test_a_draft_needs_only_a_title_and_is_submitted_later(
    journey: Journey, signed_in: SignIn, teammate: User
) -> None:
    client = signed_in(journey.cast.reporter)
    submit(client, journey, save="1", phenomenon="", contact_phone="", managed_object="")
    draft = Defect.objects.get()
    assert (draft.state, draft.number) == ("draft", None)
    assert signed_in(teammate).get(f"/defects/{draft.key}/").status_code == 404
    assert signed_in(journey.cast.support).get(f"/defects/{draft.key}/").status_code == 404
    url = f"/defects/{draft.key}/do/submit/"
    assert client.get(url).status_code == 200
    early = client.post(url, {"version": draft.row_version, "title": "商户交易查询超时"})
    assert early.status_code == 422
    full = {
        "version": draft.row_version, "title": "商户交易查询超时", "urgency": "S3",
        "managed_object": journey.cast.system.pk, "phenomenon": "查询三个月以上的交易时超时",
        "contact_phone": "8012",
    }  # fmt: skip
    assert client.post(url, full).status_code == 302
    draft.refresh_from_db(from_queryset=Defect.objects.all())
    assert draft.state == "submitted"
    assert draft.number == "QX-20261123-0001"


def test_a_returned_form_keeps_its_number(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.returned()
    client = signed_in(journey.cast.reporter)
    page = client.get(f"/defects/{defect.key}/").content.decode()
    assert "请补充报错截图" in page
    response = client.post(
        f"/defects/{defect.key}/do/submit/",
        {
            "version": defect.row_version, "title": "商户交易查询超时（补充）", "urgency": "S3",
            "managed_object": journey.cast.system.pk, "phenomenon": "截图见附件，提示超时",
            "contact_phone": "8012",
        },
    )  # fmt: skip
    assert response.status_code == 302
    again = Defect.objects.get(pk=defect.pk)
    assert (again.number, again.state, again.title) == (
        defect.number, "submitted", "商户交易查询超时（补充）",
    )  # fmt: skip
