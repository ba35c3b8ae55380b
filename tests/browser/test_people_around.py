"""A supervisor on leave, a delegate with a telephone, an author's delegate, a leaver (I15, I16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Delegation, Organisation, User
from accounts.roles import Role
from calendars.arithmetic import SHANGHAI
from operations.models import ManagedObject
from tests.browser.conftest import TELEPHONE, Desk
from tests.conftest import PASSWORD
from tests.tickets.journey import Cast, Journey
from tickets.models import Defect, SignOff

WORDS = {
    "zh-hans": {
        "signed": "代签:孙悦 代 陈明",
        "refused": "需他人签字:您是方案作者",
        "nudged": "已催办 1 次",
    },
    "en": {
        "signed": "Signed by 孙悦 for 陈明",
        "refused": "Someone else must sign: you wrote the plan.",
        "nudged": "nudged 1 time",
    },
}


@pytest.fixture
def begun(
    reporter: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    agent: User,
    superior: User,
    system: ManagedObject,
) -> Journey:
    """The usual path, begun an hour ago."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    return Journey(cast, timezone.now() - timedelta(hours=1))


def _confirm(desk: Desk) -> None:
    asked = desk.page.locator("dialog[open] .btn-primary")
    asked.wait_for()
    asked.click()


def _pass_on(desk: Desk, receiver: User) -> None:
    """The form of a delegation, from now for three days."""
    desk.open("/delegations/")
    desk.check_axe()
    start = timezone.now().astimezone(SHANGHAI)
    desk.page.select_option("[name=receiver]", str(receiver.pk))
    desk.page.fill("[name=starts_at]", start.strftime("%Y-%m-%dT%H:%M"))
    desk.page.fill("[name=ends_at]", (start + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    desk.page.fill("[name=reason]", "年休假三天")
    desk.page.click("main form[method=post] button[type=submit]")
    desk.page.wait_for_selector(".flash")
    desk.check_axe()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_supervisor_on_leave_delegates_and_the_delegate_signs_on_a_telephone(
    begun: Journey,
    window: Callable[..., Desk],
    make_person: Callable[..., User],
    company: Organisation,
    language: str,
) -> None:
    defect = begun.pending_signoff()
    deputy = make_person("sunyue", "孙悦", company, Role.AGENT)
    _pass_on(window(begun.cast.supervisor, language=language), deputy)
    assert Delegation.objects.get().receiver == deputy

    phone = window(deputy, language=language, size=TELEPHONE)
    phone.check_axe()
    assert str(defect.number) in phone.page.inner_text("main")
    phone.open("/sign-off/")
    phone.check_axe()
    wide = phone.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= TELEPHONE["width"]
    phone.page.click("a[href$='/do/approve/']")
    phone.page.wait_for_url("**/do/approve/")
    phone.check_axe()
    phone.page.fill("[name=password]", PASSWORD)
    phone.page.click("main form[method=post] button[type=submit]")
    _confirm(phone)
    phone.page.wait_for_url(f"**/defects/{defect.number}/")
    phone.check_axe()
    assert WORDS[language]["signed"] in phone.page.inner_text("main")
    signed = SignOff.objects.get()
    assert (signed.supervisor, signed.on_behalf_of) == (deputy, begun.cast.supervisor)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_authors_delegate_reads_why_not(
    begun: Journey, window: Callable[..., Desk], language: str
) -> None:
    """The author passes on to the supervisor, who may then not sign the author's plan."""
    defect = begun.pending_signoff()
    _pass_on(window(begun.cast.tech, language=language), begun.cast.supervisor)
    boss = window(begun.cast.supervisor, language=language)
    boss.open("/sign-off/")
    boss.check_axe()
    assert WORDS[language]["refused"] in boss.page.inner_text("main")
    assert boss.page.locator("a[href$='/do/approve/']").count() == 0
    assert Defect.objects.get(pk=defect.pk).state == "pending_signoff"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_open_work_of_a_leaver_is_moved(
    begun: Journey, tech2: User, sysadmin: User, window: Callable[..., Desk], language: str
) -> None:
    defect = begun.tech_processing()
    tech = begun.cast.tech
    admin = window(sysadmin, language=language)
    admin.open(f"/people/{tech.pk}/")
    admin.check_axe()
    admin.page.click(f"form[action$='/people/{tech.pk}/switch/'] button[type=submit]")
    _confirm(admin)
    admin.page.wait_for_url(f"**/people/{tech.pk}/work/")
    admin.check_axe()
    assert defect.title not in admin.page.inner_text("main")
    admin.page.select_option(f"[name=defect-{defect.pk}-assignee]", str(tech2.pk))
    admin.page.fill("[name=reason]", "员工离职交接")
    admin.page.click("button[name=turn_off]")
    _confirm(admin)
    admin.page.wait_for_url(f"**/people/{tech.pk}/")
    admin.check_axe()
    assert not User.objects.get(pk=tech.pk).is_active
    assert Defect.objects.get(pk=defect.pk).assignee == tech2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_nudge_a_note_with_a_name_and_a_phrase_at_the_cursor(
    begun: Journey, window: Callable[..., Desk], language: str
) -> None:
    """By keyboard: @ and the arrow keys name a colleague; a phrase goes where the cursor is."""
    defect = begun.tech_processing()
    bank = window(begun.cast.reporter, language=language, size=TELEPHONE)
    bank.open(f"/defects/{defect.number}/")
    bank.check_axe()
    bank.page.click("form[action$='/nudge/'] button")
    bank.page.wait_for_selector(".flash")
    assert WORDS[language]["nudged"] in bank.page.inner_text("main")

    desk = window(begun.cast.support, language=language)
    desk.open("/phrases/")
    desk.check_axe()
    desk.page.select_option("[name=kind]", "note")
    desk.page.fill("[name=text]", "请今天下班前回复。")
    desk.page.click("form[data-draft=phrase] button[type=submit]")
    desk.page.wait_for_selector(".flash")
    desk.open(f"/defects/{defect.number}/")
    desk.page.locator("details.internal > summary").last.click()
    note = desk.page.locator("#note_opinion")
    note.click()
    desk.page.keyboard.type("@zhangw")
    desk.page.wait_for_selector("#mentions")
    desk.page.keyboard.press("Enter")
    named = f"@{begun.cast.tech.name}({begun.cast.tech.staff_no}) "
    assert note.input_value() == named
    desk.page.keyboard.type("看日志")
    for _letter in "看日志":
        desk.page.keyboard.press("ArrowLeft")
    offered = desk.page.locator("details.internal details.phrases > summary")
    offered.focus()
    desk.page.keyboard.press("Enter")
    phrase = desk.page.locator("details.internal [data-phrase='请今天下班前回复。']")
    phrase.wait_for()
    desk.check_axe()
    phrase.focus()
    desk.page.keyboard.press("Enter")
    assert note.input_value() == f"{named}请今天下班前回复。看日志"
    desk.page.click("form[action$='/note/'] button[type=submit]")
    desk.page.wait_for_selector(".flash")
    assert "看日志" in desk.page.inner_text("main")
    bank.open(f"/defects/{defect.number}/")
    assert "看日志" not in bank.page.inner_text("main")
