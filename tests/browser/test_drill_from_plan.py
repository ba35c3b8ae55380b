"""A drill from a plan: started by four clicks, ticked in the room, judged by its sheet (R51)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from accounts.models import User
from oncall.models import Shift
from operations.models import ManagedObject
from readiness.models import Drill, PlanUse
from readiness.score import sheet
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tests.browser.test_incident_whole import ROOM, act
from tests.incidents.conftest import WORDS
from tests.readiness.library import effective_plan
from workflow.durations import clock_face

Open = Callable[..., Desk]
# Two minutes are a promise to people who read every label; a machine does it in seconds.
CLICKS = 4


@pytest.fixture
def on_call(tech: User, tech2: User) -> Shift:
    """``tech`` answers, ``tech2`` stands behind him."""
    now = timezone.now()
    return Shift.objects.create(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12),
        primary=tech, backup=tech2,
    )  # fmt: skip


def start(chief: Desk, number: str) -> None:
    """From the home page, by what can be seen: four clicks, nothing typed."""
    page = chief.open("/")
    clicked = 0
    if page.locator(".bottom-bar").is_visible():
        page.locator("[data-toggle=rail]:visible").first.click()
    for door in ("/plans/", f"/plans/{number}/", f"/plans/{number}/drill/"):
        page.locator(f"a[href='{door}']:visible").first.click()
        page.wait_for_url(f"**{door}")
        clicked += 1
        chief.check_axe()
    assert number in page.inner_text("main")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(re.compile(r"/drills/YL-[-0-9]+/$"))
    chief.check_axe()
    page.locator("main a[href^='/incidents/GZ-']").first.click()
    page.wait_for_url(ROOM)
    assert clicked + 1 == CLICKS


@pytest.mark.parametrize(("language", "size"), [("zh-hans", TELEPHONE), ("en", DESK)])
@pytest.mark.usefixtures("engines", "on_call")
def test_a_drill_is_started_from_a_plan_and_its_sheet_tells_the_truth(
    language: str, size: dict[str, int], window: Open, system: ManagedObject,
    tech: User, tech2: User, supervisor: User, biz: User,
) -> None:  # fmt: skip
    plan = effective_plan(tech, supervisor, timezone.now())
    plan.objects_covered.add(system)
    chief, fixer, business = (
        window(person, language=language, size=size) for person in (supervisor, tech, biz)
    )
    start(chief, plan.number)
    drill = Drill.objects.get()
    incident = drill.incident
    assert incident is not None
    number = incident.number

    act(fixer, number, "acknowledge", {})
    act(fixer, number, "declare_s1", {"system_down": True, "business_impact": WORDS})
    page = fixer.page
    ticks = page.locator("#checklist .tick.is-ticked")
    for done in (1, 2):
        page.locator("#checklist .tick-do:visible").first.click()
        expect(ticks).to_have_count(done)
    page.locator("#checklist .tick-skip:visible summary").first.click()
    page.locator("#checklist .tick-skip[open] input[name=note]").fill("演练中不通知商户")
    page.locator("#checklist .tick-skip[open] button").click()
    expect(ticks).to_have_count(3)
    fixer.check_axe()
    act(fixer, number, "protect_data", {
        "scope": WORDS, "method": "快照", "location": "备用阵列", "verified_by": tech2.pk,
    }, axe=False)  # fmt: skip
    act(fixer, number, "resolve", {"method": WORDS, "fault_type": "storage.hardware"}, axe=False)
    act(business, number, "confirm", {"recovery_result": "full"}, axe=False)

    page = chief.open(f"/drills/{drill.number}/")
    chief.check_axe()
    told = page.inner_text("main")
    incident.refresh_from_db()
    assert incident.acknowledged_at is not None
    assert incident.declared_at is not None
    for moment in (incident.acknowledged_at, incident.declared_at):
        assert clock_face(moment - incident.first_contact_at) in told
    use = PlanUse.objects.get()
    steps = list(use.version.steps.order_by("position"))
    assert f"2/{len(steps)}" in told
    missed = page.locator("h3 + ul li").all_inner_texts()
    with translation.override(language):
        assert missed == [str(step.label) for step in steps[2:]]
    found = sheet(drill)
    assert found is not None
    assert page.inner_text(".score-face") == str(found.percent)
    assert found.percent is not None
    assert 0 < found.percent < 100
