"""E12, R18 and the forms to print: what the bank answers, and what is kept on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from incidents import services
from incidents.models import ContingencyPlan, FaultReport, RecoveryDocument, RecoveryFile
from notifications.models import Message
from tests.incidents.conftest import PLAN_PARTS, REPORT_PARTS, Story, after
from workflow.errors import NotAllowed, WrongState

Begin = Callable[..., Story]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0"
    "f01f0005000180e1b3a7c90000000049454e44ae426082"
)


@pytest.fixture
def store(settings: Any, tmp_path: Any) -> None:
    """Files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path


def send_back(told: Story, code: str, at: float, who: str = "manager") -> Story:
    service = getattr(services, f"return_{code}")
    return told._do(service, who, after(at), opinion="运行方式没有写明脱机上限")


def test_e12_sent_back_the_first_delivery_still_stops_the_clock(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = send_back(story().declare().protect().plan(after(9)), "plan", 9.5)

    assert told.clocks()["plan"] == "met"
    plan = ContingencyPlan.objects.get()
    assert (plan.answer, plan.answered_by) == ("returned", people["manager"])
    room = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/")
    assert room.context["duty"].action == "write_plan"
    assert room.context["duty"].tone == "late"
    assert "被退回" in room.content.decode()
    assert Message.objects.filter(
        recipient=people["tech"], dedupe_key__contains="plan:1:returned"
    ).exists()

    told.plan(after(9.8))
    told._do(services.accept_plan, "manager", after(9.9))
    assert [row.answer for row in ContingencyPlan.objects.order_by("version")] == [
        "returned", "accepted",
    ]  # fmt: skip
    room = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/")
    assert room.context["duty"].action == "resolve"


def test_two_versions_show_their_difference(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().plan(after(1))
    url = f"/incidents/{told.incident.number}/do/write_plan/"
    form = {
        **PLAN_PARTS,
        "risk": "降级期间容量只有三成",
        "expected_recovery_at": "2026-11-23T15:00:00",
    }
    assert signed_in(people["tech"]).post(url, form).status_code == 302

    again = signed_in(people["tech"]).get(url).context["form"]
    assert again.get_initial_for_field(again.fields["version"], "version") == (
        told.fresh().row_version
    )
    room = signed_in(people["supervisor"]).get(f"/incidents/{told.incident.number}/")
    second, first = room.context["plans"]
    assert [label for label, _pieces in second.changes] == ["风险"]
    assert not first.changes
    page = (
        signed_in(people["supervisor"])
        .get(f"/incidents/{told.incident.number}/do/release_plan/")
        .content.decode()
    )
    assert "<ins>" in page
    assert "<del>" in page


def test_e12_is_answered_once_and_only_what_was_delivered(story: Begin) -> None:
    told = story().declare().plan(after(1), delivered=False)
    with pytest.raises(WrongState):
        send_back(told, "plan", 2)
    told._do(services.deliver_plan, "tech", after(2), delivered_to="总行运营管理部")
    send_back(told, "plan", 3)
    with pytest.raises(WrongState):
        told._do(services.accept_plan, "manager", after(3))


def test_e12_is_not_answered_by_its_author_or_the_desk(
    story: Begin, people: dict[str, User], make_person: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    twin = make_person(
        "zhangwei2", "张伟", people["tech"].organisation, "manager",
        staff_no=people["tech"].staff_no,
    )  # fmt: skip
    people["twin"] = twin
    told = story().declare().plan(after(1))
    with pytest.raises(NotAllowed):
        send_back(told, "plan", 2, who="twin")
    url = f"/incidents/{told.incident.number}/do/return_plan/"
    assert signed_in(people["supervisor"]).post(url, {"opinion": "需要补充内容"}).status_code == 403
    assert signed_in(people["manager"]).post(url, {"opinion": "略"}).status_code == 422


def test_e12_may_be_answered_after_the_fault_is_resolved(story: Begin) -> None:
    told = story().declare().protect().plan(after(1)).resolve(after(2))
    told._do(services.accept_plan, "manager", after(3), remark="同意按此执行")
    assert ContingencyPlan.objects.get().answer == "accepted"


def test_e16_a_report_sent_back_is_written_and_delivered_once_more(story: Begin) -> None:
    told = story().declare().protect().resolve(after(2)).confirm(after(3)).report(after(4))
    send_back(told, "report", 5)
    assert told.clocks()["report"] == "met"
    assert told.incident.holder == told.people["tech"]
    with pytest.raises(WrongState):
        told._do(services.deliver_report, "tech", after(5), delivered_to="总行运营管理部")
    told.report(after(6))
    told._do(services.accept_report, "manager", after(7))
    assert [row.version for row in FaultReport.objects.filter(answer="accepted")] == [2]


def test_e16_delivery_keeps_channel_and_receipt(story: Begin) -> None:
    told = story().declare().plan(after(1), delivered=False)
    told._do(
        services.deliver_plan, "tech", after(2), delivered_to="总行运营管理部",
        channel="paper", receipt="李明签收",
    )  # fmt: skip
    plan = ContingencyPlan.objects.get()
    assert (plan.channel, plan.receipt) == ("paper", "李明签收")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("loss_amount", "-1"), ("failed_transactions", "-1"), ("data_loss", "无"),
        ("recovery", "同上"), ("plan_evaluation", "略"), ("impact", ""), ("outage_minutes", ""),
        ("fault_type", "something"),
    ],
)  # fmt: skip
def test_r25_figures_are_not_negative_and_no_part_is_a_placeholder(
    part: str, value: str, story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare().protect().resolve(after(2))
    url = f"/incidents/{told.incident.number}/do/write_report/"
    answer = signed_in(people["tech"]).post(url, {**REPORT_PARTS, part: value})
    assert answer.status_code == 422
    assert part in answer.context["form"].errors
    assert not FaultReport.objects.exists()


def test_the_report_starts_from_what_is_on_record(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect(after(1))
    told._do(
        services.record_impact, "biz", after(1.5), business_impact="两省全部商户无法刷卡",
        provinces=2, failed_transactions=12_000, complaints=37,
    )  # fmt: skip
    told.mitigate(after(1.5)).resolve(after(2))
    form = (
        signed_in(people["tech"])
        .get(f"/incidents/{told.incident.number}/do/write_report/")
        .context["form"]
    )
    started = {name: form.get_initial_for_field(form.fields[name], name) for name in REPORT_PARTS}

    assert started["fault_type"] == "storage.hardware"
    assert started["failed_transactions"] == 12_000
    # Business ran again at the workaround, an hour and a half after the first report.
    assert started["outage_minutes"] == 90
    assert "备用阵列" in started["recovery"]
    assert started["data_loss"] == "无损失"
    assert not started["root_cause"]


def test_r18_the_recovery_document_is_needed_before_the_report_is_approved(story: Begin) -> None:
    told = story().declare().protect().resolve(after(2)).confirm(after(3))
    told.report(after(4), released=False)
    with pytest.raises(WrongState) as refusal:
        told._do(services.release_report, "supervisor", after(4))
    assert refusal.value.code == "recovery"


def test_r18_an_empty_recovery_document_is_refused(story: Begin) -> None:
    told = story().declare().protect()
    with pytest.raises(WrongState) as refusal:
        told._do(services.issue_recovery, "tech", after(1), summary="切换备用阵列后恢复")
    assert refusal.value.code == "empty"


def test_r18_rows_stand_in_the_order_of_their_times_and_versions_stay(story: Begin) -> None:
    told = story().declare().protect()
    for text, at in (("第二步切换", 1), ("第一步隔离", 0.5)):
        told._do(services.add_entry, "tech", after(2), text=text, happened_at=after(at))
    told.recovery(after(2)).note(after(3), "第三步校验").recovery(after(3))

    first, second = RecoveryDocument.objects.all()
    assert [row["action"] for row in first.rows] == ["第一步隔离", "第二步切换"]
    assert len(second.rows) == 3
    assert (first.author, second.version) == (told.people["tech"], 2)


@pytest.mark.usefixtures("store")
def test_r18_files_are_kept_but_never_programs(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().note(after(1))
    url = f"/incidents/{told.incident.number}/do/issue_recovery/"
    tech = signed_in(people["tech"])

    def attempt(name: str, content: bytes) -> int:
        file = SimpleUploadedFile(name, content)
        form = {"summary": "切换备用阵列后恢复", "attachments": [file]}
        return tech.post(url, form).status_code

    assert attempt("修复.exe", b"MZ" + b"0" * 64) == 422
    assert attempt("修复.pdf.exe", b"MZ" + b"0" * 64) == 422
    assert attempt("阵列.png", b"MZ" + b"0" * 64) == 422
    assert not RecoveryDocument.objects.exists()
    assert attempt("阵列.png", PNG) == 302

    file = RecoveryFile.objects.get()
    answer = tech.get(f"/recovery-files/{file.key}/")
    assert b"".join(answer) == PNG
    assert answer["X-Content-Type-Options"] == "nosniff"
    for who in ("reporter", "superior"):
        assert signed_in(people[who]).get(f"/recovery-files/{file.key}/").status_code == 404
    assert signed_in(people["auditor"]).get(f"/recovery-files/{file.key}/").status_code == 403


def test_forms_to_print_show_the_bank_only_what_it_was_given(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().plan(after(1)).plan(after(2), delivered=False)
    told.resolve(after(3)).confirm(after(4)).report(after(5))
    base = f"/incidents/{told.incident.number}"
    bank, desk = signed_in(people["reporter"]), signed_in(people["manager"])

    for path in ("plan/1", "plan/2", "report/1", "recovery/1"):
        page = desk.get(f"{base}/{path}/print/")
        assert page.status_code == 200, path
        assert told.incident.number in page.content.decode()
    assert bank.get(f"{base}/plan/1/print/").status_code == 200
    assert bank.get(f"{base}/report/1/print/").status_code == 200
    for path in ("plan/2", "recovery/1", "report/2", "letter/1"):
        assert bank.get(f"{base}/{path}/print/").status_code == 404, path
    assert signed_in(people["outsider"]).get(f"{base}/plan/1/print/").status_code == 404


def test_a_printed_report_keeps_the_course_of_its_day(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().note(after(1)).resolve(after(2)).confirm(after(3))
    told.report(after(4))
    told.review(after(5))
    text = (
        signed_in(people["tech"])
        .get(f"/incidents/{told.incident.number}/report/1/print/")
        .content.decode()
    )
    assert "切换到备用阵列" in text
    assert "演练" not in text
    rows = FaultReport.objects.get().snapshot["course"]
    assert "incident.begin_review" not in [row["code"] for row in rows]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
