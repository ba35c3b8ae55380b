"""Signing in, in a real browser: with and without scripts, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from tests.browser.conftest import Desk
from tests.conftest import PASSWORD


def test_home_opens_and_loads_everything_from_us(
    reporter: User, window: Callable[..., Desk]
) -> None:
    desk = window(reporter)
    foreign: list[str] = []
    failed: list[str] = []

    def note(response: Any) -> None:
        if not response.url.startswith(desk.address):
            foreign.append(response.url)
        if response.status >= 400:
            failed.append(response.url)

    desk.page.on("response", note)
    desk.open("/")
    desk.page.wait_for_load_state("networkidle")

    assert desk.page.locator("h1").count() == 1
    assert (foreign, failed) == ([], [])
    desk.check_axe()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_log_in_page_works_without_scripts(
    reporter: User, browser: Browser, live_server: Any, language: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale=language)
    page = context.new_page()
    page.goto(f"{live_server.url}/login/")
    page.fill("input[name=username]", reporter.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")

    assert page.locator("h1").count() == 1
    context.close()
