"""A version of the service plan: proposed after its preview, confirmed by somebody else (R56)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from sla.models import Agreement
from tests.browser.conftest import DESK, TELEPHONE, Desk

REASON = "补充协议约定缩短修复时限"


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", TELEPHONE)], ids=["zh-desk", "en-telephone"]
)
def test_propose_preview_confirm(
    window: Callable[..., Desk],
    sysadmin: User,
    supervisor: User,
    language: str,
    size: dict[str, int],
) -> None:
    english = language == "en"
    admin = window(sysadmin, language=language, size=size)
    page = admin.open("/agreements/")
    admin.check_axe()
    page.goto(f"{admin.address}/agreements/new/")
    page.fill("input[name=effective_on]", "2099-01-01")
    page.fill("input[name=fix_hours]", "6")
    page.fill("textarea[name=reason]", REASON)
    admin.check_axe()
    expect(page.locator("button[name=propose]")).to_have_count(0)
    page.click("button[name=look]")
    expect(page.locator("ins").first).to_be_visible()
    assert not Agreement.objects.filter(version=2).exists()
    admin.check_axe()
    page.click("button[name=propose]")
    page.wait_for_url("**/agreements/2/")
    admin.check_axe()

    other = window(supervisor, language=language, size=size)
    page = other.open("/agreements/2/")
    page.get_by_role("link", name="Confirm" if english else "确认", exact=True).click()
    page.wait_for_url("**/do/confirm/")
    other.check_axe()
    page.get_by_role("button", name="Confirm" if english else "确认").click()
    page.wait_for_url("**/agreements/2/")
    expect(page.locator("body")).to_contain_text("To come" if english else "待生效")
    other.check_axe()
    assert Agreement.objects.get(version=2).decided_by == supervisor


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_other_pages_are_open_to_everybody_by_keyboard_and_ear(
    window: Callable[..., Desk], sysadmin: User, language: str
) -> None:
    for size in (DESK, TELEPHONE):
        admin = window(sysadmin, language=language, size=size)
        for address in ("/agreements/targets/", "/agreements/regulator/", "/agreements/1/"):
            page = admin.open(address)
            admin.check_axe()
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
            assert not wide, address
