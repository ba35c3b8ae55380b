"""A stretch of the roster is chosen by mouse and by keyboard, and on a telephone (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from calendars.arithmetic import SHANGHAI
from oncall.coverage import midnight
from oncall.models import Roster, Shift
from oncall.services.shifts import add_shift
from tests.browser.conftest import TELEPHONE, Desk

DAY = timedelta(days=1)
Point = tuple[float, float]


@pytest.fixture
def monday() -> date:
    """The first Monday of the month after next: nothing of it is over."""
    first = timezone.localdate().replace(day=1)
    for _month in range(2):
        first = (first + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


@pytest.fixture
def planned(supervisor: User, tech: User, tech2: User, monday: date) -> Shift:
    """One week of the mobile."""
    return add_shift(
        actor=supervisor, starts_at=midnight(monday), ends_at=midnight(monday + 7 * DAY),
        primary=tech, backup=tech2,
    )  # fmt: skip


def middle(place: Locator) -> Point:
    """Its middle on the screen."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def day(page: Page, which: date) -> Locator:
    """A day of the month, or the date of a day of the week."""
    return page.locator(
        f"[data-month-grid] [data-day='{which}'], .roster:not(.roster-month) [data-day='{which}']"
    )


def hour(page: Page, which: date, oclock: int) -> Point:
    """The middle of an hour in the line of a day, which shows 24 hours."""
    lanes = page.locator(f"[data-row='{which}'] [data-lanes]")
    box = lanes.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * (oclock + 0.5) / 24, box["y"] + box["height"] / 2


def drag(
    page: Page, start: tuple[float, float], *way: tuple[float, float], drop: bool = True
) -> None:
    """Press at ``start``, move over the points of the way, let go at the last."""
    page.mouse.move(*start)
    page.mouse.down()
    for point in way:
        page.mouse.move(*point, steps=8)
    if drop:
        page.mouse.up()


def stretch(page: Page) -> tuple[str, str]:
    """From and to in the form."""
    form = page.locator("[data-stretch]")
    values = [form.locator(f"[name={name}]").input_value() for name in ("starts_at", "ends_at")]
    return values[0], values[1]


def at(which: date, oclock: int = 0) -> str:
    """As the form writes it."""
    return f"{datetime.combine(which, time()) + timedelta(hours=oclock):%Y-%m-%dT%H:%M}"


def chosen(page: Page) -> int:
    """How many days are marked."""
    return page.locator("[data-month-grid] .is-chosen").count()


def test_dragging_over_days_of_the_month(
    planned: Shift, supervisor: User, monday: date, window: Callable[..., Desk]
) -> None:
    desk = window(supervisor)
    page = desk.open(f"/roster/?view=month&from={monday}")
    tuesday, later = monday + DAY, monday + 9 * DAY
    # Forwards, from one week into the next.
    drag(page, middle(day(page, tuesday)), middle(day(page, later)))
    assert stretch(page) == (at(tuesday), at(later + DAY))
    assert chosen(page) == 9
    expect(page.locator("[data-stretch] [name=primary]")).to_be_focused()
    expect(page.locator("[data-chosen-words]")).to_contain_text(f"{tuesday} – {later}")
    desk.check_axe()
    # Backwards, begun in the lanes of a week, which are days too.
    x, _y = middle(day(page, later))
    week = page.locator("[data-week]", has=page.locator(f"[data-day='{later}']"))
    _x, y = middle(week.locator(".week-lanes"))
    drag(page, (x, y), middle(day(page, monday + 3 * DAY)))
    assert stretch(page) == (at(monday + 3 * DAY), at(later + DAY))
    # There and back again: what was left behind is not chosen.
    drag(
        page, middle(day(page, tuesday)), middle(day(page, later)), middle(day(page, tuesday + DAY))
    )
    assert stretch(page) == (at(tuesday), at(tuesday + 2 * DAY))
    # A click chooses one day, another with Shift all up to it.
    page.mouse.click(*middle(day(page, monday)))
    assert (stretch(page), chosen(page)) == ((at(monday), at(monday + DAY)), 1)
    day(page, monday + 2 * DAY).click(modifiers=["Shift"])
    assert (stretch(page), chosen(page)) == ((at(monday), at(monday + 3 * DAY)), 3)


@pytest.mark.parametrize("view", ["&view=month", ""])
def test_a_drag_that_is_not_ended_changes_nothing(
    planned: Shift, supervisor: User, monday: date, window: Callable[..., Desk], view: str
) -> None:
    page = window(supervisor).open(f"/roster/?from={monday}{view}")
    start, end = middle(day(page, monday)), middle(day(page, monday + 2 * DAY))
    drag(page, start, end, drop=False)
    page.keyboard.press("Escape")
    page.mouse.move(*middle(day(page, monday + 4 * DAY)), steps=4)
    page.mouse.up()
    assert (stretch(page), page.locator(".is-chosen").count()) == (("", ""), 0)
    # What was chosen before stays chosen.
    page.mouse.click(*middle(day(page, monday)))
    drag(page, middle(day(page, monday + 2 * DAY)), middle(day(page, monday + 4 * DAY)), drop=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert stretch(page) == (at(monday), at(monday + DAY))
    # The browser takes the pointer away, as when a dialog of the system comes up.
    end = middle(day(page, monday + 4 * DAY))
    drag(page, middle(day(page, monday + 2 * DAY)), end, drop=False)
    page.evaluate("document.dispatchEvent(new PointerEvent('pointercancel'))")
    page.mouse.up()
    assert stretch(page) == (at(monday), at(monday + DAY))
    # The next click is meant.
    page.mouse.click(*middle(day(page, monday + 2 * DAY)))
    assert stretch(page) == (at(monday + 2 * DAY), at(monday + 3 * DAY))


def test_dragging_over_hours_of_the_week(
    planned: Shift, supervisor: User, monday: date, window: Callable[..., Desk]
) -> None:
    desk = window(supervisor, language="en")
    page = desk.open(f"/roster/?from={monday}")
    page.locator("[data-rows]").scroll_into_view_if_needed()
    wednesday = monday + 2 * DAY
    drag(page, hour(page, wednesday, 18), hour(page, wednesday, 21))
    assert stretch(page) == (at(wednesday, 18), at(wednesday, 22))
    expect(page.locator("[data-chosen-words]")).to_contain_text(f"{wednesday} 18:00 – 22:00")
    desk.check_axe()
    # Backwards over a night.
    drag(page, hour(page, wednesday, 6), hour(page, monday + DAY, 22))
    assert stretch(page) == (at(monday + DAY, 22), at(wednesday, 7))
    # From the dates: whole days.
    drag(page, middle(day(page, monday)), middle(day(page, wednesday)))
    assert stretch(page) == (at(monday), at(wednesday + DAY))
    # A click in the hours chooses the day.
    page.mouse.click(*hour(page, wednesday, 6))
    assert stretch(page) == (at(wednesday), at(wednesday + DAY))
    # And what was dragged is what is put in.
    drag(page, hour(page, wednesday, 18), hour(page, wednesday, 21))
    form = page.locator("[data-stretch]")
    form.locator("[name=primary]").select_option(label=supervisor.name)
    form.locator("[name=reason]").fill("Evening course")
    form.locator("button[type=submit]").click()
    expect(page.locator(".flash")).to_contain_text("The roster has been changed.")
    found = Shift.objects.of(Roster.ON_CALL).get(primary=supervisor)
    assert [f"{each.astimezone(SHANGHAI):%d %H}" for each in (found.starts_at, found.ends_at)] == [
        f"{wednesday:%d} 18", f"{wednesday:%d} 22",
    ]  # fmt: skip


def test_keys_choose_hours_of_the_week(
    planned: Shift, supervisor: User, monday: date, window: Callable[..., Desk]
) -> None:
    page = window(supervisor).open(f"/roster/?from={monday}")
    keys = page.keyboard
    day(page, monday).focus()
    keys.press("ArrowDown")
    assert stretch(page) == (at(monday + DAY), at(monday + 2 * DAY))
    # Into the day from its end; Shift widens, over midnight too.
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    assert stretch(page) == (at(monday + DAY, 22), at(monday + DAY, 23))
    for _press in range(3):
        keys.press("Shift+ArrowRight")
    assert stretch(page) == (at(monday + DAY, 22), at(monday + 2 * DAY, 2))
    expect(day(page, monday + 2 * DAY)).to_be_focused()
    # A day further at the same hour; the edges of the day.
    keys.press("Shift+ArrowDown")
    assert stretch(page) == (at(monday + DAY, 22), at(monday + 3 * DAY, 2))
    keys.press("Home")
    assert stretch(page) == (at(monday + 3 * DAY), at(monday + 3 * DAY, 1))
    keys.press("Shift+End")
    assert stretch(page) == (at(monday + 3 * DAY), at(monday + 4 * DAY))
    keys.press("Enter")
    expect(page.locator("[data-stretch] [name=primary]")).to_be_focused()
    assert stretch(page) == (at(monday + 3 * DAY), at(monday + 4 * DAY))
    # Escape takes the choice back.
    day(page, monday + 3 * DAY).focus()
    keys.press("Escape")
    assert (stretch(page), page.locator(".is-chosen").count()) == (("", ""), 0)


def test_the_hotline_is_dragged_by_its_hours(supervisor: User, window: Callable[..., Desk]) -> None:
    page = window(supervisor).open("/roster/?roster=hotline&from=2027-03-01")
    which = date(2027, 3, 3)
    lanes = page.locator(f"[data-row='{which}'] [data-lanes]")
    lanes.scroll_into_view_if_needed()
    box = lanes.bounding_box()
    assert box is not None
    # Ten hours are drawn, from eight to six.
    points = [(box["x"] + box["width"] * part, box["y"] + 5) for part in (0.15, 0.35)]
    drag(page, points[0], points[1])
    assert stretch(page) == (at(which, 9), at(which, 12))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_on_a_telephone_the_form_opens_under_the_day(
    planned: Shift, supervisor: User, monday: date, window: Callable[..., Desk], language: str
) -> None:
    desk = window(supervisor, language=language, size=TELEPHONE)
    for view in ("", "&view=month"):
        page = desk.open(f"/roster/?from={monday}{view}")
        row = page.locator(f"[data-row='{monday + 3 * DAY}']")
        row.locator("[data-day]").click()
        primary = row.locator("[data-stretch] [name=primary]")
        expect(primary).to_be_focused()
        expect(primary).to_be_in_viewport()
        expect(row.locator("[data-day]")).to_be_in_viewport()
        assert stretch(page) == (at(monday + 3 * DAY), at(monday + 4 * DAY))
        desk.check_fit()
    # A link from elsewhere, or a browser without scripts: the address leads to the form.
    page = desk.open("/")
    page = desk.open(f"/roster/?from={monday}&day={monday + DAY}#stretch")
    expect(page.locator("[data-stretch] [name=primary]")).to_be_in_viewport()
    expect(page.locator("[data-stretch] [name=primary]")).to_be_focused()
    assert stretch(page) == (at(monday + DAY), at(monday + 2 * DAY))
    # What is refused is seen: the field that is wrong has the focus.
    page.locator("[data-stretch] button[type=submit]").click()
    expect(page.locator("[data-stretch] [name=primary]")).to_be_focused()
    expect(page.locator("[data-stretch] [name=primary]")).to_be_in_viewport()
    desk.check_fit()
    # What is done is seen too.
    page.locator("[data-stretch] [name=primary]").select_option(label=supervisor.name)
    page.locator("[data-stretch] [name=reason]").fill("张伟周二外出培训")
    page.locator("[data-stretch] button[type=submit]").click()
    expect(page.locator(".flash")).to_be_in_viewport()
    assert Shift.objects.filter(primary=supervisor, starts_at=midnight(monday + DAY)).exists()


def test_on_a_telephone_at_night_one_sees_who_is_on_call_then_the_days_then_gaps(
    supervisor: User, tech: User, tech2: User, agent: User, window: Callable[..., Desk]
) -> None:
    now = timezone.now()
    add_shift(actor=supervisor, starts_at=now - DAY, ends_at=now + DAY, primary=tech, backup=tech2)
    add_shift(
        actor=supervisor, starts_at=now + DAY, ends_at=now + 2 * DAY, primary=tech2, backup=tech
    )
    desk = window(agent, size=TELEPHONE)
    page = desk.open("/roster/")
    desk.check_fit()
    panel = page.locator(".when-narrow")
    for words in ("张伟", "刘强", "接班"):
        expect(panel).to_contain_text(words)
    shown = page.locator("[data-row]:visible")
    expect(shown.first).to_have_attribute("data-row", str(timezone.localdate()))
    expect(shown.first).to_be_in_viewport()
    findings = page.locator("#findings")
    expect(findings).to_contain_text("无人值班")
    tops = [
        place.evaluate("each => each.getBoundingClientRect().top")
        for place in (panel, shown.first, shown.last, findings)
    ]
    assert tops == sorted(tops)
