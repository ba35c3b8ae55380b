"""What must be there before a step is taken, and what a step leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from operations.models import ChangeRecord, ManagedObject
from tests.tickets.journey import Journey
from tickets.models import Consultation, Defect, Reply, SignOff, SuperiorReport
from tickets.services import (
    ending,
    execution,
    grouping,
    processing,
    replies,
    signoff,
    superior,
    triage,
    verification,
)
from workflow.errors import InvalidInput, NotAllowed, StaleVersion, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TEXT = "说明文字足够长的一句话"


@pytest.mark.parametrize(
    "part", ["cause", "measures", "impact", "risk", "rollback_plan", "testing"]
)
@pytest.mark.parametrize("words", ["", "  ", "无", "同上", "N/A", "...."])
def test_a_solution_with_an_empty_part_is_not_sent(journey: Journey, part: str, words: str) -> None:
    defect = journey.tech_processing()
    with pytest.raises(InvalidInput) as refusal:
        journey.pending_signoff(defect, **{part: words})
    assert list(refusal.value.fields) == [part]
    assert not SuperiorReport.objects.exists()


@pytest.mark.parametrize("kinds", [[], ["none", "data"], ["unknown"]])
def test_the_needed_changes_are_named(journey: Journey, kinds: list[str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        journey.pending_signoff(change_kinds=kinds)
    assert "change_kinds" in refusal.value.fields


def test_only_a_confirmed_and_solvable_defect_is_sent(journey: Journey) -> None:
    defect = journey.tech_processing()
    with pytest.raises(InvalidInput) as refusal:
        processing.send_for_sign_off(
            defect, actor=journey.cast.tech, now=journey.later(), plan=journey.plan(),
            confirmed=False, solvable=False,
        )  # fmt: skip
    assert set(refusal.value.fields) == {"confirmed", "solvable"}


def test_classification_needs_people_basis_module_and_the_right_assignee(
    journey: Journey, biz: User
) -> None:
    defect = journey.triaging()
    good = {
        "participants": [journey.cast.support], "basis": TEXT, "module": "查询", "assignee": biz,
    }  # fmt: skip
    for name, value in [
        ("participants", []), ("basis", "无"), ("module", " "), ("assignee", journey.cast.tech),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as refusal:
            triage.classify_business(
                defect,
                actor=journey.cast.support,
                now=journey.later(),
                **{**good, name: value},  # type: ignore[arg-type]
            )
        assert list(refusal.value.fields) == [name]
    done = triage.classify_business(
        defect,
        actor=journey.cast.support,
        now=journey.later(),
        **good,  # type: ignore[arg-type]
    )
    assert (done.state, done.holder, done.issue_type) == ("biz_processing", biz, "business")


@pytest.mark.parametrize(
    ("kinds", "needed"), [(["program"], True), (["data"], True), (["parameter"], False)]
)
def test_programs_and_data_are_backed_up_first(
    journey: Journey, kinds: list[str], needed: bool
) -> None:
    journey.changes = kinds
    defect = journey.approved()
    if needed:
        with pytest.raises(InvalidInput) as refusal:
            execution.start(
                defect, actor=journey.cast.implementer, now=journey.later(), backup="无"
            )
        assert list(refusal.value.fields) == ["backup"]
        assert Defect.objects.get(pk=defect.pk).state == "approved"
    done = execution.start(
        defect, actor=journey.cast.implementer, now=journey.later(), backup=TEXT if needed else ""
    )
    assert done.state == "implementing"


def test_implementation_ends_with_a_change_record_or_a_reason(journey: Journey) -> None:
    journey.changes = ["none"]
    defect = journey.implementing()
    actor = journey.cast.implementer
    with pytest.raises(InvalidInput):
        execution.finish(defect, actor=actor, now=journey.later(), steps=TEXT, result=TEXT)
    done = execution.finish(
        defect, actor=actor, now=journey.later(), steps=TEXT, result=TEXT,
        no_change_reason="只重启了进程，未作任何变更",
    )  # fmt: skip
    assert done.state == "verifying"
    assert not ChangeRecord.objects.exists()


def test_a_planned_change_cannot_end_without_its_record(journey: Journey) -> None:
    defect = journey.implementing()
    with pytest.raises(InvalidInput):
        execution.finish(
            defect, actor=journey.cast.implementer, now=journey.later(), steps=TEXT, result=TEXT,
            no_change_reason="没有变更任何东西",
        )  # fmt: skip
    assert Defect.objects.get(pk=defect.pk).state == "implementing"


def test_the_change_record_names_signer_and_implementer(journey: Journey) -> None:
    defect = journey.verifying()
    record = ChangeRecord.objects.get(subject=defect.number)
    assert record.approved_by == journey.cast.supervisor
    assert record.implementer == journey.cast.implementer
    assert record.rollback_plan == "恢复原参数文件并重启应用"


def test_failure_voids_the_signature(journey: Journey) -> None:
    defect = execution.fail(
        journey.implementing(), actor=journey.cast.implementer, now=journey.later(),
        opinion="启动失败，已恢复原参数",
    )  # fmt: skip
    assert (defect.state, defect.cycle) == ("tech_processing", 1)
    assert SignOff.objects.get().voided_at is not None
    again = journey.implementing(journey.approved(journey.pending_signoff(defect)))
    assert again.state == "implementing"


def test_not_solved_begins_a_new_cycle(journey: Journey) -> None:
    defect = verification.verify_unsolved(
        journey.verifying(), actor=journey.cast.agent, now=journey.later(),
        opinion="高峰时段仍然超时",
    )  # fmt: skip
    assert (defect.state, defect.cycle, defect.implementer) == ("tech_processing", 2, None)
    assert SignOff.objects.get().voided_at is not None
    defect = journey.verifying(
        journey.implementing(journey.approved(journey.pending_signoff(defect)))
    )
    assert SuperiorReport.objects.filter(defect=defect).count() == 1
    assert journey.resolved(defect).state == "resolved"


def test_the_report_upward_comes_before_the_reply_and_its_receipt_before_the_end(
    journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.resolved()
    words: dict[str, Any] = {"solution": TEXT, "analysis": TEXT, "cause": TEXT}
    support = journey.cast.support
    with pytest.raises(WrongState) as refusal:
        replies.reply(
            defect, actor=support, now=journey.later(), recipient_kind="submitting_unit", **words
        )
    assert refusal.value.code == "report_due"
    defect = journey.replied(defect)
    with pytest.raises(WrongState) as refusal:
        replies.accept_reply(defect, actor=journey.cast.reporter, now=journey.later())
    assert refusal.value.code == "unacknowledged"
    User.objects.update(language="en")
    page = signed_in(User.objects.get(pk=journey.cast.reporter.pk)).get(defect.get_absolute_url())
    assert "once the superior department has acknowledged" in page.content.decode()
    defect = journey.acknowledge(defect)
    assert replies.accept_reply(
        defect, actor=journey.cast.reporter, now=journey.later()
    ).state == "closed"  # fmt: skip


def test_a_reply_without_receipt_warns(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.report_upward(journey.resolved())
    User.objects.update(language="en")
    client = signed_in(User.objects.get(pk=journey.cast.support.pk))
    page = client.post(
        f"/defects/{defect.key}/do/reply/",
        {
            "version": defect.row_version, "recipient_kind": "assigning_customer",
            "channel": "desk", "customer": "某商户",
            "solution": TEXT, "analysis": TEXT, "cause": TEXT,
        },
        follow=True,
    )  # fmt: skip
    assert "has not yet acknowledged the report" in page.content.decode()
    assert Reply.objects.get().customer == "某商户"


@pytest.mark.parametrize("field", ["solution", "analysis", "cause"])
def test_a_reply_has_solution_analysis_and_cause(journey: Journey, field: str) -> None:
    defect = journey.report_upward(journey.resolved())
    words: dict[str, Any] = {"solution": TEXT, "analysis": TEXT, "cause": TEXT, field: "同上"}
    with pytest.raises(InvalidInput) as refusal:
        replies.reply(
            defect, actor=journey.cast.support, now=journey.later(),
            recipient_kind="submitting_unit", **words,
        )  # fmt: skip
    assert list(refusal.value.fields) == [field]
    assert not Reply.objects.exists()


def test_what_is_no_defect_is_answered_from_triage(journey: Journey) -> None:
    defect = processing.not_confirmed(
        journey.tech_processing(), actor=journey.cast.tech, now=journey.later(),
        opinion="按文档操作均正常，无法重现",
    )  # fmt: skip
    assert (defect.state, defect.result, defect.assignee) == ("triaging", "not_a_defect", None)
    defect = replies.reply(
        defect, actor=journey.cast.support, now=journey.later(),
        recipient_kind="submitting_unit", solution=TEXT, analysis=TEXT, cause=TEXT,
    )  # fmt: skip
    closed = replies.accept_reply(defect, actor=journey.cast.reporter, now=journey.later())
    assert closed.state == "closed"


def test_back_to_triage_is_no_verdict(journey: Journey) -> None:
    defect = processing.back_to_triage(
        journey.tech_processing(), actor=journey.cast.tech, now=journey.later(),
        opinion="属于操作问题，请解释",
    )  # fmt: skip
    assert (defect.state, defect.result) == ("triaging", "")
    with pytest.raises(WrongState):
        replies.reply(
            defect, actor=journey.cast.support, now=journey.later(),
            recipient_kind="submitting_unit", solution=TEXT, analysis=TEXT, cause=TEXT,
        )  # fmt: skip


def test_an_operation_issue_becomes_a_consultation(journey: Journey, signed_in: SignIn) -> None:
    defect = triage.convert_to_consultation(
        journey.triaging(), actor=journey.cast.support, now=journey.later(),
        explainer=journey.cast.support, explanation="请在导出前选择不超过三个月的区间",
    )  # fmt: skip
    consultation = Consultation.objects.get()
    assert (defect.state, consultation.source_defect) == ("converted", defect)
    reporter = signed_in(journey.cast.reporter)
    assert consultation.number in reporter.get(defect.get_absolute_url()).content.decode()
    back = reporter.get(f"/consultations/{consultation.number}/").content.decode()
    assert str(defect.number) in back


def test_a_planned_defect_cannot_become_a_consultation(journey: Journey) -> None:
    defect = journey.pending_signoff()
    defect = signoff.send_back(
        defect, actor=journey.cast.supervisor, now=journey.later(), opinion=TEXT
    )
    defect = processing.back_to_triage(
        defect, actor=journey.cast.tech, now=journey.later(), opinion=TEXT
    )
    with pytest.raises(WrongState) as refusal:
        triage.convert_to_consultation(
            defect, actor=journey.cast.support, now=journey.later(),
            explainer=journey.cast.support, explanation=TEXT,
        )  # fmt: skip
    assert refusal.value.code == "has_solution"


class TestMerging:
    """D30."""

    def merge(self, journey: Journey, child: Defect, parent: Defect) -> Defect:
        return grouping.merge(child, actor=journey.cast.support, now=journey.later(), parent=parent)

    def test_each_child_gets_its_own_reply(self, journey: Journey) -> None:
        parent = journey.triaging()
        child = self.merge(journey, journey.submitted(), parent)
        assert (child.state, child.merged_into, child.holder_role) == ("merged", parent, "")
        parent = journey.resolved(
            journey.verifying(
                journey.implementing(
                    journey.approved(journey.pending_signoff(journey.tech_processing(parent)))
                )
            )
        )
        journey.replied(parent)
        assert set(Reply.objects.values_list("defect_id", flat=True)) == {parent.pk, child.pk}
        assert Defect.objects.get(pk=child.pk).replied_at is not None

    def test_never_into_itself(self, journey: Journey) -> None:
        defect = journey.triaging()
        with pytest.raises(InvalidInput):
            self.merge(journey, defect, defect)

    def test_never_two_levels(self, journey: Journey) -> None:
        parent, child = journey.triaging(), journey.submitted()
        self.merge(journey, child, parent)
        with pytest.raises(InvalidInput):
            self.merge(journey, journey.submitted(), Defect.objects.get(pk=child.pk))
        with pytest.raises(WrongState) as refusal:
            self.merge(journey, Defect.objects.get(pk=parent.pk), journey.submitted())
        assert refusal.value.code == "has_children"

    @pytest.mark.parametrize("state", ["draft", "replied", "closed"])
    def test_never_into_what_gets_no_reply_any_more(self, journey: Journey, state: str) -> None:
        parent = journey.at(state)
        child = journey.submitted()
        with pytest.raises(InvalidInput):
            self.merge(journey, child, parent)
        assert Defect.objects.get(pk=child.pk).state == "submitted"

    def test_only_within_one_system(self, journey: Journey) -> None:
        other = ManagedObject.objects.create(code="POS", name="POS前置", kind="pos")
        with pytest.raises(InvalidInput):
            self.merge(journey, journey.submitted(managed_object=other), journey.triaging())

    def test_a_parent_cannot_be_withdrawn(self, journey: Journey) -> None:
        parent = journey.triaging()
        self.merge(journey, journey.submitted(), parent)
        with pytest.raises(WrongState):
            ending.withdraw(parent, actor=journey.cast.reporter, now=journey.later(), opinion=TEXT)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "triaging"])
def test_the_reporter_withdraws_before_the_work_begins(journey: Journey, state: str) -> None:
    defect = journey.at(state)
    number = defect.number
    done = ending.withdraw(
        defect, actor=journey.cast.reporter, now=journey.later(), opinion="问题已自行消失"
    )
    assert (done.state, done.number, done.holder_role) == ("withdrawn", number, "")


def test_of_two_who_accept_at_once_one_is_told(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.submitted()
    page = {"version": defect.row_version}
    client = signed_in(journey.cast.support)
    assert client.post(f"/defects/{defect.key}/do/accept/", page).status_code == 302
    late = client.post(
        f"/defects/{defect.key}/do/return/", {**page, "opinion": "请补充报错截图和商户号"}
    )
    assert late.status_code == 409
    assert "请补充报错截图和商户号" in late.content.decode()
    assert Defect.objects.get(pk=defect.pk).state == "triaging"


def test_two_people_write_in_one_draft(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.draft()
    client = signed_in(journey.cast.reporter)
    url = f"/defects/{defect.key}/do/save/"
    words = {"version": defect.row_version, "title": "第一个人的标题"}
    assert client.post(url, words).status_code == 302
    late = client.post(url, {**words, "title": "第二个人的标题"})
    assert late.status_code == 409
    assert "第二个人的标题" in late.content.decode()
    assert Defect.objects.get(pk=defect.pk).title == "第一个人的标题"


def test_a_refusal_is_written_down(journey: Journey, signed_in: SignIn) -> None:
    from audit.models import Event

    defect = journey.submitted()
    signed_in(journey.cast.agent).post(f"/defects/{defect.key}/do/accept/", {"version": 1})
    refused = Event.objects.get(outcome="refused")
    assert (refused.action, refused.target_label) == ("defect.accept", defect.number)
    assert refused.actor_key == journey.cast.agent.audit_key


def test_the_superior_sees_only_what_was_reported(journey: Journey) -> None:
    defect = journey.pending_signoff()
    seen = Defect.objects.visible_to(journey.cast.superior)
    assert not seen.exists()
    journey.report_upward(defect)
    assert list(seen.all()) == [defect]
    with pytest.raises(NotAllowed):
        superior.acknowledge_superior_report(
            defect, actor=journey.cast.support, now=journey.later()
        )


def test_a_stale_version_is_told_before_anything_else(journey: Journey) -> None:
    defect = journey.submitted()
    with pytest.raises(StaleVersion):
        triage.accept(defect, actor=journey.cast.support, now=journey.later(), version=99)


def test_the_reporter_may_not_be_a_desk_member(journey: Journey) -> None:
    from tickets.services import defects

    with pytest.raises(NotAllowed):
        defects.submit_new(
            actor=journey.cast.agent, now=journey.later(), reporter=journey.cast.tech,
            form=journey.form(),
        )  # fmt: skip
    assert Role.REPORTER not in journey.cast.tech.roles
