"""Publishing over leave: the next in the order stand in, and the preview says so (R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from oncall.models import Leave, Roster, Shift
from oncall.proposal import Change
from oncall.rotation import Layer
from oncall.services.leave import add_leave, withdraw_leave
from oncall.services.publishing import preview, publish
from oncall.services.shifts import add_shift
from tests.oncall.test_publishing import FIRST, LAST, beijing, publish_all, put_in_force

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def four(
    tech: User, tech2: User, supervisor: User, make_person: Callable[..., User],
    company: Organisation, now: datetime,
) -> tuple[User, User, User, User]:  # fmt: skip
    """A week each from Monday 9:00; the week of 30 November is 刘强's, with 黄海 as the backup."""
    third = make_person("huanghai", "黄海", company, Role.TECH)
    fourth = make_person("linfeng", "林峰", company, Role.TECH)
    people = (tech, tech2, third, fourth)
    put_in_force(
        supervisor, now, Layer("周轮班", tuple(each.pk for each in people), date(2026, 11, 23))
    )
    return people


def away(person: User, supervisor: User, first: str, last: str, now: datetime) -> Leave:
    """Whole days of leave."""
    return add_leave(
        person=person, starts_at=beijing(f"{first} 00:00"),
        ends_at=beijing(f"{last} 00:00") + timedelta(days=1), note="", actor=supervisor, now=now,
    )  # fmt: skip


def roster(first: str, last: str) -> list[tuple[str, str, str, str]]:
    """The shifts that touch a time, as (from, to, primary, backup)."""
    rows = Shift.objects.of(Roster.ON_CALL).touching(beijing(first), beijing(last))
    eight = timedelta(hours=8)
    return [
        (
            f"{row.starts_at + eight:%m-%d %H:%M}", f"{row.ends_at + eight:%m-%d %H:%M}",
            row.primary.name, row.backup.name if row.backup else "",
        )
        for row in rows.select_related("primary", "backup").order_by("starts_at")
    ]  # fmt: skip


def test_leave_known_before_publishing_has_a_stand_in(
    four: tuple[User, ...], supervisor: User, now: datetime
) -> None:
    away(four[1], supervisor, "2026-12-02", "2026-12-03", now)
    done = publish_all(supervisor, now)

    assert (done.gaps, done.count(Change.LEFT_OUT)) == ([], 0)
    assert roster("2026-11-30 12:00", "2026-12-07 09:00") == [
        ("11-30 09:00", "12-01 09:00", "刘强", "黄海"),
        ("12-01 09:00", "12-04 09:00", "林峰", "黄海"),
        ("12-04 09:00", "12-07 09:00", "刘强", "黄海"),
    ]
    event = Event.objects.get(action="oncall.roster_published")
    ((_from, _to, names),) = event.data["stand_ins"]
    assert names == [four[1].audit_name]
    assert not publish_all(supervisor, now).changes_something


def test_leave_entered_later_leads_to_the_days_that_are_published_anew(
    four: tuple[User, ...], supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    publish_all(supervisor, now)
    leave = away(four[1], supervisor, "2026-12-02", "2026-12-03", now)
    with time_machine.travel(now, tick=False):
        client = signed_in(supervisor)
        soup = BeautifulSoup(client.get("/roster/leave/").content, "html.parser")
        (link,) = soup.select("a[href^='/roster/publish/']")
        assert "first=2026-11-30" in str(link["href"])
        found = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
        assert "代替刘强" in found.select(".proposal-rows")[0].get_text().replace(" ", "")
        sent = {each["name"]: each["value"] for each in found.select("form[method=post] [name]")}
        assert client.post("/roster/publish/", sent).status_code == 302

        assert [row[2] for row in roster("2026-11-30 12:00", "2026-12-07 09:00")] == [
            "刘强", "林峰", "刘强"
        ]  # fmt: skip
        assert not BeautifulSoup(client.get("/roster/leave/").content, "html.parser").select(
            "a[href^='/roster/publish/']"
        )
        # Who only reads the leave is not led to planning.
        assert b"/roster/publish/" not in signed_in(four[1]).get("/roster/leave/").content
    # Leave that is withdrawn gives the days back.
    withdraw_leave(leave, actor=supervisor, now=now)
    publish_all(supervisor, now)
    assert [row[2] for row in roster("2026-11-30 12:00", "2026-12-07 09:00")] == ["刘强"]


def test_a_turn_that_goes_on_after_the_period_is_published_to_its_end(
    four: tuple[User, ...], supervisor: User, now: datetime
) -> None:
    """Also when somebody stands in at the end of the period: no day after it is lost."""
    publish_all(supervisor, now, last=date(2026, 12, 31))
    before = Shift.objects.order_by("ends_at").last()
    assert before is not None
    assert before.ends_at == beijing("2027-01-04 09:00")
    away(before.primary, supervisor, "2026-12-30", "2026-12-30", now)
    publish_all(supervisor, now, last=date(2026, 12, 30))

    rows = roster("2026-12-28 12:00", "2027-01-04 09:00")
    assert [row[:2] for row in rows] == [
        ("12-28 09:00", "12-29 09:00"),
        ("12-29 09:00", "12-31 09:00"),
        ("12-31 09:00", "01-04 09:00"),
    ]
    assert rows[0][2] == rows[2][2] == before.primary.name != rows[1][2]


def test_who_stands_elsewhere_does_not_stand_in(
    four: tuple[User, ...], supervisor: User, now: datetime
) -> None:
    away(four[1], supervisor, "2026-12-02", "2026-12-02", now)
    add_shift(
        actor=supervisor, roster=Roster.HOTLINE, starts_at=beijing("2026-12-02 09:00"),
        ends_at=beijing("2026-12-02 12:00"), primary=four[3], backup=None,
    )  # fmt: skip
    publish_all(supervisor, now)
    # 林峰 answers the hotline then, so it is 张伟.
    assert [row[2] for row in roster("2026-12-01 12:00", "2026-12-02 20:00")] == ["张伟"]


def test_with_nobody_left_the_turn_stays_open_and_says_why(
    four: tuple[User, ...], supervisor: User, now: datetime
) -> None:
    User.objects.filter(pk__in=[four[0].pk, four[3].pk]).update(phone="")
    away(four[1], supervisor, "2026-12-02", "2026-12-02", now)
    found = preview(roster=Roster.ON_CALL, first=FIRST, last=date(2026, 12, 6), now=now)
    (left,) = [line for line in found.lines if line.primary == four[1]]

    assert (left.change, left.instead_of) == (Change.LEFT_OUT, [])
    assert "刘强" in str(left.problems[0])


def test_the_api_names_who_is_stood_in_for(
    four: tuple[User, ...], supervisor: User, now: datetime
) -> None:
    away(four[1], supervisor, "2026-12-02", "2026-12-02", now)
    client = APIClient()
    client.force_authenticate(supervisor)
    with time_machine.travel(now, tick=False):
        answer = client.get(f"/api/v1/oncall/publish/?roster=on_call&first={FIRST}&last={LAST}")
    lines = answer.json()["lines"]
    assert [line["instead_of"] for line in lines if line["instead_of"]] == [["刘强"]]
    assert publish(
        actor=supervisor, roster=Roster.ON_CALL, first=FIRST, last=LAST, now=now,
        fingerprint=answer.json()["fingerprint"],
    ).changes_something  # fmt: skip
