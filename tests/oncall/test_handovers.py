"""Handover sheets: prepared by themselves, written, acknowledged, asked about (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation

from accounts.models import User
from audit.models import Event
from calendars.services import current_calendar
from notifications.models import Message
from oncall.boundaries import boundaries
from oncall.models import HandoverSheet, Roster, Shift
from oncall.open_items import open_items
from oncall.services.handovers import (
    acknowledge_sheet,
    handovers_due,
    prepare,
    waiting,
    write_note,
)
from oncall.services.shifts import add_shift
from tests.oncall.conftest import begin
from workflow.errors import NotAllowed, NotFound, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
# Tuesday 2026-11-24, 09:00 and 17:00 in Beijing.
OPENS, CLOSES = datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)
Kind = HandoverSheet.Kind


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def rosters(supervisor: User, tech: User, tech2: User, biz: User, agent: User) -> None:
    """The mobile changes hands on Tuesday at 20:00; the hotline is staffed on Tuesday."""
    change = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for start, end, primary, backup in (
        (change - 2 * DAY, change, tech, biz), (change, change + 2 * DAY, tech2, biz),
    ):  # fmt: skip
        add_shift(
            actor=supervisor, starts_at=start, ends_at=end, primary=primary, backup=backup
        )  # fmt: skip
    add_shift(
        actor=supervisor, roster=Roster.HOTLINE, starts_at=OPENS, ends_at=CLOSES,
        primary=agent, backup=None,
    )  # fmt: skip


@pytest.fixture
def evening(rosters: None) -> HandoverSheet:
    """The sheet of Tuesday's end of work: from agent to tech."""
    prepare(CLOSES - HOUR)
    return HandoverSheet.objects.get(at=CLOSES)


def found(start: datetime, end: datetime) -> list[tuple[datetime, str, str | None, str | None]]:
    """(at, occasion, leaves, takes over)."""
    shifts = list(Shift.objects.select_related("primary", "backup"))
    return [
        (each.at, each.kind, each.leaver.username if each.leaver else None,
         each.taker.username if each.taker else None)
        for each in boundaries(shifts, current_calendar(), start, end)
    ]  # fmt: skip


def test_duty_passes_on_with_working_time_and_between_shifts(rosters: None) -> None:
    assert found(OPENS - HOUR, OPENS + DAY - HOUR) == [
        (OPENS, Kind.WORK_STARTS, "zhangwei", "zhoujing"),
        (CLOSES, Kind.WORK_ENDS, "zhoujing", "zhangwei"),
        (CLOSES + 3 * HOUR, Kind.SHIFT, "zhangwei", "liuqiang"),
    ]


def test_a_day_off_and_a_year_without_a_calendar_have_no_working_time(
    supervisor: User, tech: User, biz: User
) -> None:
    start = datetime(2026, 12, 30, tzinfo=UTC)
    add_shift(
        actor=supervisor, starts_at=start, ends_at=start + 9 * DAY, primary=tech, backup=biz
    )  # fmt: skip

    assert found(start + HOUR, start + 8 * DAY) == []


def test_nothing_is_handed_over_by_one_human_to_himself(
    supervisor: User, tech: User, biz: User, agent: User, now: datetime
) -> None:
    for n, backup in enumerate((biz, agent)):
        add_shift(
            actor=supervisor, starts_at=now + n * DAY, ends_at=now + (n + 1) * DAY,
            primary=tech, backup=backup,
        )  # fmt: skip

    assert found(now + HOUR, now + DAY + HOUR) == []


def test_sheets_appear_two_hours_ahead_and_follow_the_roster(
    rosters: None, tech2: User, agent: User
) -> None:
    assert prepare(CLOSES - 2 * HOUR - MINUTE) == []
    assert len(prepare(CLOSES - 2 * HOUR + MINUTE)) == 1
    assert prepare(CLOSES - HOUR) == []
    Shift.objects.of(Roster.HOTLINE).update(primary=tech2)
    prepare(CLOSES - HOUR)

    assert HandoverSheet.objects.get().leaver == tech2
    Shift.objects.of(Roster.HOTLINE).delete()
    prepare(CLOSES - HOUR)
    assert not HandoverSheet.objects.exists()


def test_the_note_is_written_by_who_leaves(
    evening: HandoverSheet, agent: User, tech: User, reporter: User
) -> None:
    with pytest.raises(NotAllowed):
        write_note(evening, note="一切正常", actor=tech, now=CLOSES - HOUR)
    with pytest.raises(NotFound):
        write_note(evening, note="一切正常", actor=reporter, now=CLOSES - HOUR)
    write_note(evening, note="收单主机 CPU 偏高,已观察两小时", actor=agent, now=CLOSES - HOUR)
    write_note(evening, note="收单主机已恢复", actor=agent, now=CLOSES)

    evening.refresh_from_db()
    assert (evening.note, evening.noted_by) == ("收单主机已恢复", agent)
    assert Event.objects.filter(action="oncall.handover_written").count() == 2


def test_who_takes_over_acknowledges_once(
    evening: HandoverSheet, agent: User, tech: User, supervisor: User
) -> None:
    with pytest.raises(WrongState) as refused:
        acknowledge_sheet(evening, actor=tech, now=CLOSES - HOUR)
    assert refused.value.code == "no_note"
    write_note(evening, note="一切正常", actor=agent, now=CLOSES - HOUR)
    for other in (agent, supervisor):
        with pytest.raises(NotAllowed):
            acknowledge_sheet(evening, actor=other, now=CLOSES)
    acknowledge_sheet(evening, actor=tech, now=CLOSES)
    acknowledge_sheet(evening, actor=tech, now=CLOSES + HOUR)

    evening.refresh_from_db()
    assert (evening.acknowledged_by, evening.acknowledged_at) == (tech, CLOSES)
    assert (evening.frozen_at, evening.remind_at) == (CLOSES, None)
    assert Event.objects.filter(action="oncall.handover_acknowledged").count() == 1
    with pytest.raises(WrongState):
        write_note(evening, note="再补一句话", actor=agent, now=CLOSES + HOUR)


def test_fifteen_minutes_late_both_and_the_supervisor_are_told_once(
    evening: HandoverSheet, agent: User, tech: User, supervisor: User
) -> None:
    handovers_due(CLOSES + 14 * MINUTE)
    assert not Message.objects.filter(dedupe_key__startswith="handover:").exists()
    assert waiting(CLOSES + 15 * MINUTE) == 1
    handovers_due(CLOSES + 15 * MINUTE)
    handovers_due(CLOSES + 30 * MINUTE)

    rows = Message.objects.filter(dedupe_key__startswith="handover:", channel="in_app")
    assert {row.recipient for row in rows} == {agent, tech, supervisor}
    assert len(rows) == 3
    evening.refresh_from_db()
    assert evening.reminded_at == CLOSES + 15 * MINUTE
    assert evening.frozen_at == CLOSES + 15 * MINUTE
    acknowledge_sheet(evening, actor=tech, now=CLOSES + HOUR)
    evening.refresh_from_db()
    assert evening.frozen_at == CLOSES + 15 * MINUTE


def test_an_acknowledged_sheet_asks_nobody(evening: HandoverSheet, tech: User) -> None:
    acknowledge_sheet(evening, actor=tech, now=CLOSES + MINUTE)
    handovers_due(CLOSES + HOUR)

    assert not Message.objects.filter(dedupe_key__startswith="handover:").exists()


def test_a_supervisor_acknowledges_where_nobody_takes_over(
    supervisor: User, tech: User, biz: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=now - HOUR, ends_at=now + HOUR, primary=tech, backup=biz
    )  # fmt: skip
    (sheet,) = prepare(now)
    assert (sheet.leaver, sheet.taker) == (tech, None)

    acknowledge_sheet(sheet, actor=supervisor, now=now + HOUR)


def test_the_sheet_lists_what_is_open_and_keeps_it(
    evening: HandoverSheet, tech: User, agent: User, signed_in: SignIn
) -> None:
    page = begin(CLOSES - HOUR)
    with translation.override("en"):
        kinds = [(each.kind, each.number) for each in open_items(CLOSES)]
    assert ("page", "GZ-20261123-0001") in kinds
    assert any(kind == "finding" for kind, _number in kinds)
    acknowledge_sheet(evening, actor=tech, now=CLOSES + MINUTE)
    type(page).objects.all().delete()

    agent.language = "en"
    agent.save()
    with time_machine.travel(CLOSES + DAY, tick=False):
        words = text(signed_in(agent).get(f"/roster/handovers/{evening.pk}/"))
    assert "收单数据库无响应 · Calling" in words
    assert "Nobody answers the hotline" in words
    assert "it is not changed any more" in words


def text(response: Any) -> str:
    """The words of a page."""
    assert response.status_code in (200, 422)
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_by_the_pages(
    evening: HandoverSheet, agent: User, tech: User, biz: User, signed_in: SignIn
) -> None:
    for person in (agent, tech, biz):
        person.language = "en"
        person.save()
    address = f"/roster/handovers/{evening.pk}/"
    with time_machine.travel(CLOSES - HOUR, tick=False):
        leaver, taker = signed_in(agent), signed_in(tech)
        assert "not written" in text(leaver.get("/roster/handovers/"))
        assert leaver.post(address, {"note": ""}).status_code == 422
        assert taker.post(address, {"note": "不是我"}).status_code == 403
        assert leaver.post(address, {"note": "交接:一切正常"}).status_code == 302
        assert "交接:一切正常" in text(taker.get(address))
        assert "Whoever takes over acknowledges." in text(signed_in(biz).get(address))
        assert leaver.post(f"{address}acknowledge/").status_code == 403
        assert taker.post(f"{address}acknowledge/").status_code == 302
        assert "张伟" in text(leaver.get("/roster/handovers/"))
        assert leaver.post(address, {"note": "还有一事"}).status_code == 409
        assert leaver.post(f"{address}acknowledge/").status_code == 409
