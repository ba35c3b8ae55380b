"""The machine room reports, the telephone rings, a human answers, three clocks run (E1-E3, R16)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from incidents.models import Incident
from oncall.models import Page, Shift
from operations.models import ManagedObject
from sla.models import Clock, Milestone
from tests.browser.conftest import TELEPHONE, Desk

TEXT = "主存储阵列双控制器离线,全部交易失败"


@pytest.fixture
def on_call(tech: User, tech2: User) -> Shift:
    """``tech`` answers the on-call mobile now, ``tech2`` stands behind him."""
    now = timezone.now()
    return Shift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=12),
        primary=tech,
        backup=tech2,
    )


def _answer(phone: Desk, words: str) -> None:
    """Wait for the ring, answer, hear the text, press 1."""
    page = phone.page
    page.wait_for_selector("[data-mode=ringing]", timeout=20_000)
    phone.check_axe()
    page.click(".round-yes")
    page.wait_for_selector("[data-mode=talking]")
    assert words in page.inner_text("[data-words]")
    phone.check_axe()
    page.click("button[name=digit][value='1']")
    # In a fast drill the next call may ring at once.
    page.wait_for_selector("[data-mode]:not([data-mode=talking])", timeout=15_000)


def _wait_for(desk: Desk, wanted: set[tuple[str, str]]) -> None:
    """Until these milestones were told; half a minute is more than the drill has left."""
    for _second in range(30):
        told = set(Milestone.objects.values_list("clock__kind", "code"))
        if wanted <= told:
            return
        desk.page.wait_for_timeout(1000)
    pytest.fail(f"not told: {wanted - told}")


def _declare(room: Desk, number: str) -> None:
    room.open(f"/incidents/{number}/")
    room.check_axe()
    room.page.click("a[href$='/do/declare_s1/']")
    room.check_axe()
    room.page.check("[name=system_down]")
    room.page.fill("[name=business_impact]", TEXT)
    room.page.click("main form[method=post] button[type=submit]")
    asked = room.page.locator("dialog[open] .btn-primary")
    if asked.count():
        asked.click()
    room.page.wait_for_url(re.compile(r"/incidents/GZ-[-0-9]+/$"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.usefixtures("engines", "on_call")
def test_a_system_down_from_the_monitors_form_to_three_running_clocks(
    language: str,
    window: Callable[..., Desk],
    system: ManagedObject,
    monitor: User,
    tech: User,
) -> None:
    phone = window(tech, language=language, size=TELEPHONE)
    phone.open("/phone/")
    room_below = window(monitor, language=language)
    room_below.open("/machine-room/new/")
    room_below.check_axe()
    page = room_below.page
    page.select_option("[name=managed_object]", str(system.pk))
    page.fill("[name=location]", "一号机房 B 列 12 柜")
    page.fill("[name=phenomenon]", TEXT)
    page.fill("[name=phone]", "6900")
    page.check("[name=system_down]")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(re.compile(r"/machine-room/JF-[-0-9]+/$"))
    room_below.check_axe()

    number = Incident.objects.get().number
    _answer(phone, number)
    incident = Incident.objects.get()
    assert (incident.state, incident.acknowledged_by) == ("assessing", tech)

    _declare(phone, number)
    assert phone.page.locator(".countdown").count() == 3
    phone.check_axe()
    clocks = dict(Clock.objects.values_list("kind", "state"))
    assert clocks == {"fix": "running", "plan": "running"}
    assert Incident.objects.get().first_contact_at == incident.first_contact_at


@pytest.mark.usefixtures("engines", "on_call")
def test_a_drill_shows_the_twelve_hours_the_duty_and_the_page_within_a_minute(
    window: Callable[..., Desk], system: ManagedObject, support: User, tech: User
) -> None:
    leader = window(support)
    leader.open("/drills/new/")
    leader.check_axe()
    leader.page.select_option("[name=managed_object]", str(system.pk))
    leader.page.fill("[name=scenario]", TEXT)
    leader.page.locator("[name=hour_seconds][value='1']").check()
    leader.page.click("main form[method=post] button[type=submit]")
    leader.page.wait_for_url(re.compile(r"/incidents/GZ-[-0-9]+/$"))
    number = Incident.objects.get().number

    phone = window(tech, size=TELEPHONE)
    phone.open("/phone/")
    _answer(phone, "演练")
    _declare(leader, number)
    assert "演练" in leader.page.inner_text("main")
    _answer(phone, "演练")

    expect(leader.page.locator(".countdown")).to_have_count(3, timeout=30_000)
    leader.check_axe()
    _wait_for(leader, {("fix", "breach"), ("plan", "duty_opened")})
    assert Page.objects.filter(subject=number, key__contains="fix_breach", is_drill=True).exists()
    assert not Incident.objects.real().exists()
