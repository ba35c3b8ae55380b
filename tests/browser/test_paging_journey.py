"""A page finds a human: the backup, digit 2, voicemail, a signed link (R14, R16)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.models import User
from hotline.models import MachineRoomReport
from oncall import ladder
from oncall.models import Page, Shift, SimulatedPhone, SimulatedText
from oncall.services.ladders import change_ladder
from oncall.services.reach import set_reach
from operations.models import ManagedObject
from tests.browser.conftest import DESK, TELEPHONE, Desk

pytestmark = pytest.mark.usefixtures("engines", "on_call")
TEXT = "空调停机,机柜温度升至三十五度"
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
WORDS = {
    "zh-hans": {
        "taken": "已记录", "handed": "正在呼叫下一位", "no_answer": "无人接听",
        "voicemail": "语音信箱", "acknowledged": "已确认", "take": "由我接报",
    },
    "en": {
        "taken": "Recorded", "handed": "The next person is being called", "no_answer": "No answer",
        "voicemail": "Voicemail", "acknowledged": "Acknowledged", "take": "I take it",
    },
}  # fmt: skip
Window = Callable[..., Desk]


@pytest.fixture
def on_call(tech: User, tech2: User) -> Shift:
    """``tech`` answers the on-call mobile now, ``tech2`` stands behind him."""
    now = timezone.now()
    return Shift.objects.create(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=12),
        primary=tech, backup=tech2,
    )  # fmt: skip


@pytest.fixture
def patience(supervisor: User) -> Callable[[int], None]:
    """So many seconds the ladder of machine-room reports waits for the primary."""

    def wait(seconds: int) -> None:
        steps = (ladder.Step("primary", seconds), ladder.Step("backup", 600))
        change_ladder(
            actor=supervisor, urgency="routine", new=ladder.Ladder(steps, 0, 3600), version=0,
            reason="浏览器测试用的短等待", now=timezone.now(),
        )  # fmt: skip

    return wait


def behave(person: User, behaviour: str) -> None:
    """What a person's telephone does by itself."""
    SimulatedPhone.objects.create(person=person, behaviour=behaviour)


def telephone(window: Window, person: User, language: str) -> Desk:
    """A person's telephone, in the browser of a telephone."""
    phone = window(person, language=language, size=TELEPHONE)
    phone.open("/phone/")
    return phone


def report(window: Window, monitor: User, system: ManagedObject, language: str) -> Desk:
    """A monitor files a machine-room report; returns the window with the report's page."""
    room = window(monitor, language=language)
    page = room.open("/machine-room/new/")
    page.select_option("[name=managed_object]", str(system.pk))
    page.fill("[name=location]", "一号机房 B 列 12 柜")
    page.fill("[name=phenomenon]", TEXT)
    page.fill("[name=phone]", "6900")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(re.compile(r"/machine-room/JF-[-0-9]+/$"))
    return room


def pick_up(phone: Desk, digit: str) -> str:
    """Wait for the ring, answer, press a key; returns the last words of the line."""
    page = phone.page
    page.wait_for_selector("[data-mode=ringing]", timeout=25_000)
    phone.check_axe()
    page.click(".round-yes")
    page.wait_for_selector("[data-mode=talking]")
    assert TEXT in page.inner_text("[data-words]")
    page.click(f"button[name=digit][value='{digit}']")
    page.wait_for_selector("[data-mode=over]", timeout=15_000)
    phone.check_axe()
    return page.inner_text("[data-words]")


def fits(desk: Desk) -> bool:
    """Nothing of the page's own content reaches beyond the edge of the screen."""
    return bool(
        desk.page.evaluate(
            "[...document.querySelectorAll('main, main *')]"
            ".every(each => each.getBoundingClientRect().right <= window.innerWidth + 1)"
        )
    )


def read_page(window: Window, reader: User, language: str, size: dict[str, int]) -> str:
    """What the record of the page says to somebody of the desk."""
    desk = window(reader, language=language, size=size)
    desk.open(f"/pages/{Page.objects.get().pk}/")
    expect(desk.page.locator("#page-ladder")).to_contain_text(WORDS[language]["acknowledged"])
    desk.check_axe()
    assert fits(desk)
    return desk.page.inner_text("main")


@LANGUAGES
def test_nobody_answers_and_the_backup_takes_it_with_digit_1(
    language: str, window: Window, patience: Callable[[int], None], system: ManagedObject,
    monitor: User, tech: User, tech2: User, supervisor: User,
) -> None:  # fmt: skip
    patience(10)
    behave(tech, SimulatedPhone.Behaviour.NO_ANSWER)
    backup = telephone(window, tech2, language)
    room = report(window, monitor, system, language)

    assert WORDS[language]["taken"] in pick_up(backup, "1")

    page = Page.objects.get()
    assert (page.state, page.acknowledged_by, page.acknowledged_via) == (
        "acknowledged", tech2, "phone",
    )  # fmt: skip
    assert MachineRoomReport.objects.get().acknowledged_by == tech2
    told = read_page(window, supervisor, language, DESK)
    assert WORDS[language]["no_answer"] in told
    assert tech2.name in told
    room.page.reload()
    room.check_axe()
    assert tech2.name in room.page.inner_text("main")


@LANGUAGES
def test_digit_2_hands_over_to_the_backup_at_once(
    language: str, window: Window, patience: Callable[[int], None], system: ManagedObject,
    monitor: User, tech: User, tech2: User, supervisor: User,
) -> None:  # fmt: skip
    patience(600)
    primary = telephone(window, tech, language)
    backup = telephone(window, tech2, language)
    report(window, monitor, system, language)

    assert WORDS[language]["handed"] in pick_up(primary, "2")
    assert Page.objects.get().state == "open"
    assert WORDS[language]["taken"] in pick_up(backup, "1")

    assert Page.objects.get().acknowledged_by == tech2
    read_page(window, supervisor, language, TELEPHONE)


@LANGUAGES
def test_voicemail_has_not_answered(
    language: str, window: Window, patience: Callable[[int], None], system: ManagedObject,
    monitor: User, tech: User, tech2: User, supervisor: User,
) -> None:  # fmt: skip
    patience(8)
    behave(tech, SimulatedPhone.Behaviour.VOICEMAIL)
    backup = telephone(window, tech2, language)
    report(window, monitor, system, language)
    backup.page.wait_for_selector("[data-mode=ringing]", timeout=25_000)

    page = Page.objects.get()
    assert (page.state, page.acknowledged_by) == ("open", None)
    assert page.attempts.get(person=tech).state == "voicemail"
    pick_up(backup, "1")
    assert WORDS[language]["voicemail"] in read_page(window, supervisor, language, DESK)


@LANGUAGES
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_a_signed_link_shows_on_get_and_acts_on_post(
    language: str, size: dict[str, int], window: Window, patience: Callable[[int], None],
    system: ManagedObject, monitor: User, tech: User, browser: Browser, live_server: Any,
) -> None:  # fmt: skip
    """Nobody is signed in on this telephone; looking takes nothing."""
    patience(600)
    User.objects.filter(pk=tech.pk).update(language=language)
    set_reach(actor=tech, wishes={"routine": ["sms"]}, now=timezone.now())
    report(window, monitor, system, language)
    link = _link(tech)
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    try:
        desk = Desk(context.new_page(), live_server.url)
        page = desk.open(link)
        desk.check_axe()
        assert TEXT in page.inner_text("main")
        assert Page.objects.get().state == "open"
        page.get_by_role("button", name=WORDS[language]["take"]).click()
        expect(page.locator("[role=status]")).to_contain_text(WORDS[language]["taken"])
        desk.check_axe()
        assert fits(desk)
    finally:
        context.close()

    taken = Page.objects.get()
    assert (taken.state, taken.acknowledged_by, taken.acknowledged_via) == (
        "acknowledged", tech, "link",
    )  # fmt: skip


def _link(person: User) -> str:
    """The path of the link in the text message, once it has come."""
    give_up = timezone.now() + timedelta(seconds=20)
    while timezone.now() < give_up:
        text = SimulatedText.objects.filter(person=person).first()
        if text is not None:
            found = re.search(r"https?://[^/\s]+(/\S+)", text.text)
            assert found is not None, text.text
            return found[1]
        # Looking without a pause would take the processor from the engines' thread.
        time.sleep(0.2)
    raise AssertionError("no text message came")
