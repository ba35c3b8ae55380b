"""Two people swap; leave from a calendar meets a shift; duty is handed over (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from calendars.arithmetic import SHANGHAI
from oncall.models import HandoverSheet, Leave, Shift, Swap
from oncall.services.handovers import prepare
from oncall.services.shifts import add_shift
from tests.browser.conftest import DESK, TELEPHONE, Desk
from tests.browser.swapping import agree_to_offer, offer_duty
from tests.oncall.calendars import calendar, event

WORDS = {
    "zh-hans": {"leave": "请假期间仍在值班", "taken": "已接班"},
    "en": {
        "leave": "On call while on leave", "taken": "You have taken over.",
    },
}  # fmt: skip
SIZES = {"desk": DESK, "phone": TELEPHONE}


@pytest.fixture
def shifts(supervisor: User, tech: User, tech2: User, biz: User) -> list[Shift]:
    """The tech until half an hour from now, then each of two for three days."""
    start = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=30)
    spans = ((-1, 0, tech), (0, 3, tech2), (3, 6, tech))
    return [
        add_shift(
            actor=supervisor, starts_at=start + timedelta(days=begins),
            ends_at=start + timedelta(days=ends), primary=person, backup=biz,
        )
        for begins, ends, person in spans
    ]  # fmt: skip


def looked_at(desk: Desk, path: str) -> None:
    """Open a page: no accessibility fault, and nothing wider than the window."""
    desk.open(path)
    desk.check_fit()


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_people_swap_and_one_is_away_and_duty_is_handed_over(
    shifts: list[Shift], tech: User, tech2: User, supervisor: User,
    window: Callable[..., Desk], tmp_path: Path, language: str, size: str,
) -> None:  # fmt: skip
    words = WORDS[language]
    one = window(tech, language=language, size=SIZES[size])
    other = window(tech2, language=language, size=SIZES[size])

    looked_at(one, "/roster/swaps/")
    offer_duty(one, shifts[2], tech2, back=shifts[1])
    agree_to_offer(other, language)
    assert Swap.objects.get().state == "agreed"
    shifts[1].refresh_from_db()
    assert shifts[1].primary == tech

    day = shifts[1].starts_at.astimezone(SHANGHAI) + timedelta(days=1)
    file = tmp_path / "leave.ics"
    trip = event("UID:trip", "SUMMARY:年休假", f"DTSTART;VALUE=DATE:{day:%Y%m%d}")
    later = day + timedelta(days=40)
    course = event("UID:course", "SUMMARY:培训", f"DTSTART;VALUE=DATE:{later:%Y%m%d}")
    file.write_bytes(calendar(trip, course))
    looked_at(one, "/roster/leave/")
    one.page.set_input_files("[name=file]", str(file))
    one.page.click("form[action$='/leave/file/'] button[type=submit]")
    one.page.wait_for_selector("[name=sealed]", state="attached")
    one.check_axe()
    lines = one.page.locator("[name=line]")
    if size == "desk":  # the head of the table, which a telephone does not show
        one.page.uncheck("[data-checks=line]")
        assert [lines.nth(number).is_checked() for number in (0, 1)] == [False, False]
        one.page.check("[data-checks=line]")
    lines.nth(1).uncheck()
    one.page.click("form[action$='/leave/take/'] button")
    one.page.wait_for_selector(".flash")
    one.check_axe()
    assert Leave.objects.get().uid == "trip"
    boss = window(supervisor, language=language, size=SIZES[size])
    looked_at(boss, "/roster/")
    assert words["leave"] in boss.page.inner_text("main")
    looked_at(boss, "/roster/load/")
    looked_at(boss, "/roster/feeds/")

    # The swap put the tech on both sides of the change: it is moved to the other again.
    Shift.objects.filter(pk=shifts[1].pk).update(primary=tech2)
    prepare(timezone.now())
    sheet = HandoverSheet.objects.get()
    looked_at(one, "/roster/handovers/")
    looked_at(one, f"/roster/handovers/{sheet.pk}/")
    one.page.fill("[name=note]", "收单主机已恢复,继续观察。")
    one.page.click("main form:has([name=note]) button[type=submit]")
    one.page.wait_for_selector(".flash")
    looked_at(other, f"/roster/handovers/{sheet.pk}/")
    other.page.click("form[action$='/acknowledge/'] button")
    other.page.wait_for_selector(".flash")
    assert words["taken"] in other.page.inner_text("main")
    other.check_axe()
    sheet.refresh_from_db()
    assert (sheet.acknowledged_by, sheet.note) == (tech2, "收单主机已恢复,继续观察。")
