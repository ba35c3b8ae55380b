"""A call from ring to closed in one save, without touching the mouse (R28, C1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from hotline.models import Contact
from operations.models import ManagedObject
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tickets.models import Consultation

QUESTION = "商户返佣明细在哪个菜单查询"
ANSWER = "报表中心里选择返佣查询,按结算月份导出明细。"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_call_is_logged_by_keyboard_alone(
    language: str,
    window: Callable[..., Desk],
    agent: User,
    reporter: User,
    system: ManagedObject,
) -> None:
    desk = window(agent, language=language, size=DESK)
    page = desk.open("/console/")
    desk.check_axe()
    page.keyboard.press("F2")
    page.keyboard.type("zhangli")
    page.wait_for_selector("#lookup-results [role=option]")
    desk.check_axe()
    page.keyboard.press("Enter")
    expect(page.locator("[name=caller_name]")).to_have_value("张丽")
    page.focus("[name=question]")
    page.keyboard.type(QUESTION)
    page.focus("[name=answer]")
    page.keyboard.type(ANSWER)
    page.focus("[name=managed_object]")
    page.select_option("[name=managed_object]", str(system.pk))
    page.keyboard.press("Alt+1")
    assert page.is_checked("[name=result][value=solved]")
    desk.check_axe()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".flash")

    consultation = Consultation.objects.get()
    assert (consultation.state, consultation.caller, consultation.agent) == (
        "closed",
        reporter,
        agent,
    )
    assert consultation.number in page.inner_text("main, .flash")
    assert Contact.objects.get().consultation == consultation
    assert page.input_value("[name=question]") == ""


def test_what_was_written_comes_back_beside_the_error(
    window: Callable[..., Desk], agent: User
) -> None:
    desk = window(agent, size=TELEPHONE)
    page = desk.open("/console/")
    page.fill("[name=question]", QUESTION)
    page.fill("[name=answer]", "无")
    page.check("[name=result][value=solved]")
    page.locator(".console-acts button.btn-primary").click()
    page.wait_for_selector("[aria-invalid=true], .invalid-feedback, .field-error, .errorlist")
    assert page.input_value("[name=question]") == QUESTION
    assert page.input_value("[name=answer]") == "无"
    assert not Contact.objects.exists()
    desk.check_axe()
