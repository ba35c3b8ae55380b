"""Load of a month: hours, nights, weekends, holidays, call-outs; whose turn it would be (R11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from calendars.services import current_calendar
from oncall.fair_share import fair_share
from oncall.load import Load, loads, whose_turn
from oncall.models import Attempt, Shift
from oncall.rotation import Layer
from oncall.services.leave import add_leave
from oncall.services.pages import acknowledge
from oncall.services.rotations import change_rotations
from oncall.services.shifts import add_shift
from tests.oncall.conftest import begin, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def of(start: datetime, hours: float) -> Load:
    """The load of one person who stood once, in the year 2026."""
    shift = Shift(starts_at=start, ends_at=start + hours * HOUR, primary_id=1, backup_id=2)
    year = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return loads([shift], current_calendar(), *year)[1]


def beijing(month: int, day: int, hour: float = 0) -> datetime:
    """A Beijing hour of 2026, in UTC."""
    return datetime(2026, month, day, tzinfo=UTC) + (hour - 8) * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "nights", "weekends", "holidays"),
    [
        # A Tuesday's working day; a night; half an hour of one; a morning that ends a night.
        (beijing(11, 24, 9), 8, 0, 0, 0),
        (beijing(11, 24, 20), 12, 1, 0, 0),
        (beijing(11, 24, 9), 13.5, 0, 0, 0),
        (beijing(11, 24, 0), 9, 1, 0, 0),
        # A week has seven nights and one more that reaches into Monday, and a weekend.
        (beijing(11, 23, 9), 7 * 24, 7, 2, 0),
        # National day's week: seven holidays, no weekend; the make-up Saturday is a working day.
        (beijing(10, 1), 7 * 24, 8, 0, 7),
        (beijing(10, 10, 9), 8, 0, 0, 0),
    ],
)
def test_what_counts(
    start: datetime, hours: float, nights: int, weekends: int, holidays: int
) -> None:
    load = of(start, hours)

    assert load.hours == round(hours)
    assert (len(load.nights), len(load.weekends), len(load.holidays)) == (
        nights, weekends, holidays,
    )  # fmt: skip


def test_a_month_is_cut_at_its_ends() -> None:
    shift = Shift(
        starts_at=beijing(10, 31), ends_at=beijing(11, 2), primary_id=1, backup_id=2
    )  # fmt: skip
    november = (beijing(11, 1), beijing(12, 1))
    found = loads([shift], current_calendar(), *november)

    assert found[1].hours == 24
    assert found[2].backup == 24 * HOUR
    assert found[1].weekends == {date(2026, 11, 1)}


def test_the_last_night_of_a_month_belongs_to_it_and_to_no_other() -> None:
    shifts = [
        Shift(starts_at=beijing(11, 30, 20), ends_at=beijing(12, 1, 8), primary_id=1, backup_id=2),
        Shift(starts_at=beijing(12, 1, 0), ends_at=beijing(12, 1, 3), primary_id=3, backup_id=2),
        Shift(starts_at=beijing(12, 1, 5.5), ends_at=beijing(12, 1, 9), primary_id=4),
    ]
    november = loads(shifts, current_calendar(), beijing(11, 1), beijing(12, 1))
    december = loads(shifts, current_calendar(), beijing(12, 1), beijing(12, 31))

    night = {date(2026, 11, 30)}
    assert [november[person].nights for person in (1, 2, 3)] == [night, night, night]
    assert (november[1].hours, november[3].hours) == (4, 0)
    assert set(december) == {1, 2, 3, 4}
    assert not any(load.nights for load in december.values())
    # Who only begins as the night ends has nothing of the month before.
    assert 4 not in november


def test_two_shifts_of_a_night_are_one_night() -> None:
    parts = [
        Shift(
            starts_at=beijing(11, 24, 21) + n * 2 * HOUR,
            ends_at=beijing(11, 24, 23) + n * 2 * HOUR, primary_id=1, backup_id=2,
        )
        for n in range(2)
    ]  # fmt: skip

    assert loads(parts, current_calendar(), beijing(11, 1), beijing(12, 1))[1].nights == {
        date(2026, 11, 24)
    }


def test_whoever_has_had_least_is_next() -> None:
    night, day = of(beijing(11, 24, 20), 12), of(beijing(11, 24, 9), 12)
    holiday = of(beijing(10, 1, 8), 12)

    assert day.points < night.points < holiday.points
    assert whose_turn({1: holiday, 2: night, 3: day}, [1, 2, 3, 4]) == [4, 3, 2, 1]
    assert whose_turn({}, [3, 1, 2]) == [3, 1, 2]


@pytest.fixture
def month(supervisor: User, tech: User, tech2: User, now: datetime) -> None:
    """Two days of duty, and a call-out that the primary takes."""
    add_shift(
        actor=supervisor, starts_at=now - HOUR, ends_at=now + 2 * DAY, primary=tech, backup=tech2
    )  # fmt: skip
    page = begin(now)
    run(now)
    assert Attempt.objects.filter(person=tech).exists()
    acknowledge(page=page, person=tech, via="browser", now=now)


def cells(client: Client) -> list[list[str]]:
    """The rows of the page."""
    soup = BeautifulSoup(client.get("/roster/load/?month=2026-11").content, "html.parser")
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in soup.select("tbody tr")
    ]


def test_supervisors_compare_everybody(month: None, supervisor: User, signed_in: SignIn) -> None:
    rows = cells(signed_in(supervisor))

    assert [row[1] for row in rows] == ["刘强 值班最少", "张伟"]
    assert rows[1][2:8] == ["49", "2", "0", "0", "1", "1"]


def test_everybody_else_reads_the_own_month(month: None, tech: User, signed_in: SignIn) -> None:
    rows = cells(signed_in(tech))

    assert [row[:6] for row in rows] == [["张伟", "49", "2", "0", "0", "1"]]


@pytest.mark.parametrize(
    ("figure", "sign"),
    [
        ("hours", "2026-11-25 09:05"), ("nights", "2026-11-23"), ("received", "收单数据库无响应"),
        ("answered", "收单数据库无响应"), ("holidays", "这个数字为零"),
        ("weekends", "这个数字为零"),
    ],
)  # fmt: skip
def test_every_number_opens_what_is_behind_it(
    figure: str, sign: str, month: None, tech: User, tech2: User, manager: User, signed_in: SignIn
) -> None:
    path = f"/roster/load/{tech.pk}/{figure}/?month=2026-11"

    assert sign in signed_in(tech).get(path).content.decode()
    assert sign in signed_in(manager).get(path).content.decode()
    assert signed_in(tech2).get(path).status_code == 404
    assert signed_in(tech).get(path.replace(figure, "secrets")).status_code == 404


@pytest.mark.parametrize("text", ["", "2026-13", "nonsense", "0001-01", "2026-02"])
def test_any_month(text: str, tech: User, signed_in: SignIn) -> None:
    assert signed_in(tech).get(f"/roster/load/?month={text}").status_code == 200


def test_the_hint_names_those_of_the_roster_who_are_there(
    month: None, agent: User, biz: User, tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    change_rotations(
        actor=supervisor, roster="on_call", version=0, reason="十二月起三人轮班", now=now,
        layers=(Layer("周轮班", (tech.pk, tech2.pk, biz.pk), date(2026, 11, 23)),),
    )  # fmt: skip
    add_shift(
        actor=supervisor, roster="hotline", starts_at=now, ends_at=now + HOUR, primary=agent,
        backup=None,
    )  # fmt: skip

    def named(roster: str, **more: Any) -> list[User]:
        return [share.person for share in fair_share(roster, now.date(), now, **more)]

    assert named("on_call") == [biz, tech2, tech]
    assert named("on_call", but={biz.pk}) == [tech2, tech]
    assert named("hotline") == [agent]
    add_leave(
        person=biz, starts_at=now, ends_at=now + DAY, note="", actor=biz, now=now
    )  # fmt: skip
    assert named("on_call") == [tech2, tech]
    User.objects.filter(pk=tech2.pk).update(is_active=False)
    assert named("on_call") == [tech]


def test_the_hint_stands_where_somebody_is_chosen(
    month: None, tech: User, tech2: User, supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    for person in (tech, tech2, supervisor):
        person.language = "en"
        person.save()
    hint = f"Fewest points in 2026-11: {tech2.name} 32.5 · {tech.name} 57"
    shift = Shift.objects.get()
    planner, worker = signed_in(supervisor), signed_in(tech)
    for path in ("/roster/", f"/roster/shifts/{shift.pk}/replace/", "/roster/load/"):
        assert hint in planner.get(path).content.decode()
    for path in ("/roster/", "/roster/load/", "/roster/swaps/new/"):
        assert "Fewest points" not in worker.get(path).content.decode()
    offer = worker.get("/roster/swaps/new/").content.decode()
    words = "By the load of this month it would be the turn of"
    assert f"{words}: {tech2.name}" in offer
