"""How defects end: three units merged, a problem that came back, a wrong entry voided by two."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from tests.browser.conftest import TELEPHONE, Desk
from tests.tickets.journey import Cast, Journey
from tickets.models import Defect, Reply

TEXT = "收单前置机连接池配置过小,高峰时段交易排队超时"
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def path(
    reporter: User, support: User, tech: User, supervisor: User, implementer: User, agent: User,
    superior: User, system: ManagedObject,
) -> Journey:  # fmt: skip
    """The usual path, walked in the last hours of the real clock."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    return Journey(cast, timezone.now() - timedelta(hours=6))


def _act(desk: Desk, defect: Defect, code: str) -> None:
    """Open the ticket and follow the button of an act."""
    desk.open(f"/defects/{defect.number}/")
    desk.check_axe()
    desk.page.click(f"a[href$='/do/{code}/']")
    desk.page.wait_for_url(f"**/do/{code}/")
    desk.check_axe()


def _send(desk: Desk) -> None:
    """Press the act's own button and, where it asks again, confirm."""
    desk.page.click("main form[method=post] button[type=submit]:not([formnovalidate])")
    asked = desk.page.locator("dialog[open] .btn-primary")
    if asked.count():
        asked.click()
    desk.page.wait_for_url(re.compile(r"/defects/QX-[-0-9]+/$"))


def _state(defect: Defect) -> str:
    return str(Defect.objects.get(pk=defect.pk).state)


@LANGUAGES
def test_three_units_merged_get_three_replies(
    language: str,
    window: Callable[..., Desk],
    path: Journey,
    outsider: User,
    make_person: Callable[..., User],
    branch: Organisation,
) -> None:
    third = make_person("sunhao", "孙浩", branch, Role.REPORTER)
    first_reporter = path.cast.reporter
    parent = path.tech_processing()
    children = []
    for person in (outsider, third):
        path.cast.reporter = person
        children.append(path.submitted())
    path.cast.reporter = first_reporter

    desk = window(path.cast.support, language=language)
    for child in children:
        _act(desk, child, "merge")
        desk.page.fill("[name=q]", str(parent.number)[-4:])
        desk.page.press("[name=q]", "Enter")
        desk.page.wait_for_url("**?q=*")
        desk.check_axe()
        desk.page.check(f"input[name=parent][value='{parent.number}']")
        _send(desk)
        assert _state(child) == "merged"

    path.now = timezone.now() - timedelta(hours=3)
    signed = path.approved(path.pending_signoff(Defect.objects.get(pk=parent.pk)))
    path.report_upward(path.resolved(path.verifying(path.implementing(signed))))
    _act(desk, parent, "reply")
    for name in ("solution", "analysis", "cause"):
        desk.page.fill(f"[name={name}]", TEXT)
    _send(desk)
    numbers = dict(Reply.objects.values_list("defect_id", "number"))
    assert set(numbers) == {parent.pk, *[child.pk for child in children]}
    assert len(set(numbers.values())) == 3

    unit = window(outsider, language=language, size=TELEPHONE)
    _act(unit, children[0], "receive")
    unit.page.check("input[name=rating][value='4']")
    unit.page.fill("[name=comment]", "处理及时，回复清楚")
    _send(unit)
    unit.check_axe()
    shown = unit.page.inner_text("main")
    assert numbers[children[0].pk] in shown
    assert str(parent.number) not in shown
    assert Reply.objects.get(defect=children[0]).rating == 4


@LANGUAGES
def test_a_problem_that_came_back_gets_a_second_reply(
    language: str, window: Callable[..., Desk], path: Journey
) -> None:
    defect = path.closed()
    bank = window(path.cast.reporter, language=language, size=TELEPHONE)
    _act(bank, defect, "reopen")
    bank.page.fill("[name=opinion]", "今天上午查询仍然超时")
    _send(bank)
    bank.check_axe()
    assert _state(defect) == "tech_processing"

    path.now = timezone.now() - timedelta(minutes=30)
    again = path.pending_signoff(Defect.objects.get(pk=defect.pk), measures="再次扩大连接池")
    path.resolved(path.verifying(path.implementing(path.approved(again))))
    desk = window(path.cast.support, language=language)
    _act(desk, defect, "reply")
    for name in ("solution", "analysis", "cause"):
        desk.page.fill(f"[name={name}]", f"第二次：{TEXT}")
    _send(desk)
    desk.page.click("details.past-cycle summary")
    desk.check_axe()
    assert "扩大连接池" in desk.page.inner_text("details.past-cycle")
    desk.open(f"/defects/{defect.number}/form/")
    desk.check_axe()

    _act(bank, defect, "close")
    bank.page.check("input[name=rating][value='5']")
    _send(bank)
    assert _state(defect) == "closed"
    first, second = Reply.objects.filter(defect=defect).order_by("pk")
    assert (first.cycle, second.cycle, second.rating) == (1, 2, 5)
    assert first.superseded_at is not None


@LANGUAGES
def test_a_wrong_entry_is_voided_by_two_people(
    language: str, window: Callable[..., Desk], path: Journey
) -> None:
    defect = path.submitted()
    desk = window(path.cast.support, language=language)
    _act(desk, defect, "ask_void")
    desk.page.check("input[name=cause][value=test]")
    desk.page.fill("[name=opinion]", "培训时录入的测试单")
    _send(desk)
    desk.check_axe()
    assert _state(defect) == "submitted"

    boss = window(path.cast.supervisor, language=language)
    boss.check_axe()
    boss.page.click(f"main a[href='/defects/{defect.number}/']")
    boss.page.wait_for_url(f"**/defects/{defect.number}/")
    _act(boss, defect, "confirm_void")
    _send(boss)
    boss.check_axe()
    assert _state(defect) == "voided"
    assert "培训时录入的测试单" in boss.page.inner_text("main")
