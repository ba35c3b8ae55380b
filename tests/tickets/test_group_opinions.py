"""Opinions of project groups: asked, answered once, in the way of everything after (D10, R33)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets.models import GroupOpinion, ProjectGroup
from tickets.services import opinions, processing, replies, triage
from tickets.services.project_groups import save_group
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_a_pending_group_blocks_confirmation_and_its_answer_frees_it(
    situations: Situations, journey: Journey, tech2: User
) -> None:
    """D10: D11 and D12 wait for every group; the answer is on record with person and time."""
    defect = situations.asked()
    with pytest.raises(WrongState) as refusal:
        journey.pending_signoff(defect)
    assert refusal.value.code == "group_opinion"
    assert "前置系统组" in str(refusal.value.message)
    row = defect.group_opinions.get()
    defect = opinions.answer_group(
        defect, actor=tech2, now=journey.later(), group=row, answer="opinion",
        opinion="涉及前置参数，请先在测试环境验证",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.answered_by, row.answered_at, row.answer) == (tech2, journey.now, "opinion")
    assert journey.pending_signoff(defect).state == "pending_signoff"


def test_those_asked_are_told_and_so_is_the_one_who_asked(
    situations: Situations, journey: Journey, tech2: User
) -> None:
    defect = situations.asked()
    assert Message.objects.filter(recipient=tech2, channel="in_app").exists()
    opinions.answer_group(
        defect, actor=tech2, now=journey.later(), group=defect.group_opinions.get(),
        answer="confirmed",
    )  # fmt: skip
    told = Message.objects.filter(recipient=journey.cast.tech, subject__contains=str(defect.number))
    assert told.exists()


def test_a_group_answers_once(
    situations: Situations, journey: Journey, tech2: User, biz: User
) -> None:
    """R33: neither the same member nor another one answers a second time."""
    situations.group.members.add(biz)
    defect = situations.answered()
    row = defect.group_opinions.get()
    for person in (tech2, biz):
        with pytest.raises(WrongState) as refusal:
            opinions.answer_group(
                defect, actor=person, now=journey.later(), group=row, answer="not_ours",
                opinion="与本组无关，请查清算系统",
            )  # fmt: skip
        assert refusal.value.code == "answered"
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("confirmed", tech2)


def test_a_group_that_has_answered_cannot_be_removed(
    situations: Situations, journey: Journey
) -> None:
    """R33: while another group is pending, the answered one is refused by name."""
    defect = situations.answered()
    second = ProjectGroup.objects.create(name="清算系统组")
    second.members.set([situations.company.biz])
    defect = opinions.ask_groups(
        defect, actor=journey.cast.tech, now=journey.later(), groups=[second],
        question="是否涉及清算批次？",
    )  # fmt: skip
    answered = defect.group_opinions.get(group=situations.group)
    with pytest.raises(InvalidInput) as refusal:
        opinions.remove_group(
            defect, actor=journey.cast.support, now=journey.later(), group=answered,
            opinion="不再需要该组意见",
        )  # fmt: skip
    assert set(refusal.value.fields) == {"group"}
    pending = defect.group_opinions.get(group=second)
    opinions.remove_group(
        defect, actor=journey.cast.support, now=journey.later(), group=pending,
        opinion="经查与清算无关",
    )  # fmt: skip
    pending.refresh_from_db()
    assert (pending.removed_by, pending.is_pending) == (journey.cast.support, False)


def test_only_a_member_answers_and_a_colleague_of_another_group_does_not(
    situations: Situations, journey: Journey, biz: User
) -> None:
    defect = situations.asked()
    for person in (biz, journey.cast.supervisor):
        with pytest.raises(NotAllowed):
            opinions.answer_group(
                defect, actor=person, now=journey.later(), group=defect.group_opinions.get(),
                answer="confirmed",
            )  # fmt: skip
    assert GroupOpinion.objects.get().is_pending


def test_the_second_account_of_a_member_is_the_member(
    situations: Situations,
    journey: Journey,
    tech2: User,
    make_person: Callable[..., User],
    company: Organisation,
) -> None:
    second = make_person("liuqiang2", "刘强", company, Role.TECH, staff_no=tech2.staff_no)
    defect = situations.asked()
    done = opinions.answer_group(
        defect, actor=second, now=journey.later(), group=defect.group_opinions.get(),
        answer="confirmed",
    )  # fmt: skip
    assert done.group_opinions.get().answered_by == second


def test_an_answer_that_is_no_plain_confirmation_says_why(
    situations: Situations, journey: Journey, tech2: User
) -> None:
    defect = situations.asked()
    for answer, words in (("not_ours", "无"), ("opinion", ""), ("maybe", "可能与本组有关")):
        with pytest.raises(InvalidInput):
            opinions.answer_group(
                defect, actor=tech2, now=journey.later(), group=defect.group_opinions.get(),
                answer=answer, opinion=words,
            )  # fmt: skip


def test_a_group_is_asked_once_in_a_cycle_and_never_without_people(
    situations: Situations, journey: Journey
) -> None:
    defect = situations.asked()
    empty = ProjectGroup.objects.create(name="空组")
    for groups in ([situations.group], [empty], []):
        with pytest.raises(InvalidInput) as refusal:
            opinions.ask_groups(
                defect, actor=journey.cast.tech, now=journey.later(), groups=groups,
                question="是否涉及前置系统的参数？",
            )  # fmt: skip
        assert set(refusal.value.fields) == {"groups"}
    assert GroupOpinion.objects.count() == 1


def test_no_door_leads_around_a_pending_group(situations: Situations, journey: Journey) -> None:
    """Back in triage the question still stands in the way of reply and conversion."""
    defect = processing.not_confirmed(
        situations.asked(), actor=journey.cast.tech, now=journey.later(),
        opinion="复测三次均正常，日志无异常",
    )  # fmt: skip
    support = journey.cast.support
    with pytest.raises(WrongState) as refusal:
        replies.reply(
            defect, actor=support, now=journey.later(), recipient_kind="submitting_unit",
            solution="经复测系统正常", analysis="日志无异常记录", cause="操作时网络短暂中断",
        )  # fmt: skip
    assert refusal.value.code == "group_opinion"
    with pytest.raises(WrongState) as refusal:
        triage.convert_to_consultation(
            defect, actor=support, now=journey.later(), explainer=support,
            explanation="请在清算菜单中选择月份",
        )  # fmt: skip
    assert refusal.value.code == "group_opinion"


def test_groups_are_kept_by_support_and_the_system_administrator_on_pages(
    situations: Situations, signed_in: SignIn, support: User, sysadmin: User, tech2: User
) -> None:
    """R33: a group with its members, made and changed on the page; every change is in the trail."""
    browser = signed_in(support)
    made = browser.post(
        "/project-groups/new/", {"name": "清算系统组", "members": [tech2.pk], "is_active": "on"}
    )
    assert made.status_code == 302
    group = ProjectGroup.objects.get(name="清算系统组")
    assert list(group.members.all()) == [tech2]
    assert "清算系统组" in browser.get("/project-groups/").content.decode()
    again = browser.post("/project-groups/new/", {"name": "清算系统组", "is_active": "on"})
    assert again.status_code == 422
    changed = signed_in(sysadmin).post(
        f"/project-groups/{group.pk}/", {"name": "清算系统组", "name_en": "Clearing group"}
    )
    assert changed.status_code == 422  # nobody chosen
    events = Event.objects.filter(action="tickets.group_saved")
    assert [event.role for event in events] == ["support"]


def test_who_may_not_keep_groups(
    situations: Situations, journey: Journey, signed_in: SignIn, tech2: User
) -> None:
    assert signed_in(tech2).get("/project-groups/").status_code == 403
    with pytest.raises(NotAllowed):
        save_group(None, actor=tech2, now=journey.now, name="自建组", members=[tech2])


def test_a_group_that_owes_an_opinion_is_neither_emptied_nor_disabled(
    situations: Situations, journey: Journey, reporter: User
) -> None:
    situations.asked()
    group, support = situations.group, journey.cast.support
    for members, in_use in (([], True), ([situations.company.tech2], False)):
        with pytest.raises(InvalidInput):
            save_group(
                group, actor=support, now=journey.now, name=group.name, members=members,
                is_active=in_use,
            )  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        save_group(None, actor=support, now=journey.now, name="外部组", members=[reporter])
    assert "张丽" in str(refusal.value.fields["members"])


def test_the_page_says_who_owes_an_opinion_and_home_shows_it_to_the_member(
    situations: Situations, journey: Journey, signed_in: SignIn, tech2: User, reporter: User
) -> None:
    defect = situations.asked()
    url = defect.get_absolute_url()
    assert "等待会签:前置系统组" in signed_in(journey.cast.tech).get(url).content.decode()
    assert "请代表本组会签" in signed_in(tech2).get(url).content.decode()
    home = signed_in(tech2).get("/").content.decode()
    assert f"{url}do/answer_group/" in home
    assert "前置系统组" not in signed_in(reporter).get(url).content.decode()
