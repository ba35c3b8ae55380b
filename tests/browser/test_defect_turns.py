"""Defects that do not go straight: sent back, not solvable, held up by a project group.

In Chinese and in English; every page met is checked with axe. Nobody is told by the test where to
click but by the page itself: the act is found on it, and the page says whose turn it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from operations.models import ManagedObject
from tests.browser.conftest import TELEPHONE, Desk
from tests.conftest import PASSWORD
from tests.tickets.journey import Cast, Journey
from tickets.models import Defect, ProjectGroup

TEXT = "收单前置机连接池配置过小,高峰时段交易排队超时"
TURN = {"zh-hans": "请您办理", "en": "Your turn:"}


@dataclass
class Office:
    """Everybody's window in one language, and the defect they talk about."""

    windows: Callable[..., Desk]
    language: str
    journey: Journey
    number: str = ""

    def of(self, user: User, **more: object) -> Desk:
        """A window in which ``user`` has signed in."""
        return self.windows(user, language=self.language, **more)

    def turn(self, desk: Desk) -> None:
        """The page of the defect says that it is this person's turn."""
        desk.open(f"/defects/{self.number}/")
        desk.check_axe()
        assert TURN[self.language] in desk.page.inner_text("main")

    def act(self, desk: Desk, code: str, **values: str) -> None:
        """Follow the button of an act, fill its form and send it."""
        desk.open(f"/defects/{self.number}/")
        desk.check_axe()
        desk.page.click(f"a[href$='/do/{code}/']")
        desk.page.wait_for_url(f"**/do/{code}/")
        desk.check_axe()
        for name, text in values.items():
            desk.page.fill(f"[name={name}]", text)
        self.send(desk)

    def send(self, desk: Desk) -> None:
        """Press the act's own button and, where it asks again, confirm."""
        desk.page.click("main form[method=post] button[type=submit]:not([formnovalidate])")
        asked = desk.page.locator("dialog[open] .btn-primary")
        if asked.count():
            asked.click()
        desk.page.wait_for_url(re.compile(r"/defects/QX-[-0-9]+/$"))

    def state(self) -> str:
        """Where the defect stands."""
        return str(Defect.objects.get(number=self.number).state)


@pytest.fixture(params=["zh-hans", "en"])
def office(
    request: pytest.FixtureRequest,
    window: Callable[..., Desk],
    system: ManagedObject,
    reporter: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    agent: User,
    superior: User,
) -> Office:
    """A defect in the hands of technical staff."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    journey = Journey(cast, timezone.now() - timedelta(hours=1))
    defect = journey.tech_processing()
    return Office(window, request.param, journey, str(defect.number))


def _plan(office: Office, desk: Desk, **changes: str) -> None:
    """Write a plan where the page offers it, and send it."""
    desk.open(f"/defects/{office.number}/")
    desk.page.click("a[href$='/do/send_for_sign_off/']")
    desk.page.wait_for_url("**/do/send_for_sign_off/")
    desk.check_axe()
    words = dict.fromkeys(
        ("cause", "measures", "impact", "risk", "rollback_plan", "testing"), TEXT
    ) | changes  # fmt: skip
    for name, text in words.items():
        desk.page.fill(f"[name={name}]", text)
    desk.page.select_option("[name=cause_class]", "parameter")
    for name in ("confirmed", "solvable"):
        desk.page.check(f"[name={name}]")
    desk.page.fill("[name=planned_at]", "2027-01-04T20:00")
    desk.page.select_option("[name=planned_implementer]", str(office.journey.cast.implementer.pk))
    if not desk.page.is_checked("[name=change_kinds][value=parameter]"):
        desk.page.check("[name=change_kinds][value=parameter]")
    office.send(desk)


def test_sent_back_and_signed_in_the_second_version_with_its_difference(office: Office) -> None:
    cast = office.journey.cast
    author, boss = office.of(cast.tech), office.of(cast.supervisor)
    office.turn(author)
    _plan(office, author, rollback_plan="恢复原参数文件并重启应用")
    office.turn(boss)
    office.act(boss, "send_back", opinion="回退方案不够具体,请写明步骤")
    office.turn(author)
    _plan(office, author, rollback_plan="恢复原参数文件,分批重启应用并逐台检查")
    boss.open("/sign-off/")
    boss.check_axe()
    shown = boss.page.locator(".difference ins")
    assert "分批" in "".join(shown.all_inner_texts())
    boss.open(f"/defects/{office.number}/do/approve/")
    boss.check_axe()
    changed = boss.page.locator(".difference").first
    assert changed.locator("ins").count()
    assert changed.locator("del").count()
    boss.page.fill("[name=password]", PASSWORD)
    office.send(boss)
    assert office.state() == "approved"
    author.open(f"/defects/{office.number}/")
    assert author.page.locator(".difference ins").count()
    first = Defect.objects.get(number=office.number).solutions.get(version=1)
    assert first.sign_offs.get().decision == "sent_back"


def test_not_solvable_decided_by_the_superior_deferred_and_resumed(office: Office) -> None:
    cast = office.journey.cast
    author, boss, desk = office.of(cast.tech), office.of(cast.supervisor), office.of(cast.support)
    above = office.of(cast.superior, size=TELEPHONE)
    author.open(f"/defects/{office.number}/do/unsolvable/")
    author.page.select_option("[name=cause_class]", "interface")
    author.check_axe()
    for name in ("cause", "why", "alternatives", "workaround"):
        author.page.fill(f"[name={name}]", TEXT)
    office.send(author)
    office.turn(boss)
    office.act(boss, "unsolvable_agree", password=PASSWORD)
    assert office.state() == "awaiting_superior"
    office.turn(desk)
    office.act(desk, "report_upward")
    office.turn(above)
    above.page.click("a[href$='/do/decide/']")
    above.check_axe()
    above.page.check("[name=decision][value=defer]")
    above.page.fill("[name=opinion]", "明年一季度再议,先用临时办法")
    above.page.fill("[name=review_at]", "2027-03-01T09:00")
    office.send(above)
    assert office.state() == "deferred"
    above.check_axe()
    assert "2027-03-01" in above.page.inner_text("main")
    bank = office.of(cast.reporter, size=TELEPHONE)
    bank.open(f"/defects/{office.number}/")
    bank.check_axe()
    assert "2027-03-01" in bank.page.inner_text("main")
    office.act(desk, "resume")
    assert office.state() == "tech_processing"
    office.turn(author)


def test_a_project_group_holds_it_up_and_then_frees_it(
    office: Office, make_person: Callable[..., User], company: Organisation
) -> None:
    cast = office.journey.cast
    member = make_person("zhaolei", "赵磊", company, Role.TECH)
    desk = office.of(cast.support)
    desk.open("/project-groups/")
    desk.check_axe()
    desk.page.click("a[href='/project-groups/new/'] >> nth=0")
    desk.page.wait_for_url("**/project-groups/new/")
    desk.check_axe()
    desk.page.fill("[name=name]", "前置系统组")
    desk.page.check(f"input[name=members][value='{member.pk}']")
    desk.page.click("main form[method=post] button[type=submit]")
    desk.page.wait_for_url("**/project-groups/")
    group = ProjectGroup.objects.get()
    author = office.of(cast.tech)
    author.open(f"/defects/{office.number}/do/ask_groups/")
    author.check_axe()
    author.page.check(f"input[name=groups][value='{group.pk}']")
    author.page.fill("[name=question]", "是否涉及前置系统的参数?")
    office.send(author)
    blocked = author.page.locator("main, header").get_by_text("前置系统组")
    assert blocked.count()
    assert not author.page.locator("a[href$='/do/send_for_sign_off/']").count()
    other = office.of(member)
    other.open("/")
    other.check_axe()
    other.page.click(f"a[href='/defects/{office.number}/do/answer_group/']")
    other.check_axe()
    other.page.check("[name=answer][value=opinion]")
    other.page.fill("[name=opinion]", "涉及前置参数,请先在测试环境验证")
    office.send(other)
    other.check_axe()
    office.turn(author)
    assert "涉及前置参数" in author.page.inner_text("main")
    _plan(office, author)
    assert office.state() == "pending_signoff"
