"""Leave: entered, taken from a file, withdrawn; and what it means for the roster (R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from oncall.findings import Kind
from oncall.models import Leave, RosterAlert, Shift
from oncall.services.leave import add_leave, withdraw_leave
from oncall.services.leave_import import unseal
from oncall.services.roster_watch import roster_findings, watch_due
from oncall.services.shifts import add_shift
from tests.oncall.calendars import TRIP, calendar, event
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def in_english(person: User, signed_in: SignIn) -> Client:
    """The person's mine, in English."""
    User.objects.filter(pk=person.pk).update(language="en")
    person.language = "en"
    return signed_in(person)


@pytest.fixture
def mine(tech: User, signed_in: SignIn) -> Client:
    """The technician's mine."""
    return in_english(tech, signed_in)


@pytest.fixture
def boss(supervisor: User, signed_in: SignIn) -> Client:
    """The supervisor's mine."""
    return in_english(supervisor, signed_in)


def typed(**changes: str) -> dict[str, str]:
    """The form: two whole days in December."""
    return {"first_day": "2026-12-01", "last_day": "2026-12-02", "note": "年休假", **changes}


def words(response: object) -> str:
    """The text of a page."""
    soup = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    return soup.get_text(" ", strip=True)


def given(person: User, start: datetime, end: datetime, now: datetime, **more: str) -> Leave:
    """Leave that the person has entered."""
    return add_leave(
        person=person,
        starts_at=start,
        ends_at=end,
        note=more.get("note", ""),
        actor=person,
        now=now,
    )


def upload(client: Client, content: bytes, **more: str) -> object:
    """Send a calendar file."""
    file = SimpleUploadedFile("leave.ics", content, "text/calendar")
    return client.post("/roster/leave/file/", {"file": file, **more})


def chosen(response: object) -> dict[str, Any]:
    """What a preview would send: its sealed reading, and every ticked line."""
    page = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    sealed = page.select_one("[name=sealed]")
    assert sealed is not None
    lines = [box["value"] for box in page.select("[name=line][checked]")]
    return {"sealed": sealed["value"], "line": lines}


def take(client: Client, content: bytes, **more: str) -> int:
    """Send a file and take what its preview shows; the status of the taking."""
    sent = chosen(upload(client, content, **more))
    return client.post("/roster/leave/take/", sent).status_code


def test_whole_days_of_my_own(mine: Client, tech: User) -> None:
    assert mine.post("/roster/leave/", typed()).status_code == 302

    leave = Leave.objects.get()
    assert leave.person == tech
    assert leave.starts_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert leave.ends_at == datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert "年休假" in words(mine.get("/roster/leave/"))
    entered = Event.objects.get(action="oncall.leave_entered")
    assert "年休假" not in str(entered.data)


def test_from_one_time_to_another(mine: Client) -> None:
    mine.post("/roster/leave/", typed(first_time="13:00", last_time="08:30"))

    leave = Leave.objects.get()
    assert (leave.starts_at.hour, leave.ends_at.hour, leave.ends_at.minute) == (5, 0, 30)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": "2026-11-30"}, "The end must come after the start."),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "This time is over."),
        ({"last_day": "2028-12-02"}, "Leave lasts 400 days at most."),
        ({"first_day": "0001-12-02"}, "This year cannot be right."),
        ({"first_day": "soon"}, "Enter a valid date."),
        ({"note": "卡号 6222021234567890128"}, "full card number"),
    ],
)
def test_wrong_leave_is_refused_beside_the_field(
    mine: Client, changes: dict[str, str], sentence: str
) -> None:
    response = mine.post("/roster/leave/", typed(**changes))

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Leave.objects.exists()


def test_the_same_time_is_not_entered_twice(mine: Client) -> None:
    mine.post("/roster/leave/", typed())
    response = mine.post("/roster/leave/", typed())

    assert response.status_code == 422
    assert "is entered already" in words(response)
    assert Leave.objects.count() == 1


def test_supervisors_enter_it_for_anybody(boss: Client, biz: User, supervisor: User) -> None:
    assert boss.post("/roster/leave/", typed(person=str(biz.pk))).status_code == 302
    assert boss.post("/roster/leave/", typed()).status_code == 302

    assert set(Leave.objects.values_list("person", flat=True)) == {biz.pk, supervisor.pk}


def test_nobody_else_enters_it_for_others(
    mine: Client, tech: User, tech2: User, now: datetime
) -> None:
    mine.post("/roster/leave/", typed(person=str(tech2.pk)))
    assert Leave.objects.get().person == tech

    with pytest.raises(NotAllowed):
        add_leave(
            person=tech2, starts_at=now, ends_at=now + DAY, note="", actor=tech, now=now
        )  # fmt: skip


@pytest.mark.parametrize("name", ["reporter", "monitor", "superior", "sysadmin"])
def test_leave_is_the_desks(name: str, signed_in: SignIn, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(name))

    assert client.get("/roster/leave/").status_code == 403
    assert client.post("/roster/leave/", typed()).status_code == 403
    assert client.post("/roster/leave/file/").status_code == 403
    assert client.post("/roster/leave/take/").status_code == 403


def test_others_leave_is_not_to_be_seen(
    mine: Client, tech2: User, boss: Client, now: datetime
) -> None:
    leave = given(tech2, now + DAY, now + 2 * DAY, now, note="住院")

    assert "住院" not in words(mine.get("/roster/leave/"))
    assert mine.post(f"/roster/leave/{leave.pk}/withdraw/").status_code == 404
    assert "住院" in words(boss.get("/roster/leave/"))


def test_withdrawing(mine: Client, tech: User, now: datetime) -> None:
    leave = given(tech, now + DAY, now + 2 * DAY, now)
    assert mine.post(f"/roster/leave/{leave.pk}/withdraw/").status_code == 302
    assert mine.post(f"/roster/leave/{leave.pk}/withdraw/").status_code == 409

    leave.refresh_from_db()
    assert (leave.withdrawn_by, leave.withdrawn_at) == (tech, now)
    assert Event.objects.filter(action="oncall.leave_withdrawn").count() == 1


def test_leave_that_is_over_stays_on_record(tech: User, now: datetime) -> None:
    leave = given(tech, now, now + DAY, now)

    with pytest.raises(WrongState):
        withdraw_leave(leave, actor=tech, now=now + DAY)


def test_the_person_is_told_when_a_supervisor_withdraws(
    tech: User, supervisor: User, now: datetime
) -> None:
    withdraw_leave(given(tech, now, now + DAY, now), actor=supervisor, now=now)

    assert Message.objects.filter(recipient=tech, subject__contains="陈明").exists()


def test_nobody_on_leave_is_planned(
    boss: Client, tech: User, tech2: User, make_person: Callable[..., User],
    company: Organisation, now: datetime,
) -> None:  # fmt: skip
    given(tech, now + DAY, now + 2 * DAY, now)
    data = {
        "starts_at": "2026-11-24T20:00", "ends_at": "2026-11-25T08:00",
        "primary": str(tech.pk), "backup": str(tech2.pk),
    }  # fmt: skip
    response = boss.post("/roster/", data)
    assert response.status_code == 422
    assert "张伟 is on leave from 2026-11-24 09:05 to 2026-11-25 09:05." in words(response)

    twin = make_person("zhangwei2", "张伟", company, Role.TECH, staff_no=tech.staff_no)
    assert boss.post("/roster/", {**data, "primary": str(twin.pk)}).status_code == 422
    assert not Shift.objects.exists()


def test_leave_that_meets_a_shift_is_found_told_and_warned_of(
    mine: Client, boss: Client, tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=now, ends_at=now + 9 * DAY, primary=tech, backup=tech2
    )  # fmt: skip
    mine.post("/roster/leave/", typed(first_day="2026-11-25", last_day="2026-11-26"))

    (found,) = roster_findings(now, rosters=["on_call"])
    assert (found.kind, found.person) == (Kind.ON_LEAVE, "张伟")
    assert (found.starts_at, found.ends_at) == (
        datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 26, 16, tzinfo=UTC),
    )  # fmt: skip
    assert "On call while on leave" in words(boss.get("/roster/"))
    told = Message.objects.filter(dedupe_key__startswith="leave-clash:", channel="in_app")
    assert {(row.recipient, row.url) for row in told} == {
        (supervisor, "/roster/leave/"), (tech, "/roster/leave/"),
    }  # fmt: skip
    watch_due(now)
    warned = RosterAlert.objects.filter(kind=Kind.ON_LEAVE)
    assert not warned.exists()
    watch_due(now + DAY)
    assert warned.get().person == "张伟"


def test_a_withdrawn_leave_is_no_finding(
    tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=now, ends_at=now + 9 * DAY, primary=tech, backup=tech2
    )  # fmt: skip
    leave = given(tech2, now + DAY, now + 2 * DAY, now)
    assert [each.kind for each in roster_findings(now, rosters=["on_call"])] == [Kind.ON_LEAVE]

    withdraw_leave(leave, actor=tech2, now=now)
    assert roster_findings(now, rosters=["on_call"]) == []


def test_a_file_is_shown_before_it_is_taken(mine: Client, tech: User) -> None:
    page = words(upload(mine, calendar(TRIP)))

    assert "2026-12-01 2026-12-02 年休假" in page
    assert "00:00" not in page
    assert "Nothing has been changed yet." in page
    assert not Leave.objects.exists()

    assert take(mine, calendar(TRIP)) == 302
    leave = Leave.objects.get()
    assert (leave.person, leave.uid, leave.note) == (tech, "trip-1", "年休假")


def test_reading_it_again_changes_and_never_doubles(mine: Client) -> None:
    take(mine, calendar(TRIP))
    assert "All of it is known already." in words(upload(mine, calendar(TRIP)))

    take(mine, calendar(TRIP.replace("20261203", "20261205")))
    assert Leave.objects.get().ends_at == datetime(2026, 12, 4, 16, tzinfo=UTC)
    assert Event.objects.filter(action="oncall.leave_changed").count() == 1


def test_what_left_the_calendar_is_withdrawn_and_the_rest_stays(
    mine: Client, tech: User, now: datetime
) -> None:
    series = event("UID:s", "DTSTART;VALUE=DATE:20261204", "RRULE:FREQ=WEEKLY;COUNT=2")
    take(mine, calendar(TRIP, series))
    typed_one = given(tech, now, now + timedelta(hours=3), now)
    shorter = series.replace("COUNT=2", "COUNT=1")
    assert "Is withdrawn: not in the calendar any more" in words(upload(mine, calendar(shorter)))
    take(mine, calendar(shorter))

    standing = Leave.objects.standing()
    assert {row.uid for row in standing} == {"", "trip-1", "s"}
    assert standing.filter(uid="s").count() == 1
    assert typed_one in standing


def test_two_people_may_share_a_calendar_uid(mine: Client, boss: Client, tech2: User) -> None:
    take(mine, calendar(TRIP))
    take(boss, calendar(TRIP), person=str(tech2.pk))

    assert Leave.objects.filter(uid="trip-1").count() == 2


def test_taking_a_preview_twice_takes_it_once(mine: Client) -> None:
    sent = chosen(upload(mine, calendar(TRIP)))
    mine.post("/roster/leave/take/", sent)
    mine.post("/roster/leave/take/", sent)

    assert Leave.objects.count() == 1


def test_lines_are_left_out_and_offered_again(mine: Client) -> None:
    day = event("UID:day", "DTSTART;VALUE=DATE:20261210")
    series = event("UID:s", "DTSTART;VALUE=DATE:20261204", "RRULE:FREQ=WEEKLY;COUNT=2")
    file = calendar(TRIP, day, series)
    sent = chosen(upload(mine, file))
    assert len(set(sent["line"])) == 4
    # In order of time: the trip, the first of the series, the day, the second of the series.
    sent["line"] = [sent["line"][0], sent["line"][3]]
    assert mine.post("/roster/leave/take/", sent).status_code == 302

    assert sorted(Leave.objects.values_list("uid", flat=True)) == ["s", "trip-1"]
    assert Leave.objects.get(uid="s").occurrence == "20261210T160000Z"
    again = chosen(upload(mine, file))
    assert len(again["line"]) == 2
    assert set(again["line"]).isdisjoint(sent["line"])


def test_leave_that_left_the_calendar_stays_when_its_line_is_left_out(mine: Client) -> None:
    series = event("UID:s", "DTSTART;VALUE=DATE:20261204", "RRULE:FREQ=WEEKLY;COUNT=2")
    take(mine, calendar(series))
    moved = series.replace("20261204", "20261205")
    sent = chosen(upload(mine, calendar(moved)))
    assert len(sent["line"]) == 4
    sent["line"] = sent["line"][1:2]
    mine.post("/roster/leave/take/", sent)

    assert Leave.objects.standing().count() == 3


def test_nothing_chosen_and_lines_that_are_not_in_the_file(mine: Client) -> None:
    sent = chosen(upload(mine, calendar(TRIP)))
    nothing = mine.post("/roster/leave/take/", {"sealed": sent["sealed"]})
    assert nothing.status_code == 422
    assert "Please choose at least one time." in words(nothing)
    assert chosen(nothing)["line"] == sent["line"]
    forged = {**sent, "line": ["0123456789abcdef", "x" * 5000, ""]}
    assert mine.post("/roster/leave/take/", forged).status_code == 302

    assert not Leave.objects.exists()


@pytest.mark.parametrize("content", [b"hello", calendar(event("UID:a", "DTSTART:tomorrow"))])
def test_a_bad_file_is_refused_beside_its_field(mine: Client, content: bytes) -> None:
    response = upload(mine, content)

    assert response.status_code == 422  # type: ignore[attr-defined]
    soup = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    assert soup.select_one("#id_file_error, .errorlist") is not None


def test_no_file_at_all(mine: Client) -> None:
    assert mine.post("/roster/leave/file/", {}).status_code == 422


def test_a_preview_of_somebody_else_or_forged_is_not_taken(
    mine: Client, boss: Client, supervisor: User, now: datetime
) -> None:
    sealed = str(chosen(upload(boss, calendar(TRIP)))["sealed"])

    for wrong in (sealed, sealed[:-3], "", "a:b:c"):
        response = mine.post("/roster/leave/take/", {"sealed": wrong})
        assert response.status_code == 422
        assert "Please choose the file again" in words(response)
    with time_machine.travel(now + timedelta(hours=2), tick=False), pytest.raises(InvalidInput):
        unseal(sealed, supervisor)
    assert not Leave.objects.exists()


def test_a_service_refuses_in_words(tech: User, now: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_leave(
            person=tech, starts_at=now, ends_at=now, note="", actor=tech, now=now
        )  # fmt: skip

    assert set(refused.value.fields) == {"last_day"}
