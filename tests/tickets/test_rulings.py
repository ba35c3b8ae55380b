"""Proposals and rulings: side, not solvable, recall, changed plans (D8, D12, D16, D18)."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import RoleGrant, User
from accounts.roles import Role
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets.models import Defect, Implementation, SignOff, SolutionDraft, SuperiorReport
from tickets.services import execution, plan_drafts, processing, rulings, signoff
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
WHY = "属于业务规则问题，应由业务处理"


def _with(user: User, *roles: str) -> User:
    for role in roles:
        RoleGrant.objects.get_or_create(user=user, role=role)
    fresh: User = User.objects.get(pk=user.pk)
    return fresh


def test_support_confirms_a_change_of_side_and_the_draft_stays_read_only(
    situations: Situations, journey: Journey, biz: User
) -> None:
    """D8: proposed by the assignee, confirmed by support; history and draft are kept."""
    tech = journey.cast.tech
    defect = plan_drafts.save_plan(
        journey.tech_processing(),
        actor=tech,
        now=journey.later(),
        content={"measures": "扩大连接池"},
    )
    defect = situations.side_proposed(defect)
    assert (defect.state, defect.holder_role) == ("tech_processing", "support")
    with pytest.raises(WrongState) as refusal:
        journey.pending_signoff(defect)
    assert refusal.value.code == "reclassify_pending"
    defect = rulings.agree_to_reclassify(
        defect, actor=journey.cast.support, now=journey.later(), assignee=biz
    )
    assert (defect.state, defect.assignee, defect.holder) == ("biz_processing", biz, biz)
    assert (defect.issue_type, defect.route) == ("business", "biz_processing")
    draft = SolutionDraft.objects.get()
    assert (draft.author, draft.frozen_at) == (tech, journey.now)
    plan_drafts.save_plan(
        defect, actor=biz, now=journey.later(), content={"cause": "规则理解不一致"}
    )
    assert SolutionDraft.objects.filter(frozen_at=None).get().author == biz
    draft.refresh_from_db()
    assert draft.content == {"measures": "扩大连接池"}


def test_the_proposer_cannot_confirm_even_as_support(
    situations: Situations, journey: Journey, biz: User
) -> None:
    both = _with(journey.cast.tech, Role.SUPPORT)
    with pytest.raises(NotAllowed) as refusal:
        rulings.agree_to_reclassify(
            situations.side_proposed(), actor=both, now=journey.later(), assignee=biz
        )
    assert refusal.value.code == "four_eyes_proposer"


def test_the_third_change_of_side_needs_a_supervisor(
    situations: Situations, journey: Journey
) -> None:
    """D8: support alone no longer decides; the supervisor's refusal leaves it where it is."""
    defect = situations.third_time()
    assert defect.holder_role == "supervisor"
    with pytest.raises(NotAllowed):
        rulings.agree_to_reclassify(
            defect, actor=journey.cast.support, now=journey.later(),
            assignee=situations.company.biz,
        )  # fmt: skip
    defect = rulings.refuse_to_reclassify(
        defect, actor=journey.cast.supervisor, now=journey.later(), opinion="由技术负责到底"
    )
    assert (defect.state, defect.holder) == ("tech_processing", journey.cast.tech)


def test_a_change_of_side_needs_a_reason_and_somebody_of_the_other_side(
    situations: Situations, journey: Journey, tech2: User
) -> None:
    with pytest.raises(InvalidInput):
        rulings.reclassify(
            journey.tech_processing(), actor=journey.cast.tech, now=journey.later(), opinion="略"
        )
    with pytest.raises(InvalidInput) as refusal:
        rulings.agree_to_reclassify(
            situations.side_proposed(), actor=journey.cast.support, now=journey.later(),
            assignee=tech2,
        )  # fmt: skip
    assert set(refusal.value.fields) == {"assignee"}


def test_what_cannot_be_solved_is_co_signed_and_must_be_reported(
    situations: Situations, journey: Journey
) -> None:
    """D12: stated by the assignee, co-signed, report opened with the statement in it (R41, R47)."""
    defect = situations.stated()
    assert (defect.state, defect.holder_role) == ("tech_processing", "supervisor")
    defect = rulings.cosign_unsolvable(
        defect, actor=journey.cast.supervisor, now=journey.later(), opinion="同意上报"
    )
    report = SuperiorReport.objects.get()
    assert (defect.state, defect.solvable, defect.cause_class) == (
        "awaiting_superior", False, "interface",
    )  # fmt: skip
    assert report.asks_for_decision
    assert report.state == "due"
    assert "须由外部机构改造接口" in report.content
    assert defect.holder == journey.cast.support
    sent = journey.report_upward(defect)
    assert (sent.holder_role, sent.holder) == ("superior", None)


@pytest.mark.parametrize("part", ["tech", "reporter"])
def test_who_stated_or_reported_it_cannot_co_sign(
    situations: Situations, journey: Journey, part: str
) -> None:
    defect = situations.stated()
    both = _with(getattr(journey.cast, part), Role.SUPERVISOR)
    with pytest.raises(NotAllowed) as refusal:
        rulings.cosign_unsolvable(defect, actor=both, now=journey.later())
    assert refusal.value.code in ("four_eyes_author", "four_eyes_reporter")


def test_the_supervisor_may_refuse_and_the_assignee_goes_on(
    situations: Situations, journey: Journey
) -> None:
    defect = rulings.refuse_unsolvable(
        situations.stated(), actor=journey.cast.supervisor, now=journey.later(),
        opinion="请联系外部机构确认排期",
    )  # fmt: skip
    assert (defect.holder, SuperiorReport.objects.count()) == (journey.cast.tech, 0)
    assert journey.pending_signoff(defect).state == "pending_signoff"


@pytest.mark.parametrize(
    "left_out", ["cause", "why", "alternatives", "workaround", "module", "cause_class"]
)
def test_a_statement_is_complete(journey: Journey, situations: Situations, left_out: str) -> None:
    words: dict[str, Any] = {
        "cause_class": "interface", "module": "对账文件", "cause": "银联接口不返回该字段",
        "why": "须由外部机构改造接口", "alternatives": "每日人工补录差异",
        "workaround": "次日人工核对", left_out: "",
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        rulings.state_unsolvable(
            journey.tech_processing(), actor=journey.cast.tech, now=journey.later(), **words
        )
    assert set(refusal.value.fields) == {left_out}


def test_a_pending_group_is_in_the_way_of_not_solvable_too(
    situations: Situations, journey: Journey
) -> None:
    """D10 blocks D12 as well as D11."""
    with pytest.raises(WrongState) as refusal:
        rulings.state_unsolvable(
            situations.asked(), actor=journey.cast.tech, now=journey.later(),
            cause_class="interface", module="对账文件", cause="银联接口不返回该字段",
            why="须由外部机构改造接口", alternatives="每日人工补录差异", workaround="次日人工核对",
        )  # fmt: skip
    assert refusal.value.code == "group_opinion"


def test_the_confirmation_names_root_cause_class_and_module(journey: Journey) -> None:
    """R31, R41: asked where the defect is confirmed, and part of what is signed."""
    defect = journey.pending_signoff()
    solution = defect.solutions.get()
    assert (defect.cause_class, defect.module, defect.solvable) == ("parameter", "交易查询", True)
    assert defect.confirmed_at == journey.now
    solution.cause_class = "program"
    assert solution.compute_hash() != solution.content_hash
    wrongs: list[dict[str, Any]] = [{"cause_class": ""}, {"cause_class": "moon"}, {"module": " "}]
    for wrong in wrongs:
        with pytest.raises(InvalidInput) as refusal:
            journey.pending_signoff(**wrong)
        assert set(refusal.value.fields) == set(wrong)


def test_the_author_recalls_before_the_decision_and_sends_a_new_version(journey: Journey) -> None:
    """D16."""
    tech = journey.cast.tech
    defect = signoff.recall(journey.pending_signoff(), actor=tech, now=journey.later())
    assert (defect.state, defect.holder) == ("tech_processing", tech)
    defect = journey.pending_signoff(defect, risk="风险可控，重启失败可立即回退")
    assert [each.version for each in defect.solutions.all()] == [1, 2]
    defect = journey.approved(defect)
    with pytest.raises(WrongState):
        signoff.recall(defect, actor=tech, now=journey.later())


def test_nobody_but_the_author_recalls(journey: Journey, tech2: User) -> None:
    with pytest.raises(NotAllowed) as refusal:
        signoff.recall(journey.pending_signoff(), actor=tech2, now=journey.later())
    assert refusal.value.code == "author"


@pytest.mark.parametrize("state", ["approved", "implementing"])
@pytest.mark.parametrize("part", ["implementer", "tech"])
def test_a_changed_plan_voids_the_signature(journey: Journey, state: str, part: str) -> None:
    """D18: by implementer or author; what is under way is stopped, and a new version signed."""
    person = getattr(journey.cast, part)
    defect = execution.change_plan(
        journey.at(state), actor=person, now=journey.later(), opinion="现场参数与方案不符，需改方案"
    )
    assert (defect.state, defect.implementer) == ("tech_processing", None)
    assert SignOff.objects.get().voided_at == journey.now
    for attempt in Implementation.objects.all():
        assert (attempt.ended_at, attempt.succeeded) == (journey.now, None)
    defect = journey.approved(journey.pending_signoff(defect, measures="分两批调整连接池并观察"))
    assert SignOff.objects.filter(voided_at=None).get().solution.version == 2
    assert journey.implementing(defect).state == "implementing"


def test_a_changed_plan_needs_a_reason_and_a_part_in_it(journey: Journey, tech2: User) -> None:
    defect = journey.approved()
    with pytest.raises(InvalidInput):
        execution.change_plan(
            defect, actor=journey.cast.implementer, now=journey.later(), opinion="同上"
        )
    with pytest.raises(NotAllowed):
        execution.change_plan(
            defect, actor=tech2, now=journey.later(), opinion="现场参数与方案不符，需改方案"
        )
    assert Defect.objects.get(pk=defect.pk).state == "approved"


def test_a_proposal_dies_with_the_state_it_was_made_in(
    situations: Situations, journey: Journey
) -> None:
    """Whoever leads the defect elsewhere leaves no proposal behind to be agreed to later."""
    defect = situations.stated()
    Defect.objects.filter(pk=defect.pk).update(state_since=journey.later())
    again = processing.back_to_triage(
        Defect.objects.get(pk=defect.pk), actor=journey.cast.tech, now=journey.later(),
        opinion="需要重新研判是否属于缺陷",
    )  # fmt: skip
    defect = journey.tech_processing(again)
    with pytest.raises(WrongState):
        rulings.cosign_unsolvable(defect, actor=journey.cast.supervisor, now=journey.later())
