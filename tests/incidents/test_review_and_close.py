"""E17 and E18: review, improvement items, report upward, and the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from engine import registry
from incidents import services
from incidents.models import Incident
from notifications.models import Message
from tests.incidents.conftest import Story, after
from workflow.errors import InvalidInput, NotAllowed, WrongState

Begin = Callable[..., Story]


def confirmed(story: Begin, **given: object) -> Story:
    """Confirmed at hour 3 with the report delivered at hour 5."""
    told = story(**given).declare().protect().note(after(1)).resolve(after(2)).confirm(after(3))
    return told.report(after(5))


def settled(story: Begin) -> Story:
    """All but the end."""
    return confirmed(story).upward(after(5)).review(after(6)).improve(after(6), after(100))


def close(told: Story, at: float = 7, who: str = "supervisor", reason: str = "") -> Story:
    return told._do(services.close, who, after(at), no_items_reason=reason)


def code_of(told: Story) -> str:
    with pytest.raises(WrongState) as refusal:
        close(told)
    return refusal.value.code


@pytest.mark.parametrize("who", ["supervisor", "manager"])
def test_e18_a_settled_incident_is_closed(who: str, story: Begin) -> None:
    told = close(settled(story), who=who)

    assert (told.incident.state, told.incident.closed_at) == ("closed", after(7))
    assert told.incident.holder is None


def test_e18_needs_the_report_delivered_and_not_sent_back(story: Begin) -> None:
    told = story().declare().protect().note(after(1)).resolve(after(2)).confirm(after(3))
    told.recovery(after(4)).upward(after(5)).review(after(6)).improve(after(6), after(99))
    assert code_of(told) == "report"
    told.report(after(6), delivered=False)
    assert code_of(told) == "report"
    told._do(services.deliver_report, "tech", after(6), delivered_to="总行运营管理部")
    told._do(services.return_report, "manager", after(6), opinion="损失金额需要复核")
    assert code_of(told) == "report"
    told.report(after(7))
    assert close(told, 8).incident.state == "closed"


def test_e18_needs_the_report_upward_acknowledged(story: Begin) -> None:
    told = confirmed(story).review(after(6)).improve(after(6), after(100))
    assert code_of(told) == "upward"
    told._do(services.report_upward, "support", after(6), content="全省收单业务中断已恢复")
    assert code_of(told) == "upward"
    told._do(services.acknowledge_upward, "superior", after(6))
    assert close(told).incident.state == "closed"


def test_e18_needs_the_recovery_document(story: Begin) -> None:
    told = settled(story)
    told.incident.recovery_documents.all().delete()
    assert code_of(told) == "recovery"


def test_e18_needs_the_contingency_duty_settled(story: Begin) -> None:
    told = settled(story)
    assert told.incident.commitment is not None
    plan = told.incident.commitment.clocks.get(kind="plan")
    plan.state = "running"
    plan.save()
    assert code_of(told) == "plan"


def test_e18_needs_the_question_about_t0_decided(story: Begin) -> None:
    told = confirmed(story).upward(after(5))
    commitment = told.incident.commitment
    assert commitment is not None
    told.incident.t0_changes.create(
        before=after(0), after=after(1), reason="录音待核对", state="asked",
        asked_by=told.people["tech"], asked_at=after(5),
    )  # fmt: skip
    told.review(after(6)).improve(after(6), after(100))
    assert code_of(told) == "t0"


@pytest.mark.parametrize("reason", ["", "无", "略"])
def test_e18_without_improvement_items_a_reason_is_needed(reason: str, story: Begin) -> None:
    told = confirmed(story).upward(after(5)).review(after(6))
    with pytest.raises(InvalidInput) as refusal:
        close(told, reason=reason)
    assert "no_items_reason" in refusal.value.fields
    close(told, reason="硬件偶发故障,巡检已覆盖")
    assert told.incident.review.no_items_reason == "硬件偶发故障,巡检已覆盖"


def test_e18_is_not_for_others_nor_before_the_review(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = confirmed(story).upward(after(5))
    url = f"/incidents/{told.incident.number}/do/close/"
    assert signed_in(people["supervisor"]).post(url, {}).status_code == 409
    told.review(after(6)).improve(after(6), after(100))
    assert signed_in(people["tech"]).post(url, {}).status_code == 403
    assert signed_in(people["supervisor"]).post(url, {}).status_code == 302


def test_e18_a_lower_severity_closes_without_report_and_upward(story: Begin) -> None:
    told = story().acknowledge()
    told._do(services.declare_lower, "tech", after(0), severity="S3", assessment="个别终端签到慢")
    told.protect().resolve(after(2)).confirm(after(3)).review(after(4)).improve(after(4), after(99))
    assert close(told).incident.state == "closed"


def test_e18_a_drill_closes_without_the_superior_department(story: Begin) -> None:
    told = confirmed(story, is_drill=True, hour_seconds=3600)
    with pytest.raises(WrongState):
        told._do(services.report_upward, "support", after(5), content="演练不应上报上级")
    told.review(after(6)).improve(after(6), after(100))
    assert close(told).incident.state == "closed"


def test_upward_is_acknowledged_by_neither_sender_nor_author(
    story: Begin, people: dict[str, User], make_person: Callable[..., User]
) -> None:
    for name, role in (("sender", "support"), ("writer", "tech")):
        first = make_person(name, "杜雪", people["tech"].organisation, role, "superior")
        people[name] = first
    told = story().declare().protect().note(after(1)).resolve(after(2)).confirm(after(3))
    told._do(services.report_upward, "sender", after(4), content="全省收单业务中断已恢复")
    with pytest.raises(NotAllowed):
        told._do(services.acknowledge_upward, "sender", after(4))
    told.report(after(5))
    told._do(services.acknowledge_upward, "superior", after(5), opinion="已阅,请继续跟踪")
    assert told.incident.upward_report.is_acknowledged
    with pytest.raises(WrongState):
        told._do(services.acknowledge_upward, "superior", after(5))


@pytest.mark.parametrize(
    "wrong",
    [{"participants": []}, {"root_cause": "同上"}, {"plan_use": "partly"}, {"plan_use": "maybe"}],
)
def test_e17_names_people_cause_and_the_use_of_the_plan(
    wrong: dict[str, object], story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = confirmed(story)
    url = f"/incidents/{told.incident.number}/do/begin_review/"
    form = {
        "participants": [people["tech"].pk],
        "root_cause": "固件版本管理没有纳入巡检",
        "plan_use": "usable",
        **wrong,
    }
    assert signed_in(people["supervisor"]).post(url, form).status_code == 422
    assert signed_in(people["manager"]).post(url, form).status_code == 403
    assert told.fresh().state == "confirmed"


@pytest.mark.parametrize(
    "wrong", [{"text": "无"}, {"owner": ""}, {"due_at": ""}, {"due_at": "2020-01-01T00:00:00"}]
)
def test_e17_an_item_has_words_owner_and_a_day_to_come(
    wrong: dict[str, str], story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = confirmed(story).review(after(6))
    url = f"/incidents/{told.incident.number}/do/add_improvement/"
    form = {
        "text": "固件版本纳入月度巡检",
        "owner": people["tech"].pk,
        "due_at": "2026-12-24T12:00:00",
    }
    assert signed_in(people["supervisor"]).post(url, {**form, **wrong}).status_code == 422
    assert not told.incident.improvements.exists()


def test_an_item_is_done_by_its_owner_also_after_the_end(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = close(settled(story))
    item = told.incident.improvements.get()
    url = f"/incidents/{told.incident.number}/do/finish_improvement/"
    form = {"item": item.pk, "result": "巡检表已增加固件版本"}

    home = signed_in(people["tech2"]).get("/").content.decode()
    assert item.text in home
    assert signed_in(people["tech"]).post(url, form).status_code == 403
    assert signed_in(people["tech2"]).post(url, form).status_code == 302
    item.refresh_from_db()
    assert (item.done_by, item.next_reminder_at) == (people["tech2"], None)
    assert signed_in(people["tech2"]).post(url, form).status_code == 409


def test_an_overdue_item_is_told_once_a_week_until_it_is_done(story: Begin) -> None:
    told = close(settled(story))
    item = told.incident.improvements.get()

    def reminders() -> int:
        mine = Message.objects.filter(recipient=told.people["tech2"])
        keys = mine.filter(dedupe_key__contains=f"item:{item.pk}:overdue").values("dedupe_key")
        return keys.distinct().count()

    registry.run("improvements", item.due_at - timedelta(seconds=1))
    assert reminders() == 0
    for _again in range(3):
        registry.run("improvements", item.due_at)
    assert reminders() == 1
    # Three weeks of standstill: one reminder, then the week's rhythm.
    registry.run("improvements", item.due_at + timedelta(days=22))
    assert reminders() == 2
    item.refresh_from_db()
    assert item.next_reminder_at == item.due_at + timedelta(days=28)
    assert Event.objects.filter(action="incident.improvement_overdue").count() == 2
    told._do(
        services.finish_improvement, "supervisor", item.due_at + timedelta(days=23),
        item=item, result="巡检表已增加固件版本",
    )  # fmt: skip
    registry.run("improvements", item.due_at + timedelta(days=40))
    assert reminders() == 2


def test_a_stale_close_is_a_conflict(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = settled(story)
    url = f"/incidents/{told.incident.number}/do/close/"
    old = told.fresh().row_version - 1
    assert signed_in(people["supervisor"]).post(url, {"version": old}).status_code == 409
    assert Incident.objects.get().state == "reviewing"
