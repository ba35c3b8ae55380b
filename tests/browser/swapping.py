"""Two windows swap a duty: one offers it on the page of swaps, the other consents there."""

from __future__ import annotations

from playwright.sync_api import expect

from accounts.models import User
from oncall.models import Shift
from tests.browser.conftest import Desk

AGREED = {"zh-hans": "换班达成", "en": "Agreed: the roster has been changed"}


def offer_duty(
    desk: Desk, duty: Shift, colleague: User, *, back: Shift | None = None, note: str = "孩子家长会"
) -> None:
    """Offer the primary place of a shift to a colleague, for nothing or for one in return."""
    desk.open("/roster/swaps/new/")
    desk.check_fit()
    page = desk.page
    page.select_option("[name=duty]", f"{duty.pk}:primary")
    page.select_option("[name=colleague]", str(colleague.pk))
    if back is not None:
        page.select_option("[name=back]", f"{back.pk}:primary")
    page.fill("[name=note]", note)
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_selector(".flash")
    desk.check_fit()


def agree_to_offer(desk: Desk, language: str) -> None:
    """Consent to the one offer that waits; the page says that the roster has changed."""
    desk.open("/roster/swaps/")
    desk.check_fit()
    desk.page.click("form[action$='/agree/'] button")
    desk.confirm()
    expect(desk.page.locator(".flash").first).to_contain_text(AGREED[language])
    desk.check_fit()
