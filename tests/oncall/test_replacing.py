"""Somebody stands in for part or all of a shift; what was before and after stays (R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from oncall.models import Roster, Shift
from oncall.services.replacing import replace_on_shift
from oncall.services.shifts import add_shift
from workflow.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = "请病假,由同事顶班"
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def third(make_person: Callable[..., User], company: Organisation) -> User:
    """Who stands in."""
    return make_person("huanghai", "黄海", company, Role.TECH)


@pytest.fixture
def shift(rostered: tuple[User, User, User]) -> Shift:
    """From an hour ago for a day; published from rotations of version 3."""
    Shift.objects.update(planned_version=3)
    return Shift.objects.get()


def stand_in(shift: Shift, person: User, now: datetime, actor: User, **changes: Any) -> Shift:
    """For two hours from four hours on, as primary."""
    given: dict[str, Any] = {
        "lane": "primary", "starts_at": now + 4 * HOUR, "ends_at": now + 6 * HOUR, "reason": WHY,
    }  # fmt: skip
    return replace_on_shift(
        shift=shift, person=person, actor=actor, now=now, **{**given, **changes}
    )


def lines() -> list[tuple[datetime, datetime, str, str, int | None]]:
    """All shifts in order."""
    return [
        (row.starts_at, row.ends_at, row.primary.username, row.backup.username, row.planned_version)
        for row in Shift.objects.order_by("starts_at")
        if row.backup
    ]


def test_a_part_is_cut_out_and_the_rest_stays(
    shift: Shift, third: User, supervisor: User, now: datetime
) -> None:
    changed = stand_in(shift, third, now, supervisor)

    assert (changed.primary, changed.backup.username) == (third, "liuqiang")  # type: ignore[union-attr]
    assert lines() == [
        (now - HOUR, now + 4 * HOUR, "zhangwei", "liuqiang", 3),
        (now + 4 * HOUR, now + 6 * HOUR, "huanghai", "liuqiang", None),
        (now + 6 * HOUR, now + 23 * HOUR, "zhangwei", "liuqiang", 3),
    ]


def test_the_backup_of_all_that_is_to_come(
    shift: Shift, third: User, supervisor: User, now: datetime
) -> None:
    stand_in(shift, third, now, supervisor, lane="backup", starts_at=now, ends_at=now + 23 * HOUR)

    assert lines() == [
        (now - HOUR, now, "zhangwei", "liuqiang", 3),
        (now, now + 23 * HOUR, "zhangwei", "huanghai", None),
    ]


def test_the_whole_of_a_shift_to_come_keeps_its_key(
    third: User, tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    later = add_shift(
        actor=supervisor, starts_at=now + HOUR, ends_at=now + 9 * HOUR, primary=tech, backup=tech2
    )
    changed = stand_in(later, third, now, supervisor, starts_at=now + HOUR, ends_at=now + 9 * HOUR)

    assert changed.pk == later.pk
    assert Shift.objects.count() == 1


def test_the_trail_says_who_for_whom_when_and_why(
    shift: Shift, third: User, tech: User, supervisor: User, now: datetime
) -> None:
    stand_in(shift, third, now, supervisor)
    event = Event.objects.get(action="oncall.shift_replaced")

    assert event.opinion == WHY
    assert (event.data["handed_from"], event.data["handed_to"]) == (
        tech.audit_name, third.audit_name,
    )  # fmt: skip
    assert datetime.fromisoformat(event.data["shift_to"]) == now + 23 * HOUR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": -0.5}, "starts_at"),  # past
        ({"starts_at": -2.0}, "starts_at"),  # before the shift
        ({"ends_at": 24.0}, "ends_at"),  # after it
        ({"ends_at": 4.0}, "ends_at"),  # nothing
        ({"lane": "third"}, "lane"),
        ({"reason": "无"}, "reason"),
    ],
)
def test_what_is_refused(
    shift: Shift, third: User, supervisor: User, now: datetime,
    changes: dict[str, Any], field: str,
) -> None:  # fmt: skip
    given = {
        key: now + value * HOUR if isinstance(value, float) else value
        for key, value in changes.items()
    }
    with pytest.raises(InvalidInput) as refused:
        stand_in(shift, third, now, supervisor, **given)

    assert set(refused.value.fields) == {field}
    assert Shift.objects.count() == 1
    assert not Event.objects.filter(action="oncall.shift_replaced").exists()


def test_one_human_in_both_places_is_refused(
    shift: Shift, tech2: User, make_person: Callable[..., User], company: Organisation,
    supervisor: User, now: datetime,
) -> None:  # fmt: skip
    twin = make_person("liuqiang2", "刘强", company, Role.TECH, staff_no=tech2.staff_no)
    for person in (tech2, twin):
        with pytest.raises(InvalidInput) as refused:
            stand_in(shift, person, now, supervisor)
        assert refused.value.fields == {"person": "主岗与备岗须为两人。"}


def test_who_cannot_be_called_is_refused(
    shift: Shift, third: User, supervisor: User, now: datetime
) -> None:
    third.phone = ""
    with pytest.raises(InvalidInput) as refused:
        stand_in(shift, third, now, supervisor)

    assert set(refused.value.fields) == {"person"}


def test_who_stands_elsewhere_at_that_time_is_refused_also_at_the_hotline(
    shift: Shift, third: User, supervisor: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, roster=Roster.HOTLINE, starts_at=now + 5 * HOUR,
        ends_at=now + 5.5 * HOUR, primary=third, backup=None,
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        stand_in(shift, third, now, supervisor)

    assert "热线" in str(refused.value.fields["person"])


def test_only_supervisors_and_only_shifts_that_are_there(
    shift: Shift, third: User, tech: User, supervisor: User, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        stand_in(shift, third, now, tech)
    gone = Shift(pk=0, starts_at=now, ends_at=now + HOUR)
    with pytest.raises(NotFound):
        stand_in(gone, third, now, supervisor)


def posted(third: User, **changes: str) -> dict[str, str]:
    """The form: 13:05 to 15:05 Beijing time."""
    return {
        "lane": "primary", "person": str(third.pk), "starts_at": "2026-11-23T13:05",
        "ends_at": "2026-11-23T15:05", "reason": WHY, **changes,
    }  # fmt: skip


def test_by_the_page(shift: Shift, third: User, supervisor: User, signed_in: SignIn) -> None:
    client, url = signed_in(supervisor), f"/roster/shifts/{shift.pk}/replace/"
    form = BeautifulSoup(client.get(url).content, "html.parser")
    # What is past of the running shift is not offered.
    assert form.select_one("[name=starts_at]")["value"] == "2026-11-23T09:06"  # type: ignore[index]
    refused = client.post(url, posted(third, ends_at="2026-11-25T15:05"))
    assert refused.status_code == 422
    assert WHY in refused.content.decode()

    assert client.post(url, posted(third)).status_code == 302
    assert [line[2] for line in lines()] == ["zhangwei", "huanghai", "zhangwei"]


def test_by_the_page_only_for_supervisors(shift: Shift, tech: User, signed_in: SignIn) -> None:
    client, url = signed_in(tech), f"/roster/shifts/{shift.pk}/replace/"

    assert client.get(url).status_code == 403
    assert client.post(url, posted(tech)).status_code == 403


def test_by_the_api(
    shift: Shift, third: User, tech: User, supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    url = f"/api/v1/oncall/shifts/{shift.pk}/replace/"
    body = {
        "lane": "primary", "person": third.pk, "starts_at": (now + 4 * HOUR).isoformat(),
        "ends_at": (now + 6 * HOUR).isoformat(), "reason": WHY,
    }  # fmt: skip
    assert signed_in(tech).post(url, body, content_type="application/json").status_code == 403
    client = signed_in(supervisor)
    late = {**body, "ends_at": (now + 60 * HOUR).isoformat()}
    refused = client.post(url, late, content_type="application/json")
    assert refused.status_code == 400
    assert "ends_at" in refused.content.decode()

    answer = client.post(url, body, content_type="application/json").json()
    assert (answer["primary"]["name"], answer["planned_version"]) == ("黄海", None)
    assert "13800138000" not in str(answer)


def test_the_swap_of_a_stranger_is_not_found(
    shift: Shift, third: User, reporter: User, signed_in: SignIn
) -> None:
    url = f"/api/v1/oncall/shifts/{shift.pk}/replace/"

    assert signed_in(reporter).post(url, {}, content_type="application/json").status_code == 404
