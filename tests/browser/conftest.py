"""A real Chromium against a live server, with the engines running beside it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Playwright runs an event loop in the test's thread; Django would refuse the ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page

from accounts.models import User
from engine import registry
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
DESK = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test and needs committed data."""
    for item in items:
        if Path(str(item.fspath)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without its own errands to the network."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def engines(transactional_db: None) -> Iterator[None]:
    """All engines tick in a thread, as the worker would run them."""
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.3):
            for name in registry.names():
                registry.run(name, timezone.now())
        connection.close()

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(10)


class Desk:
    """One person's browser window."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, path: str) -> Page:
        """Go to an address of the product."""
        self.page.goto(self.address + path)
        return self.page

    def confirm(self) -> None:
        """Say yes to the question that the product asks before an act, and wait for its word."""
        asked = self.page.locator("dialog[open] .btn-primary")
        asked.wait_for()
        asked.click()
        self.page.wait_for_selector(".flash")

    def check_axe(self) -> None:
        """No accessibility violation on the present page (WCAG 2.2 AA), once all of it is there."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})"
        )
        told = [
            (row["id"], [node["html"][:200] for node in row["nodes"][:3]])
            for row in found["violations"]
        ]
        assert not told, f"{self.page.url}: {json.dumps(told, ensure_ascii=False, indent=1)}"

    def check_fit(self) -> None:
        """No accessibility violation, and nothing wider than the window.

        Looked at in a window as high as the page: what the bar at the bottom half covers at one
        place of scrolling would count as too small to hit.
        """
        over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{self.page.url}: {over} px wider than the window"
        size = self.page.viewport_size
        assert size is not None
        high = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
        try:
            self.check_axe()
        finally:
            self.page.set_viewport_size(size)


@pytest.fixture
def window(browser: Browser, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """Open a window in which a person has signed in through the log-in page.

    ``window(lina)``, ``window(lina, language="en", size=TELEPHONE)``; errors on the console or in
    scripts fail the test.
    """
    contexts = []
    errors: list[str] = []

    def open_window(
        user: User, *, language: str = "zh-hans", size: dict[str, int] | None = None
    ) -> Desk:
        User.objects.filter(pk=user.pk).update(language=language)
        context = browser.new_context(viewport=size or DESK, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(10_000)
        # The first page of a run waits until the server has read everything it needs.
        context.set_default_navigation_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_server.url}/login/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{live_server.url}/")
        return Desk(page, live_server.url)

    yield open_window
    for context in contexts:
        context.close()
    assert not errors, errors
