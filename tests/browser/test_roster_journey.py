"""A month from a rotation: published, swapped, overridden, its gap told and filled (R11, R14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from oncall.coverage import midnight
from oncall.models import Roster, Shift
from oncall.services.roster_watch import watch_due
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tests.browser.swapping import agree_to_offer, offer_duty

WORDS = {
    "zh-hans": {
        "in_force": "轮班已生效", "published": "已发布", "changed": "排班已更新",
        "covered": "每一分钟均有人值班", "open": "分钟无人值班", "why": "周三外出培训,由同事顶班",
    },
    "en": {
        "in_force": "The rotations are in force", "published": "Published",
        "changed": "The roster has been changed", "covered": "Every minute is covered",
        "open": "minutes uncovered", "why": "Away for training on that day",
    },
}  # fmt: skip


@pytest.fixture
def team(
    tech: User, tech2: User, supervisor: User, make_person: Callable[..., User],
    company: Organisation,
) -> dict[str, User]:  # fmt: skip
    """Three who take turns, one who stands in, and the planner."""
    third = make_person("huanghai", "黄海", company, Role.TECH)
    spare = make_person("zhaolei", "赵磊", company, Role.TECH)
    return {"tech": tech, "tech2": tech2, "third": third, "spare": spare, "planner": supervisor}


def next_month() -> tuple[date, date]:
    """Its first and last day."""
    first = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def plan_a_month(desk: Desk, words: dict[str, str], first: date, last: date) -> None:
    """Names in order, then preview, then publish."""
    page = desk.open("/roster/rotations/on_call/")
    desk.check_axe()
    page.locator("[name=layers-0-name]").fill("周轮班")
    page.locator("[name=layers-0-turn]").select_option("7")
    begin = first - timedelta(days=first.weekday() + 7)
    page.locator("[name=layers-0-first_day]").fill(begin.isoformat())
    page.locator("[name=layers-0-handover]").fill("09:00")
    page.locator("[name=layers-0-people]").fill("张伟、刘强、黄海")
    page.locator("[name=reason]").fill(words["why"])
    page.locator("form button.btn-primary").click()
    expect(page.locator("body")).to_contain_text(words["in_force"])
    page.goto(f"{desk.address}/roster/publish/?roster=on_call&first={first}&last={last}")
    desk.check_axe()
    page.locator("form[method=post] button.btn-primary").last.click()
    expect(page.locator("body")).to_contain_text(words["published"])
    expect(page.locator(".roster-sum")).to_contain_text(words["covered"])
    desk.check_axe()


def unfold(page: Page, switch: str) -> None:
    """A telephone hides it until it is asked for."""
    label = page.locator(f"label[for={switch}]")
    if label.is_visible():
        label.click()


def override_by_typing(desk: Desk, words: dict[str, str], day: date) -> None:
    """One day of another, in a line."""
    page = desk.page
    unfold(page, "line-open")
    page.locator("#id_line").fill(f"赵磊 {day:%m-%d}")
    page.locator("#id_why").fill(words["why"])
    page.locator("#id_line").press("Enter")
    expect(page.locator("body")).to_contain_text(words["changed"])
    found = Shift.objects.of(Roster.ON_CALL).at(midnight(day) + timedelta(hours=12)).get()
    assert (found.primary.username, found.planned_version) == ("zhaolei", None)


def swap_with_consent(
    window: Callable[..., Desk], team: dict[str, User], language: str, size: dict[str, int]
) -> Shift:
    """Whoever stands a week asks a colleague to take it, who agrees; both in windows of theirs."""
    given: Shift = (
        Shift.objects.of(Roster.ON_CALL)
        .filter(primary=team["tech"], starts_at__gte=midnight(next_month()[0]))
        .earliest("starts_at")
    )
    offer_duty(window(team["tech"], language=language, size=size), given, team["spare"])
    given.refresh_from_db()
    assert given.primary == team["tech"]  # an offer changes nothing
    agree_to_offer(window(team["spare"], language=language, size=size), language)
    return given


def sees_the_swap(desk: Desk, month: str, given: Shift) -> None:
    """The month names the colleague in that week, in words and in its lane."""
    page = desk.open(month)
    row = page.locator(
        "tr", has_text=timezone.localtime(given.starts_at).strftime("%Y-%m-%d %H:%M")
    )
    expect(row.last).to_contain_text("赵磊")
    lanes = page.locator(".month-grid .lane-name", has_text="赵磊")
    assert lanes.count() >= 1
    desk.check_fit()


def gap_told_and_filled(desk: Desk, words: dict[str, str], month: str, day: date) -> None:
    """A shift is taken back; the roster says so, the look-ahead tells it, a link fills it."""
    page = desk.open(month)
    unfold(page, "shift-list")
    row = page.locator("tr", has=page.locator("form[action*='/remove/']", has_text=f"{day} 00:00"))
    row.locator("form[action*='/remove/'] button").click()
    desk.confirm()
    assert "view=month" in page.url
    expect(page.locator(".roster-sum")).to_contain_text(re.compile(rf"1440 ?{words['open']}"))
    desk.check_fit()
    # The engine looks a day ahead: here half a day before the gap begins.
    assert watch_due(midnight(day) - timedelta(hours=12)) == 1
    desk.open("/messages/")
    desk.check_fit()
    letter = page.locator(".letter", has_text=re.compile(rf"{day} 00:00.*1440", re.DOTALL))
    letter.locator("a").click()
    expect(page.locator(".roster-sum")).to_contain_text(re.compile(rf"1440 ?{words['open']}"))
    desk.check_fit()
    page.locator(".shift-rows tr.row-late a[href*='start=']").click()
    form = page.locator("[data-stretch]")
    expect(form.locator("[name=starts_at]")).to_have_value(f"{day}T00:00")
    form.locator("[name=primary]").select_option(label="赵磊")
    form.locator("[name=backup]").select_option(label="黄海")
    form.locator("button[type=submit]").click()
    expect(page.locator("body")).to_contain_text(words["changed"])
    desk.open(month)
    expect(page.locator(".roster-sum")).to_contain_text(words["covered"])


def keys_choose_a_stretch(desk: Desk, month: str, day: date) -> None:
    """Arrow keys move, Shift selects, Enter goes to the form with the stretch in it."""
    page = desk.open(month)
    page.locator(f".month-grid [data-day='{day}']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    form = page.locator("[data-stretch]")
    expect(form.locator("[name=starts_at]")).to_have_value(f"{day + timedelta(days=1)}T00:00")
    expect(form.locator("[name=ends_at]")).to_have_value(f"{day + timedelta(days=3)}T00:00")
    expect(form.locator("[name=primary]")).to_be_focused()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_a_month_is_planned_swapped_overridden_and_its_gap_told_and_filled(
    team: dict[str, User],
    window: Callable[..., Desk],
    language: str,
    size: dict[str, int],
) -> None:
    words = WORDS[language]
    first, last = next_month()
    month = f"/roster/?view=month&from={first}"
    desk = window(team["planner"], language=language, size=size)
    plan_a_month(desk, words, first, last)
    given = swap_with_consent(window, team, language, size)
    sees_the_swap(desk, month, given)
    day = timezone.localdate(given.ends_at) + timedelta(days=2)
    if day > last:
        day = timezone.localdate(given.starts_at) - timedelta(days=3)
    override_by_typing(desk, words, day)
    gap_told_and_filled(desk, words, month, day)
    if size == DESK:
        keys_choose_a_stretch(desk, month, first + timedelta(days=11))
