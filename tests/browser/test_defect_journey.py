"""A defect from the bank user's form to the accepted reply, through seven people's windows."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from operations.models import ManagedObject
from tests.browser.conftest import TELEPHONE, Desk
from tests.conftest import PASSWORD
from tickets.models import Defect

TEXT = "收单前置机连接池配置过小,高峰时段交易排队超时"


def _png() -> bytes:
    """A real one-pixel picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff"))
        + chunk(b"IEND", b"")
    )


def _fill(desk: Desk, **values: str) -> None:
    for name, text in values.items():
        desk.page.fill(f"[name={name}]", text)


def _act(desk: Desk, number: str, code: str) -> None:
    """Open the ticket and follow the button of an act."""
    desk.open(f"/defects/{number}/")
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


def _submit(desk: Desk, system: ManagedObject) -> str:
    """The bank user fills the form, with a screenshot, and gets a number."""
    desk.open("/defects/new/")
    desk.check_axe()
    _fill(desk, title="商户交易查询超时", phenomenon=TEXT)
    desk.page.select_option("[name=managed_object]", str(system.pk))
    desk.page.set_input_files(
        "input[type=file]", {"name": "截图.png", "mimeType": "image/png", "buffer": _png()}
    )
    desk.page.click("button[type=submit][value=submit], main form button.btn-primary")
    desk.page.wait_for_url("**/receipt/")
    desk.check_axe()
    found = re.search(r"QX-\d{8}-\d{4}", desk.page.inner_text("main"))
    assert found is not None
    return found.group()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_defect_from_draft_to_closed_through_seven_people(
    language: str,
    window: Callable[..., Desk],
    system: ManagedObject,
    reporter: User,
    support: User,
    tech: User,
    supervisor: User,
    implementer: User,
    superior: User,
) -> None:
    def of(user: User, **more: Any) -> Desk:
        return window(user, language=language, **more)

    bank = of(reporter, size=TELEPHONE)
    number = _submit(bank, system)
    desk = of(support)
    _act(desk, number, "accept")
    _send(desk)
    _act(desk, number, "classify_technical")
    _fill(desk, basis=TEXT, module="交易查询")
    desk.page.select_option("[name=assignee]", str(tech.pk))
    _choose(desk, "participants", tech)
    _send(desk)

    author = of(tech)
    _act(author, number, "send_for_sign_off")
    for name in ("cause", "measures", "impact", "risk", "rollback_plan", "testing"):
        author.page.fill(f"[name={name}]", TEXT)
    author.page.select_option("[name=cause_class]", "parameter")
    author.page.check("[name=confirmed]")
    author.page.check("[name=solvable]")
    author.page.fill("[name=planned_at]", "2027-01-04T20:00")
    author.page.select_option("[name=planned_implementer]", str(implementer.pk))
    author.page.check("[name=change_kinds][value=parameter]")
    _send(author)

    boss = of(supervisor)
    boss.open("/sign-off/")
    boss.check_axe()
    _act(boss, number, "approve")
    boss.page.fill("[name=password]", PASSWORD)
    _send(boss)

    doer = of(implementer)
    _act(doer, number, "start")
    doer.page.fill("[name=backup]", TEXT)
    _send(doer)
    _act(doer, number, "finish")
    _fill(doer, steps=TEXT, result=TEXT, reason=TEXT, before=TEXT, after=TEXT)
    doer.page.select_option("[name=kind]", "parameter")
    _send(doer)

    _act(desk, number, "verify_solved")
    _fill(desk, evidence=TEXT, method="已调大连接池并验证")
    _send(desk)
    _act(desk, number, "report_upward")
    _fill(desk, content=TEXT)
    _send(desk)
    above = of(superior)
    _act(above, number, "acknowledge_report")
    _send(above)
    _act(desk, number, "reply")
    _fill(desk, solution=TEXT, analysis=TEXT, cause=TEXT)
    _send(desk)

    bank.open(f"/defects/{number}/")
    bank.check_axe()
    assert "已调大连接池并验证" in bank.page.inner_text("main")
    _act(bank, number, "close")
    _send(bank)
    assert Defect.objects.get(number=number).state == "closed"


def test_two_people_act_on_the_same_defect_and_the_second_keeps_the_words(
    window: Callable[..., Desk],
    system: ManagedObject,
    reporter: User,
    support: User,
    make_person: Callable[..., User],
) -> None:
    number = _submit(window(reporter), system)
    colleague = make_person("wanglei", "王磊", support.organisation, "support")
    first, second = window(support), window(colleague)
    _act(first, number, "return")
    _act(second, number, "return")
    _fill(first, opinion="请补充出错时间和商户编号。")
    _send(first)
    _fill(second, opinion="请补充浏览器的版本号和截图。")
    with second.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        second.page.click("main form[method=post] button[type=submit]")
    assert answered.value.status == 409
    assert second.page.input_value("[name=opinion]") == "请补充浏览器的版本号和截图。"
    assert Defect.objects.get(number=number).state == "returned"


def _choose(desk: Desk, name: str, person: User) -> None:
    """Tick a person in a list of people, however it is drawn."""
    box = desk.page.locator(f"input[name={name}][value='{person.pk}']")
    if box.count():
        box.check()
    else:
        desk.page.select_option(f"select[name={name}]", [str(person.pk)])
