"""Nudges, followers, notes with @ and additions, through one mechanism for all kinds of record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from incidents.models import Incident
from notifications.models import Message
from teamwork.models import Nudge, Watch
from teamwork.records import kind_named
from teamwork.services import around
from tests.tickets.journey import Journey
from tickets.models import Defect
from tickets.services import triage
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def kind() -> Any:
    """Defects."""
    found = kind_named("defect")
    assert found is not None
    return found


def told(person: User, part: str) -> int:
    """How many messages in the desk hold ``part`` in their key."""
    return Message.objects.filter(
        recipient=person, channel="in_app", dedupe_key__contains=part
    ).count()


# --- nudges ---------------------------------------------------------------------------------------
def test_the_reporter_nudges_the_holder(journey: Journey, signed_in: SignIn) -> None:
    """Timeline, trail, message; not a new version of the record."""
    defect = journey.tech_processing()
    client, url = signed_in(journey.cast.reporter), f"/around/defect/{defect.key}/nudge/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"opinion": "商户在柜台等"}).status_code == 302
    assert told(journey.cast.tech, ":nudge:1:") == 1
    event = Event.objects.get(action="defect.nudge")
    assert (event.opinion, event.public, event.data["times"]) == ("商户在柜台等", True, 1)
    assert Defect.objects.get(pk=defect.pk).row_version == defect.row_version
    User.objects.update(language="zh-hans")
    page = client.get(f"/defects/{defect.key}/").content.decode()
    assert "已催办 1 次" in page
    assert "商户在柜台等" in page


def test_once_in_two_hours_per_person_and_record(journey: Journey, signed_in: SignIn) -> None:
    defect, client = journey.tech_processing(), signed_in(journey.cast.reporter)
    url = f"/around/defect/{defect.key}/nudge/"
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409
    assert signed_in(journey.cast.agent).post(url).status_code == 302
    other = journey.tech_processing()
    assert client.post(f"/around/defect/{other.key}/nudge/").status_code == 302
    later = Nudge.objects.latest("at").at + timedelta(hours=2)
    with time_machine.travel(later, tick=False):
        assert signed_in(journey.cast.reporter).post(url).status_code == 302
    refused = Event.objects.get(action="defect.nudge", outcome="refused")
    assert refused.data["code"] == "too_soon"


def test_the_third_reaches_the_supervisor(journey: Journey) -> None:
    defect = journey.tech_processing()
    supervisor = journey.cast.supervisor
    for times, actor in enumerate(
        (journey.cast.reporter, journey.cast.agent, journey.cast.support), start=1
    ):
        around.nudge(kind(), defect, actor=actor, now=journey.later())
        assert told(supervisor, ":nudge:") == (1 if times == 3 else 0)
    assert around.nudged(defect) == 3


def test_a_role_with_nobody_named_is_nudged(journey: Journey) -> None:
    around.nudge(kind(), journey.submitted(), actor=journey.cast.reporter, now=journey.later())
    assert told(journey.cast.support, ":nudge:1:") == 1


def test_who_nudges_nothing(
    journey: Journey, teammate: User, outsider: User, biz: User, signed_in: SignIn
) -> None:
    """The holder, a teammate who does not follow it, colleagues without the role, out of scope."""
    defect = journey.tech_processing()
    url = f"/around/defect/{defect.key}/nudge/"
    answers = {
        person.username: signed_in(person).post(url).status_code
        for person in (journey.cast.tech, teammate, biz, outsider)
    }
    assert answers == {"zhangwei": 403, "zhaomin": 403, "sunli": 403, "wangqiang": 404}
    around.watch(kind(), defect, actor=teammate, now=journey.later())
    assert signed_in(teammate).post(url).status_code == 302
    closed = journey.closed()
    with pytest.raises(WrongState):
        around.nudge(kind(), closed, actor=journey.cast.reporter, now=journey.later())


# --- followers ------------------------------------------------------------------------------------
def test_followers_are_told_of_public_steps_and_of_nothing_internal(
    journey: Journey, teammate: User, signed_in: SignIn
) -> None:
    defect = journey.submitted()
    client, url = signed_in(teammate), f"/around/defect/{defect.key}/"
    assert client.post(f"{url}watch/").status_code == 302
    assert client.post(f"{url}watch/").status_code == 409
    defect = journey.triaging(defect)
    journey.tech_processing(defect)
    subjects = list(
        Message.objects.filter(
            recipient=teammate, channel="in_app", dedupe_key__contains=":step:"
        ).values_list("subject", flat=True)
    )
    assert len(subjects) == 1
    assert str(defect.number) in subjects[0]
    assert client.post(f"{url}unwatch/").status_code == 302
    assert client.post(f"{url}unwatch/").status_code == 409
    assert not Watch.objects.exists()


def test_the_desk_adds_followers_within_their_own_scope(
    journey: Journey, teammate: User, outsider: User, signed_in: SignIn
) -> None:
    defect = journey.submitted()
    client, url = signed_in(journey.cast.agent), f"/around/defect/{defect.key}/"
    wrong = client.post(f"{url}add_watcher/", {"person": outsider.pk})
    assert wrong.status_code == 422
    assert client.post(f"{url}add_watcher/", {"person": teammate.pk}).status_code == 302
    assert client.post(f"{url}add_watcher/", {"person": teammate.pk}).status_code == 422
    assert told(teammate, ":watch:") == 1
    assert Event.objects.get(action="defect.add_watcher").data["watcher"] == teammate.audit_name
    assert teammate.name in client.get(f"/defects/{defect.key}/").content.decode()
    bank = signed_in(journey.cast.reporter)
    assert bank.post(f"{url}add_watcher/", {"person": teammate.pk}).status_code == 403
    assert client.post(f"{url}remove_watcher/", {"person": teammate.pk}).status_code == 302
    assert client.post(f"{url}remove_watcher/", {"person": teammate.pk}).status_code == 422


def test_following_widens_no_scope(
    journey: Journey, teammate: User, outsider: User, signed_in: SignIn
) -> None:
    """Who moves to another branch is told nothing more, and sees nothing."""
    defect = journey.submitted()
    around.watch(kind(), defect, actor=teammate, now=journey.later())
    User.objects.filter(pk=teammate.pk).update(organisation=outsider.organisation)
    triage.accept(defect, actor=journey.cast.support, now=journey.later())
    assert told(teammate, ":step:") == 0
    assert signed_in(teammate).get(f"/defects/{defect.key}/").status_code == 404


# --- notes and additions ---
def test_a_note_is_for_the_desk_and_names_a_colleague(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.triaging()
    client, url = signed_in(journey.cast.support), f"/around/defect/{defect.key}/note/"
    tech = journey.cast.tech
    text = f"@{tech.name}({tech.staff_no}) 请看连接池日志"
    assert client.post(url, {"opinion": text}).status_code == 302
    assert told(tech, ":mention:") == 1
    event = Event.objects.get(action="defect.internal_note")
    assert (event.public, event.data["mentioned"]) == (False, [tech.audit_name])
    page = signed_in(journey.cast.agent).get(f"/defects/{defect.key}/").content.decode()
    assert "请看连接池日志" in page
    assert "moment-internal" in page
    bank = signed_in(journey.cast.reporter)
    assert "请看连接池日志" not in bank.get(f"/defects/{defect.key}/").content.decode()
    assert bank.get(url).status_code == 403
    assert bank.post(url, {"opinion": "银行用户写内部备注"}).status_code == 403


@pytest.mark.parametrize(
    "text", ["@查无此人 请看一下", "@张丽 银行用户看不到备注", "@张伟 两个同名的人", "同上"]
)
def test_who_cannot_be_named(
    journey: Journey, make_person: Callable[..., User], company: Organisation, text: str
) -> None:
    """Nobody's name, a bank user's, one of two people's; and a note says something."""
    make_person("zhangwei2", "张伟", company, Role.TECH)
    with pytest.raises(InvalidInput) as refusal:
        around.note(
            kind(), journey.triaging(), actor=journey.cast.support, now=journey.later(),
            opinion=text,
        )  # fmt: skip
    assert list(refusal.value.fields) == ["opinion"]
    assert not Event.objects.filter(action="defect.internal_note").exists()


def test_an_address_in_a_note_is_no_name(journey: Journey) -> None:
    around.note(
        kind(), journey.triaging(), actor=journey.cast.support, now=journey.later(),
        opinion="已发邮件到 ops@example.invalid 存档",
    )  # fmt: skip
    assert Event.objects.get(action="defect.internal_note").data["mentioned"] == []


def test_names_are_suggested_by_pinyin_to_the_desk_alone(
    journey: Journey, signed_in: SignIn
) -> None:
    client = signed_in(journey.cast.support)
    names = [each["name"] for each in client.get("/mentions/?q=zhangw").json()["people"]]
    assert names == ["张伟"]
    assert client.get("/mentions/?q=zhangli").json()["people"] == []
    assert client.get("/mentions/").json()["people"] == []
    assert signed_in(journey.cast.reporter).get("/mentions/?q=zw").status_code == 403


def test_both_sides_add_and_the_other_is_told(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.tech_processing()
    url = f"/around/defect/{defect.key}/comment/"
    bank, desk = signed_in(journey.cast.reporter), signed_in(journey.cast.agent)
    assert bank.post(url, {"opinion": "今天上午又出现一次"}).status_code == 302
    assert told(journey.cast.tech, ":comment:") == 1
    assert desk.post(url, {"opinion": "收到,正在比对日志"}).status_code == 302
    assert told(journey.cast.reporter, ":comment:") == 1
    for client in (bank, desk):
        page = client.get(f"/defects/{defect.key}/").content.decode()
        assert "今天上午又出现一次" in page
        assert "收到,正在比对日志" in page
    assert bank.post(url, {"opinion": "无"}).status_code == 422
    closed = journey.closed()
    with pytest.raises(WrongState):
        around.comment(
            kind(), closed, actor=journey.cast.reporter, now=journey.later(),
            opinion="关闭以后的补充",
        )  # fmt: skip


def test_a_card_number_is_asked_about_before_it_is_kept(
    journey: Journey, signed_in: SignIn
) -> None:
    """I12: the words stay in the form, nothing is saved until the person says it is none."""
    defect = journey.tech_processing()
    client, words = signed_in(journey.cast.reporter), "卡号 6222 0212 3456 7890 128 交易失败"
    door = f"/around/defect/{defect.key}/comment/"
    asked = client.post(door, {"opinion": words})
    assert asked.status_code == 422
    assert 'type="checkbox" name="not_a_card"' in asked.content.decode()
    assert words in asked.content.decode()
    assert not Event.objects.filter(data__icontains="6222 0212").exists()
    assert client.post(door, {"opinion": words, "not_a_card": "on"}).status_code == 302


# --- other kinds, other doors ---
def test_incidents_and_consultations_have_the_same(
    open_incident: Incident, support: User, agent: User, tech: User, now: Any
) -> None:
    incident = kind_named("incident")
    assert incident is not None
    with pytest.raises(WrongState):  # nobody is on call, so nobody would be told
        around.nudge(incident, open_incident, actor=support, now=now)
    Incident.objects.filter(pk=open_incident.pk).update(holder=tech, holder_role="tech")
    around.nudge(incident, open_incident, actor=support, now=now)
    assert told(tech, ":nudge:1:") == 1
    around.note(incident, open_incident, actor=agent, now=now, opinion="@张伟 请先看存储")
    assert told(tech, ":mention:") == 1
    assert Event.objects.filter(action="incident.internal_note").exists()


def test_a_consultation_is_followed_and_added_to(
    journey: Journey, agent: User, reporter: User, signed_in: SignIn
) -> None:
    from tickets.services.consultations import Question, close_consultation, record_consultation

    row = record_consultation(
        actor=agent, now=journey.later(), close=False,
        question=Question(
            caller=reporter, caller_name=reporter.name, caller_phone="024-22851234",
            unit=reporter.organisation, channel="hotline", managed_object=journey.cast.system,
            question="商户号查询在哪个菜单里?", started_at=journey.now,
        ),
    )  # fmt: skip
    client, url = signed_in(reporter), f"/around/consultation/{row.number}/"
    for act in ("watch", "nudge"):
        assert client.post(f"{url}{act}/").status_code == 302
    assert client.post(f"{url}comment/", {"opinion": "菜单里没有这一项"}).status_code == 302
    assert told(agent, ":nudge:1:") == 1
    assert "菜单里没有这一项" in client.get(f"/consultations/{row.number}/").content.decode()
    close_consultation(row, actor=agent, now=journey.later(), answer="在商户管理菜单的第二页")
    assert told(reporter, ":step:") == 1


def test_over_the_api(journey: Journey, teammate: User, signed_in: SignIn) -> None:
    defect = journey.tech_processing()
    url = f"/api/v1/around/defect/{defect.key}/"
    client = signed_in(journey.cast.reporter)
    first = client.post(f"{url}nudge/", {}, "application/json")
    assert (first.status_code, first.json()["nudged"]) == (200, 1)
    again = client.post(f"{url}nudge/", {}, "application/json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "too_soon")
    assert client.post(f"{url}note/", {"opinion": "内部的话"}, "application/json").status_code in (
        400, 403,
    )  # fmt: skip
    desk = signed_in(journey.cast.agent)
    added = desk.post(f"{url}add_watcher/", {"person": teammate.pk}, "application/json")
    assert added.json()["watchers"] == ["zhaomin"]
    assert client.get(url).json() == {"nudged": 1, "watchers": []}
    for wrong in ("/api/v1/around/nothing/1/", f"{url}dance/"):
        assert desk.post(wrong, {}, "application/json").status_code in (404, 405)


def test_a_stranger_kind_or_act_is_nowhere(journey: Journey, signed_in: SignIn) -> None:
    client = signed_in(journey.cast.agent)
    for url in ("/around/person/1/nudge/", f"/around/defect/{journey.draft().key}/dance/"):
        assert client.get(url).status_code == 404


def test_a_manager_only_reads(journey: Journey, manager: User) -> None:
    with pytest.raises(NotAllowed):
        around.note(
            kind(), journey.triaging(), actor=manager, now=journey.later(), opinion="管理者的备注"
        )
