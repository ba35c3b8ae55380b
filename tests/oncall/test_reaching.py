"""One record rings nobody twice at once; text messages and messages come besides the calls."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import Event
from notifications.models import GroupPost, Message
from oncall import ladder
from oncall.models import Attempt, LadderVersion, Page
from oncall.services.ladders import change_ladder
from oncall.services.pages import acknowledge, close_pages
from oncall.services.reach import set_reach
from tests.oncall.conftest import Exchange, attempts, begin, run
from workflow.errors import InvalidInput, NotAllowed, StaleVersion

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WHY = "按季度复盘结论调整呼叫顺序"


def changed(actor: User, now: datetime, *steps: ladder.Step, **more: object) -> LadderVersion:
    """A new version of the urgent ladder."""
    given = {"urgency": "urgent", "version": 0, "reason": WHY, **more}
    rounds = int(given.pop("rounds", 0))  # type: ignore[call-overload]
    new = ladder.Ladder(steps, rounds, 1800)
    return change_ladder(actor=actor, new=new, now=now, **given)  # type: ignore[arg-type]


def test_three_reasons_about_one_record_ring_one_person_once(
    rostered: object, now: datetime, exchange: Exchange
) -> None:
    pages = [begin(now, key=f"test:GZ-20261123-0001:{each}") for each in ("a", "b", "c")]
    run(now)

    assert len(exchange.placed) == 1
    assert [page.attempts.count() for page in pages] == [1, 0, 0]


def test_the_call_speaks_of_every_reason_once(
    rostered: object, now: datetime, exchange: Exchange
) -> None:
    begin(now)
    begin(now, key="test:GZ-20261123-0001:b", write=lambda: "12 小时到期")
    begin(now, key="test:GZ-20261123-0001:c", write=lambda: "12 小时到期")
    run(now)

    assert exchange.placed[0].text.count("12 小时到期") == 1
    assert exchange.placed[0].text.startswith("收单数据库无响应\n12 小时到期\n")


def test_who_is_just_being_hung_up_is_called_about_the_new_page_and_not_skipped(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    """The record was closed and reported anew while the first call still rings."""
    run(now)
    exchange.cancel_fails = TimeoutError()
    close_pages(subject=alarm.subject, now=now)
    run(now)
    again = begin(now + timedelta(seconds=1))
    run(now + timedelta(seconds=1))
    assert attempts(again) == [(0, "zhangwei", "queued")]
    exchange.cancel_fails = None
    for second in range(2, 7):
        run(now + timedelta(seconds=second))

    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]
    assert attempts(again) == [(0, "zhangwei", "ringing")]
    assert again.attempts.get().tries == 1


def test_a_hang_up_that_never_succeeds_keeps_nobody_from_being_called(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    run(now)
    exchange.cancel_fails = TimeoutError()
    close_pages(subject=alarm.subject, now=now)
    again = begin(now)
    for second in range(16):
        run(now + timedelta(seconds=second))

    assert attempts(again) == [(0, "zhangwei", "ringing")]


def test_a_call_whose_answer_takes_another_kind_of_page_skips_nobody(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    """Pressing 1 takes the pages of one kind: for those of another kind it rings besides."""
    run(now)
    other = begin(now, key="deadline:GZ-20261123-0001:breach")
    run(now)

    assert attempts(other) == [(0, "zhangwei", "ringing")]


def test_the_trail_names_who_was_on_the_line_already(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    run(now)
    begin(now, key="test:GZ-20261123-0001:b")
    run(now)

    taken = Event.objects.filter(action="oncall.rung_taken").last()
    assert taken is not None
    assert taken.data["on_the_line"] == ["张伟 (T001)"]


def test_taking_one_takes_all_pages_of_the_record(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    begin(now, key="test:GZ-20261123-0001:b")
    begin(now, key="test:GZ-20261123-0002:a", subject="GZ-20261123-0002")
    acknowledge(page=alarm, person=tech, via="phone", now=now)

    assert list(Page.objects.order_by("pk").values_list("state", flat=True)) == [
        "acknowledged", "acknowledged", "open",
    ]  # fmt: skip
    assert Event.objects.filter(action="oncall.page_acknowledged").count() == 2


def test_a_new_version_meets_new_pages_only(
    rostered: object, supervisor: User, now: datetime, exchange: Exchange
) -> None:
    before = begin(now)
    changed(supervisor, now, ladder.Step("everybody", 60))
    after = begin(now, key="test:later", subject="GZ-20261123-0002")

    assert (before.ladder_version, len(before.ladder)) == (0, 4)
    assert (after.ladder_version, len(after.ladder)) == (1, 1)
    event = Event.objects.get(action="oncall.ladder_changed")
    assert (event.actor_name, event.opinion) == (supervisor.audit_name, WHY)


def test_a_named_person_is_called(
    rostered: object, supervisor: User, manager: User, now: datetime, exchange: Exchange
) -> None:
    changed(
        supervisor, now, ladder.Step("person", 60, person=manager.pk), ladder.Step("everybody", 60)
    )
    page = begin(now)
    run(now)

    assert attempts(page) == [(0, "gaojie", "ringing")]


def test_text_message_and_message_as_the_step_says(
    rostered: object, tech: User, supervisor: User, now: datetime, exchange: Exchange
) -> None:
    changed(supervisor, now, ladder.Step("everybody", 300, ("voice", "sms", "message")))
    page = begin(now)
    for second in range(3):
        run(now + timedelta(seconds=second))

    assert len(exchange.placed) == len(exchange.texts) == 3
    assert re.search(r"http://testserver/take/\S+/", exchange.texts[0].text)
    assert Attempt.objects.filter(page=page, channel="sms", state="delivered").count() == 3
    assert Message.objects.filter(recipient=tech, channel="in_app", urgent=True).count() == 1


def test_a_person_may_wish_for_more_but_never_for_fewer_calls(
    rostered: object, tech: User, now: datetime, exchange: Exchange
) -> None:
    wishes = {"urgent": ["sms", "message"], "routine": ["sms", "email", "robot"]}
    set_reach(actor=tech, wishes=wishes, now=now)
    begin(now)
    run(now)

    assert (len(exchange.placed), len(exchange.texts)) == (1, 1)
    assert list(Message.objects.values_list("recipient", "channel")) == [(tech.pk, "in_app")]


def test_a_wish_holds_for_its_urgency_only(
    rostered: object, tech: User, now: datetime, exchange: Exchange
) -> None:
    set_reach(actor=tech, wishes={"routine": ["sms", "email"]}, now=now)
    begin(now)
    run(now)
    assert (len(exchange.placed), len(exchange.texts)) == (1, 0)
    begin(now, key="test:JF-20261123-0001:a", subject="JF-20261123-0001", urgency="routine")
    run(now)

    assert (len(exchange.placed), len(exchange.texts)) == (2, 1)
    assert list(Message.objects.values_list("recipient", "channel")) == [(tech.pk, "email")]


def test_chat_groups_read_who_is_called_and_who_took_it(
    alarm: Page, tech: User, supervisor: User, now: datetime, exchange: Exchange, settings: Any
) -> None:
    """R14: as the step says; number, step and names, but not what was reported."""
    settings.ROBOT_WECOM_URL = "http://127.0.0.1:1/wecom?key=k"
    changed(supervisor, now, ladder.Step("primary", 300, ("voice", "robot")))
    page = begin(now, key="test:GZ-20261123-0002:a", subject="GZ-20261123-0002")
    run(now)
    acknowledge(page=page, person=tech, via="phone", now=now)
    acknowledge(page=alarm, person=tech, via="phone", now=now)

    posts = list(GroupPost.objects.order_by("pk"))
    assert [post.text for post in posts] == [
        "GZ-20261123-0002 正在呼叫,第 1 级:张伟", "GZ-20261123-0002 已由张伟接手",
    ]  # fmt: skip
    assert [post.mentions for post in posts] == [[tech.pk], []]
    assert posts[0].url == f"/pages/{page.pk}/"


def test_a_person_may_wish_to_be_mentioned_in_the_group(
    alarm: Page, tech: User, now: datetime, exchange: Exchange, settings: Any
) -> None:
    settings.ROBOT_WECOM_URL = "http://127.0.0.1:1/wecom?key=k"
    set_reach(actor=tech, wishes={"urgent": ["robot"]}, now=now)
    run(now)

    assert GroupPost.objects.get().mentions == [tech.pk]


def test_a_group_that_cannot_be_reached_keeps_nobody_from_being_called(
    alarm: Page, tech: User, now: datetime, exchange: Exchange, settings: Any
) -> None:
    """I08: a robot that is down blocks nothing."""
    settings.ROBOT_WECOM_URL = "http://127.0.0.1:1/wecom?key=k"
    set_reach(actor=tech, wishes={"urgent": ["robot"]}, now=now)
    run(now, "pages", "robots", "calls")

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert GroupPost.objects.get().state == "queued"


def test_a_text_message_that_arrives_keeps_nobody_from_climbing(
    rostered: object, tech: User, now: datetime, exchange: Exchange
) -> None:
    set_reach(actor=tech, wishes={"urgent": ["sms"]}, now=now)
    page = begin(now)
    run(now)
    page.attempts.filter(channel="voice").update(state="no_answer", ended_at=now, next_try_at=None)
    run(now + 5 * MINUTE)

    assert (1, "liuqiang", "ringing") in attempts(page)


def test_a_ladder_with_an_end_tells_supervisors_and_managers(
    rostered: object, supervisor: User, manager: User, now: datetime, exchange: Exchange
) -> None:
    steps = (ladder.Step("primary", 60), ladder.Step("everybody", 60))
    changed(supervisor, now, *steps, urgency="routine", rounds=2)
    page = begin(now, urgency="routine")
    for minute in range(6):
        page.attempts.update(state="no_answer", ended_at=now, next_try_at=None)
        run(now + minute * MINUTE)

    page.refresh_from_db()
    assert (page.state, page.step_index, page.closed_at) == ("closed", 3, now + 3 * MINUTE)
    told = Message.objects.filter(subject__contains="无人应答").values_list("recipient__username")
    assert {name for (name,) in told} == {"chenming", "gaojie"}


def test_who_may_change_a_ladder(
    agent: User, manager: User, sysadmin: User, supervisor: User, now: datetime
) -> None:
    step = ladder.Step("everybody", 60)
    for person in (agent, manager):
        with pytest.raises(NotAllowed):
            changed(person, now, step)
    changed(sysadmin, now, step)
    with pytest.raises(StaleVersion):
        changed(supervisor, now, step)
    assert LadderVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("steps", "more", "field"),
    [
        ((), {}, "steps"),
        ((ladder.Step("everybody", 60),), {"rounds": 3}, "steps"),
        ((ladder.Step("everybody", 60),), {"reason": "…"}, "reason"),
        ((ladder.Step("person", 60, person=0), ladder.Step("everybody", 60)), {}, "steps"),
    ],
)
def test_a_ladder_that_could_forget_somebody_is_refused(
    supervisor: User,
    now: datetime,
    steps: tuple[ladder.Step, ...],
    more: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        changed(supervisor, now, *steps, **more)

    assert set(refusal.value.fields) == {field}
    assert not LadderVersion.objects.exists()


def test_nothing_done_for_half_an_hour_and_it_calls_again_from_the_bottom(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    acknowledge(page=alarm, person=tech, via="phone", now=now)
    run(now + 29 * MINUTE)
    assert len(exchange.placed) == 1
    for minute in (30, 31, 36):
        run(now + minute * MINUTE)

    alarm.refresh_from_db()
    assert (alarm.state, alarm.starts, alarm.acknowledged_by) == ("open", [1], None)
    assert [row[:2] for row in attempts(alarm)] == [
        (0, "zhangwei"),
        (1, "zhangwei"),
        (2, "liuqiang"),
    ]
    event = Event.objects.get(action="oncall.page_rearmed")
    assert event.data["was_taken_by"] == tech.audit_name


def test_an_act_on_the_record_is_progress(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    from audit import services as audit

    acknowledge(page=alarm, person=tech, via="phone", now=now)
    with audit.unit_of_work():
        audit.record(
            actor=tech, action="incident.note", target=alarm, label=alarm.subject, happened_at=now
        )
    run(now + timedelta(hours=2))

    alarm.refresh_from_db()
    assert (alarm.state, alarm.rearm_at) == ("acknowledged", None)


def test_a_record_that_is_over_does_not_call_again(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    acknowledge(page=alarm, person=tech, via="phone", now=now)
    close_pages(subject=alarm.subject, now=now + MINUTE)
    run(now + timedelta(hours=2))

    alarm.refresh_from_db()
    assert alarm.state == "acknowledged"


def test_while_another_page_of_the_record_calls_the_old_one_stays_quiet(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    acknowledge(page=alarm, person=tech, via="phone", now=now)
    begin(now + 29 * MINUTE)
    run(now + 31 * MINUTE)

    alarm.refresh_from_db()
    assert alarm.state == "acknowledged"
