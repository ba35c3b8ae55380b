"""D25: the problem is back; a new cycle with everything anew, the old one frozen and readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from notifications.models import Message
from tests.tickets.journey import Journey
from tickets.models import Defect, DefectLink, Reply, SignOff
from tickets.services import grouping, processing, reopening, replies, triage
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SYMPTOM = "今天上午查询仍然超时，与上周相同"


def reopen(journey: Journey, defect: Defect, actor: User | None = None) -> Defect:
    """By the reporter, a minute later."""
    return reopening.reopen(
        defect, actor=actor or journey.cast.reporter, now=journey.later(), opinion=SYMPTOM
    )


@pytest.mark.parametrize("state", ["replied", "closed"])
@pytest.mark.parametrize("person", ["reporter", "support"])
def test_d25_goes_back_to_the_side_that_solved_it(
    state: str, person: str, journey: Journey, signed_in: SignIn
) -> None:
    defect = journey.at(state)
    client = signed_in(getattr(journey.cast, person))
    response = client.post(
        f"/defects/{defect.key}/do/reopen/", {"version": defect.row_version, "opinion": SYMPTOM}
    )
    assert response.status_code == 302, response.content.decode()[:2000]
    again = Defect.objects.get(pk=defect.pk)
    assert (again.state, again.cycle, again.holder) == ("tech_processing", 2, journey.cast.tech)
    assert (again.replied_at, again.closed_at, again.close_reason, again.rating) == (
        None, None, "", None,
    )  # fmt: skip
    assert not SignOff.objects.filter(defect=defect, voided_at=None).exists()
    assert Reply.objects.get(defect=defect).superseded_at is not None
    told = Message.objects.filter(recipient=journey.cast.tech, channel="in_app")
    assert told.filter(subject__contains="重新打开").count() == 1


def test_d25_repeats_every_later_step_and_the_second_reply_stands(journey: Journey) -> None:
    defect = reopen(journey, journey.closed())
    defect = journey.pending_signoff(defect, measures="将连接池改为 120 并增加一台前置")
    defect = journey.resolved(journey.verifying(journey.implementing(journey.approved(defect))))
    defect = replies.reply(
        defect, actor=journey.cast.support, now=journey.later(),
        recipient_kind="submitting_unit", solution="再次扩大连接池", analysis="并发高于预期",
        cause="连接池仍然偏小",
    )  # fmt: skip
    first, second = Reply.objects.filter(defect=defect).order_by("pk")
    assert (first.cycle, second.cycle) == (1, 2)
    assert first.number != second.number
    assert (first.superseded_at is not None, second.superseded_at) == (True, None)
    assert (first.rating, Defect.objects.get(pk=defect.pk).rating) == (5, None)


def test_d25_the_old_cycle_stays_readable_apart(journey: Journey, signed_in: SignIn) -> None:
    defect = reopen(journey, journey.replied())
    desk = signed_in(journey.cast.support).get(f"/defects/{defect.key}/").content.decode()
    past = desk[desk.index("past-cycle") :]
    for words in ("第 1 轮", "扩大连接池", "将连接池由 20 调整为 60", "连续查询十次", "maxPool"):
        assert words in past
    assert "将连接池由 20 调整为 60" not in desk[: desk.index("past-cycle")]
    bank = signed_in(journey.cast.reporter).get(f"/defects/{defect.key}/").content.decode()
    assert "扩大连接池" in bank
    assert "maxPool" not in bank


def test_d25_needs_a_symptom(journey: Journey) -> None:
    for words in ("", "无", "同上"):
        with pytest.raises(InvalidInput):
            reopening.reopen(
                journey.replied(), actor=journey.cast.reporter, now=journey.later(), opinion=words
            )


def test_d25_only_the_reporter_or_support(journey: Journey, teammate: User) -> None:
    defect = journey.replied()
    for person in (teammate, journey.cast.tech, journey.cast.supervisor, journey.cast.agent):
        with pytest.raises(NotAllowed):
            reopen(journey, defect, person)


@pytest.mark.parametrize("state", ["resolved", "triaging", "tech_processing"])
def test_d25_only_after_a_reply(state: str, journey: Journey) -> None:
    with pytest.raises(WrongState):
        reopen(journey, journey.at(state))


def test_d25_the_window_is_seven_days_to_the_second(journey: Journey) -> None:
    defect = journey.replied()
    replied = journey.now
    journey.now = replied + timedelta(days=7)
    with pytest.raises(WrongState):
        reopen(journey, defect)
    journey.now = replied + timedelta(days=7) - timedelta(minutes=1)
    assert reopen(journey, defect).state == "tech_processing"


def test_d25_after_the_window_a_new_ticket_is_a_recurrence(
    journey: Journey, signed_in: SignIn
) -> None:
    earlier = journey.closed()
    with time_machine.travel(journey.now + timedelta(days=8)):
        client = signed_in(journey.cast.reporter)
        page = client.get(f"/defects/{earlier.key}/").content.decode()
        url = f"/defects/new/?recurrence_of={earlier.number}"
        assert url in page
        form = client.get(url).content.decode()
        assert f'value="{earlier.number}"' in form
        assert "查询三个月以上的交易时页面提示超时" in form
        response = client.post(
            "/defects/new/",
            {
                "title": "商户交易查询再次超时", "managed_object": journey.cast.system.pk,
                "phenomenon": "与上次相同的现象再次出现", "urgency": "S3", "contact_phone": "8012",
                "recurrence_of": earlier.number,
            },
        )  # fmt: skip
    assert response.status_code == 302, response.content.decode()[:2000]
    tie = DefectLink.objects.get()
    assert (tie.kind, tie.target, tie.defect.title) == (
        "recurrence", earlier, "商户交易查询再次超时",
    )  # fmt: skip
    desk = signed_in(journey.cast.support)
    assert "复发为" in desk.get(f"/defects/{earlier.key}/").content.decode()


def test_d25_a_recurrence_of_what_one_may_not_see_is_refused(
    journey: Journey, signed_in: SignIn, outsider: User
) -> None:
    earlier = journey.closed()
    client = signed_in(outsider)
    url = f"/defects/new/?recurrence_of={earlier.number}"
    assert "查询三个月以上" not in client.get(url).content.decode()
    response = client.post(
        "/defects/new/",
        {
            "title": "别家的缺陷", "managed_object": journey.cast.system.pk, "urgency": "S3",
            "phenomenon": "与上次相同的现象", "contact_phone": "8012",
            "recurrence_of": earlier.number,
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert not DefectLink.objects.exists()


def test_d25_what_was_no_defect_is_assessed_anew(journey: Journey) -> None:
    """There is no solved route to go back to: service support classifies it again."""
    defect = processing.not_confirmed(
        journey.tech_processing(), actor=journey.cast.tech, now=journey.later(),
        opinion="检查日志未见异常，功能符合设计",
    )  # fmt: skip
    defect = replies.reply(
        defect, actor=journey.cast.support, now=journey.later(),
        recipient_kind="submitting_unit", solution="功能符合设计", analysis="核对日志无异常",
        cause="对功能理解有误",
    )  # fmt: skip
    defect = reopen(journey, defect)
    assert (defect.state, defect.holder, defect.result) == ("triaging", journey.cast.support, "")
    assert triage.classify_technical(
        defect, actor=journey.cast.support, now=journey.later(),
        participants=[journey.cast.support], basis="再次出现，日志已有超时", module="交易查询",
        assignee=journey.cast.tech,
    ).state == "tech_processing"  # fmt: skip


def test_d25_goes_to_triage_when_the_assignee_has_left(journey: Journey) -> None:
    defect = journey.replied()
    User.objects.filter(pk=journey.cast.tech.pk).update(is_active=False)
    defect = reopen(journey, defect)
    assert (defect.state, defect.holder) == ("triaging", journey.cast.support)


def test_d25_merged_defects_follow_and_get_a_second_reply(journey: Journey, teammate: User) -> None:
    parent = journey.tech_processing()
    child = grouping.merge(
        journey.submitted(), actor=journey.cast.support, now=journey.later(), parent=parent
    )
    parent = journey.resolved(journey.verifying(journey.implementing(journey.approved(
        journey.pending_signoff(Defect.objects.get(pk=parent.pk))
    ))))  # fmt: skip
    parent = reopen(journey, journey.replied(parent))
    child = Defect.objects.get(pk=child.pk)
    assert (child.state, child.replied_at) == ("merged", None)
    assert Reply.objects.get(defect=child).superseded_at is not None

    parent = journey.resolved(journey.verifying(journey.implementing(journey.approved(
        journey.pending_signoff(parent)
    ))))  # fmt: skip
    replies.reply(
        parent, actor=journey.cast.support, now=journey.later(),
        recipient_kind="submitting_unit", solution="再次扩大连接池", analysis="并发高于预期",
        cause="连接池仍然偏小",
    )  # fmt: skip
    answers = Reply.objects.filter(superseded_at=None)
    assert {each.defect_id for each in answers} == {parent.pk, child.pk}
    assert Reply.objects.values("number").distinct().count() == 4
