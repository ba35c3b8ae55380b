"""Consultations in real windows: objection, completion with screenshots, knowledge (C4, C6, C8)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from operations.models import ManagedObject
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tests.browser.test_defect_journey import _png
from tickets.models import Attachment, Consultation, Defect, KnowledgeArticle
from tickets.services.consultations import Question, record_consultation
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from tickets.services.triage import accept

TEXT = "按说明操作后导出的文件仍然提示损坏"
QUESTION = "商户返佣明细在哪个菜单查询导出"
ANSWER = "报表中心里选择返佣查询,按结算月份导出明细。"

# A picture as the clipboard or a drag brings it.
_PICTURE = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
  const box = new DataTransfer();
  box.items.add(new File([bytes], name, {type: 'image/png'}));
  return box;
}"""


def _triaging(reporter: User, support: User, system: ManagedObject) -> Defect:
    now = timezone.now() - timedelta(minutes=5)
    defect = submit_new(
        actor=reporter, now=now, reporter=reporter,
        form=DefectInput(
            title="返佣明细打不开", phenomenon="点导出后提示文件损坏", managed_object=system,
            contact_phone="8012",
        ),
    )  # fmt: skip
    return accept(defect, actor=support, now=now)


def _recorded(
    agent: User, reporter: User, system: ManagedObject, *, answer: str = ""
) -> Consultation:
    now = timezone.now() - timedelta(minutes=3)
    question = Question(
        caller=reporter, caller_name=reporter.name, caller_phone="8012",
        unit=reporter.organisation, channel="hotline", managed_object=system, question=QUESTION,
        started_at=now,
    )  # fmt: skip
    return record_consultation(
        actor=agent, now=now, question=question, answer=answer, close=bool(answer)
    )


def _do(desk: Desk, record: str, code: str) -> None:
    """From the record's page to the page of an act, both looked at by axe."""
    desk.open(record)
    desk.check_axe()
    desk.page.click(f"a[href$='/do/{code}/']")
    desk.page.wait_for_url(f"**/do/{code}/")
    desk.check_axe()


def _send(desk: Desk, url: str) -> None:
    desk.page.click("main form[method=post] .form-acts button[type=submit]")
    desk.page.wait_for_url(re.compile(url))
    desk.check_axe()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_operation_issue_is_converted_disputed_and_back_in_triage(
    language: str, window: Callable[..., Desk], reporter: User, support: User, system: ManagedObject
) -> None:
    """D7 by support, C6 by the reporter on a telephone; the defect goes on under its number."""
    defect = _triaging(reporter, support, system)
    desk = window(support, language=language, size=DESK)
    _do(desk, f"/defects/{defect.number}/", "convert")
    desk.page.fill("[name=explanation]", "导出的文件须先解压再打开")
    _send(desk, r"/defects/QX-[-0-9]+/$")

    consultation = Consultation.objects.get(source_defect=defect)
    bank = window(reporter, language=language, size=TELEPHONE)
    bank.open(f"/defects/{defect.number}/")
    bank.page.click(f"a[href='/consultations/{consultation.number}/']")
    _do(bank, f"/consultations/{consultation.number}/", "object")
    bank.page.fill("[name=opinion]", "无")
    bank.page.click("main form[method=post] .form-acts button[type=submit]")
    bank.page.wait_for_selector("[aria-invalid=true]")
    bank.check_axe()
    bank.page.fill("[name=opinion]", TEXT)
    _send(bank, r"/consultations/ZX-[-0-9]+/$")
    assert TEXT in bank.page.inner_text("main")

    defect.refresh_from_db()
    assert (defect.state, defect.holder) == ("triaging", support)
    desk.open(f"/defects/{defect.number}/")
    expect(desk.page.locator("a[href$='/do/classify_technical/']").first).to_be_visible()
    desk.check_axe()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_call_becomes_a_defect_that_its_caller_completes_with_screenshots(
    language: str, window: Callable[..., Desk], agent: User, reporter: User, system: ManagedObject
) -> None:
    """C4 with what is missing; one picture pasted, one dropped, one taken away again."""
    consultation = _recorded(agent, reporter, system)
    desk = window(agent, language=language)
    _do(desk, f"/consultations/{consultation.number}/", "convert")
    desk.page.fill("[name=why]", "需要查看后台日志才能判断")
    desk.page.fill("[name=missing]", "请补充报错截图")
    _send(desk, r"/defects/QX-[-0-9]+/$")

    defect = Defect.objects.get()
    assert (defect.state, defect.holder) == ("returned", reporter)
    bank = window(reporter, language=language)
    _do(bank, f"/defects/{defect.number}/", "submit")
    page, picture = bank.page, base64.b64encode(_png()).decode()
    page.evaluate(
        f"""([content, name]) => {{
          const box = ({_PICTURE})([content, name]);
          document.querySelector('[name=phenomenon]').dispatchEvent(new ClipboardEvent(
            'paste', {{clipboardData: box, bubbles: true, cancelable: true}}));
        }}""",
        [picture, "image.png"],
    )
    for name in ("拖入的截图.png", "拿错的截图.png"):
        dropped = page.evaluate_handle(_PICTURE, [picture, name])
        page.locator("[data-picker]").dispatch_event("drop", {"dataTransfer": dropped})
    rows = page.locator("[data-picker-files] li")
    expect(rows).to_have_count(3)
    expect(rows.locator("img")).to_have_count(3)
    bank.check_axe()
    rows.nth(2).locator("button").click()
    expect(rows).to_have_count(2)
    page.click("main form button.btn-primary[type=submit]")
    page.wait_for_url(re.compile(r"/defects/QX-[-0-9]+/$"))
    bank.check_axe()
    defect.refresh_from_db()
    assert defect.state == "submitted"
    names = sorted(Attachment.objects.values_list("name", flat=True))
    assert len(names) == 2
    assert names[1] == "拖入的截图.png" or names[0] == "拖入的截图.png"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_knowledge_is_proposed_published_by_another_and_used_by_keyboard(
    language: str,
    window: Callable[..., Desk],
    agent: User,
    support: User,
    reporter: User,
    system: ManagedObject,
) -> None:
    """C8: from an answer to the article, and from the article into the next answer."""
    consultation = _recorded(agent, reporter, system, answer=ANSWER)
    desk = window(agent, language=language)
    desk.open(f"/consultations/{consultation.number}/")
    desk.page.click(f"a[href='/knowledge/new/?from={consultation.number}']")
    desk.check_axe()
    desk.page.fill("[name=title]", "商户返佣明细在哪里查询")
    desk.page.check("[name=public]")
    _send(desk, r"/knowledge/ZS-[-0-9]+/$")
    article = KnowledgeArticle.objects.get()

    other = window(support, language=language)
    _do(other, f"/knowledge/{article.number}/", "publish")
    _send(other, r"/knowledge/ZS-[-0-9]+/$")

    page = desk.open(f"/console/?caller={reporter.pk}")
    page.focus("[name=question]")
    page.keyboard.type("请问商户返佣明细从哪个菜单导出")
    page.wait_for_selector(".suggestion[data-knowledge]")
    desk.check_axe()
    page.keyboard.press("Alt+q")
    expect(page.locator("[name=answer]")).to_have_value(ANSWER)
    expect(page.locator("[data-knowledge-named]")).to_have_text(article.number)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".flash")
    newest = Consultation.objects.latest("pk")
    assert (newest.answer, newest.knowledge) == (ANSWER, article)

    bank = window(reporter, language=language, size=TELEPHONE)
    bank.open("/knowledge/?q=返佣")
    bank.check_axe()
    bank.page.click(f"a[href='/knowledge/{article.number}/']")
    bank.check_axe()
    bank.page.click("button[name=useful][value='1']")
    bank.page.wait_for_selector(".flash")
    assert article.opinions.get().useful


def test_what_was_typed_survives_back_and_a_card_number_is_asked_about(
    window: Callable[..., Desk], agent: User, reporter: User, system: ManagedObject
) -> None:
    """The text comes back from the draft; the warning keeps it; a double click closes once."""
    consultation = _recorded(agent, reporter, system)
    desk = window(agent)
    page = desk.open(f"/consultations/{consultation.number}/do/close/")
    page.fill("[name=answer]", "流水 4111 1111 1111 1111 已核对,请在综合查询里查看。")
    page.wait_for_timeout(1500)
    page.go_back()
    page.go_forward()
    expect(page.locator("[name=answer]")).to_have_value(re.compile("4111"))
    page.click("main form[method=post] .form-acts button[type=submit]")
    page.wait_for_selector("[name=not_a_card][type=checkbox]")
    desk.check_axe()
    expect(page.locator("[name=answer]")).to_have_value(re.compile("4111"))
    page.check("[name=not_a_card]")
    page.dblclick("main form[method=post] .form-acts button[type=submit]")
    page.wait_for_url(re.compile(r"/consultations/ZX-[-0-9]+/$"))
    consultation.refresh_from_db()
    assert consultation.state == "closed"
    assert consultation.row_version == 2
