"""Leave, swaps, handovers, feeds and load over the API (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from oncall.models import HandoverSheet, Leave, Shift
from oncall.services.handovers import prepare
from oncall.services.shifts import add_shift
from tests.oncall.calendars import TRIP, calendar, event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def shifts(supervisor: User, tech: User, tech2: User, biz: User, now: datetime) -> list[Shift]:
    """The tech until one hour from now, then the other for a day."""
    spans = ((-DAY, HOUR, tech), (HOUR, DAY, tech2))
    return [
        add_shift(
            actor=supervisor, starts_at=now + start, ends_at=now + end, primary=who, backup=biz
        )
        for start, end, who in spans
    ]


def test_leave(tech: User, tech2: User, signed_in: SignIn) -> None:
    api = signed_in(tech)
    data = {"first_day": "2026-12-01", "last_day": "2026-12-02", "note": "年休假"}
    made = api.post("/api/v1/leave/", data, content_type="application/json")
    again = api.post("/api/v1/leave/", data, content_type="application/json")

    assert (made.status_code, again.status_code) == (201, 400)
    assert made.json()["person"] == "zhangwei"
    assert "first_day" in again.json()["error"]["fields"]
    assert [row["note"] for row in api.get("/api/v1/leave/").json()["results"]] == ["年休假"]
    path = f"/api/v1/leave/{made.json()['id']}/withdraw/"
    assert signed_in(tech2).post(path).status_code == 404
    assert api.post(path).status_code == 200
    assert api.post(path).status_code == 409


def test_a_calendar_file(tech: User, signed_in: SignIn) -> None:
    api = signed_in(tech)

    def send(content: bytes, **more: str) -> tuple[int, object]:
        file = SimpleUploadedFile("leave.ics", content, "text/calendar")
        response = api.post("/api/v1/leave/file/", {"file": file, **more})
        return response.status_code, response.json()

    status, shown = send(calendar(TRIP))
    assert (status, Leave.objects.count()) == (200, 0)
    assert [line["effect"] for line in shown["lines"]] == ["new"]  # type: ignore[index]
    assert send(calendar(TRIP), take="true")[0] == 200
    assert Leave.objects.get().uid == "trip-1"
    status, refused = send(b"hello")
    assert status == 400
    assert "file" in refused["error"]["fields"]  # type: ignore[index]


def test_a_calendar_file_without_some_of_its_lines(tech: User, signed_in: SignIn) -> None:
    api = signed_in(tech)
    content = calendar(TRIP, event("UID:day", "DTSTART;VALUE=DATE:20261210"))

    def send(**more: object) -> tuple[int, Any]:
        file = SimpleUploadedFile("leave.ics", content, "text/calendar")
        response = api.post("/api/v1/leave/file/", {"file": file, **more})
        return response.status_code, response.json()

    _status, shown = send()
    trip, day = (line["key"] for line in shown["lines"])
    status, refused = send(take="true", without=[trip, "another"])
    assert (status, set(refused["error"]["fields"])) == (400, {"without"})
    _status, looked = send(without=[trip])
    assert [line["key"] for line in looked["lines"]] == [day]
    assert not Leave.objects.exists()
    status, done = send(take="true", without=[trip])
    assert (status, [line["key"] for line in done["lines"]]) == (200, [day])
    assert Leave.objects.get().uid == "day"
    status, refused = send(take="true", without=[trip, day])
    assert (status, set(refused["error"]["fields"])) == (400, {"without"})


def test_a_swap(shifts: list[Shift], tech: User, tech2: User, signed_in: SignIn) -> None:
    theirs, mine = signed_in(tech2), signed_in(tech)
    data = {"duty": f"{shifts[1].pk}:primary", "colleague": tech.pk}
    made = theirs.post("/api/v1/swaps/", data, content_type="application/json")
    assert made.status_code == 201
    path = f"/api/v1/swaps/{made.json()['id']}/"

    assert theirs.post(f"{path}agree/").status_code == 403
    assert mine.post(f"{path}force/").status_code == 404
    assert mine.post(f"{path}agree/").json()["state"] == "agreed"
    assert mine.post(f"{path}agree/").status_code == 409
    shifts[1].refresh_from_db()
    assert shifts[1].primary == tech
    assert len(mine.get("/api/v1/swaps/").json()["results"]) == 1


def test_a_handover(
    shifts: list[Shift], tech: User, tech2: User, signed_in: SignIn, now: datetime
) -> None:
    prepare(now)
    path = f"/api/v1/handovers/{HandoverSheet.objects.get().pk}/"
    leaver, taker = signed_in(tech), signed_in(tech2)

    # Not this person: 403. This person, but not now: 409.
    assert leaver.post(f"{path}acknowledge/").status_code == 403
    assert taker.post(f"{path}acknowledge/").status_code == 409
    wrote = leaver.post(path, {"note": "一切正常"}, content_type="application/json")
    assert wrote.json()["note"] == "一切正常"
    done = taker.post(f"{path}acknowledge/").json()
    assert done["acknowledged_by"] == "liuqiang"
    late = leaver.post(path, {"note": "还有一事"}, content_type="application/json")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "state")
    assert leaver.post(f"{path}acknowledge/").status_code == 409
    assert taker.post(f"{path}acknowledge/").status_code == 200
    assert {item["kind"] for item in done["items"]} == {"finding"}
    assert len(leaver.get("/api/v1/handovers/").json()["results"]) == 1


def test_a_feed(shifts: list[Shift], tech: User, signed_in: SignIn) -> None:
    api = signed_in(tech)
    made = api.post("/api/v1/roster-feeds/", {"scope": "mine"}, content_type="application/json")
    path = made.json()["address"].removeprefix("http://testserver")

    assert Client().get(path).status_code == 200
    (row,) = api.get("/api/v1/roster-feeds/").json()
    assert "address" not in row
    assert api.post(f"/api/v1/roster-feeds/{row['id']}/revoke/").status_code == 200
    assert Client().get(path).status_code == 404
    wrong = api.post("/api/v1/roster-feeds/", {"scope": "all"}, content_type="application/json")
    assert wrong.status_code == 400


def test_the_load_of_a_month(
    shifts: list[Shift], tech: User, supervisor: User, signed_in: SignIn
) -> None:
    everybody = signed_in(supervisor).get("/api/v1/load/?month=2026-11").json()
    own = signed_in(tech).get("/api/v1/load/?month=2026-11").json()

    assert [row["turn"] for row in everybody] == [1, 2, 3]
    assert [(row["person"], row["hours"]) for row in own] == [("zhangwei", 25)]


@pytest.mark.parametrize("name", ["reporter", "monitor"])
def test_the_desk_only(name: str, signed_in: SignIn, request: pytest.FixtureRequest) -> None:
    api = signed_in(request.getfixturevalue(name))

    for path in ("leave", "swaps", "handovers", "load"):
        assert api.get(f"/api/v1/{path}/").status_code == 403
