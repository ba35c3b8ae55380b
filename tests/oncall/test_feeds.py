"""Calendar feeds of the roster: a secret address, and calendars that programs can read (R14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from audit.models import Event
from oncall.models import RosterFeed, Shift
from oncall.services.feeds import make_feed
from oncall.services.replacing import replace_on_shift
from oncall.services.shifts import add_shift, remove_shift
from oncall.views.feeds import FeedThrottle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def shifts(supervisor: User, tech: User, tech2: User, biz: User, now: datetime) -> list[Shift]:
    """Two to come; one long over, which no feed holds."""
    days = ((-60, -59), (1, 2), (2, 3))
    return [
        add_shift(
            actor=supervisor,
            starts_at=now + start * DAY,
            ends_at=now + end * DAY,
            primary=tech if start != 2 else tech2,
            backup=biz,
        )
        for start, end in days
    ]


def address(person: User, scope: str, now: datetime) -> str:
    """A new address."""
    feed, token = make_feed(scope=scope, actor=person, now=now)
    return f"/roster/feed/{feed.key}/{token}.ics"


def events(path: str) -> dict[str, Any]:
    """What a calendar program reads, by UID; every event has what the standard wants."""
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar: Any = icalendar.Calendar.from_ical(response.content)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    found = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    for event in found.values():
        wanted = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LAST-MODIFIED")
        assert all(event.get(name) for name in wanted)
        assert event["SEQUENCE"] >= 0
        assert event.start < event.end
        assert not event.errors
    return found


def test_my_shifts_of_the_past_month_and_all_to_come(
    shifts: list[Shift], tech: User, now: datetime
) -> None:
    found = events(address(tech, "mine", now))

    assert list(found) == [f"shift-{shifts[1].pk}-primary@testserver"]
    (event,) = found.values()
    assert (event.start, event.end) == (now + DAY, now + 2 * DAY)


def test_a_whole_roster_names_people_and_no_numbers(
    shifts: list[Shift], tech: User, now: datetime
) -> None:
    path = address(tech, "on_call", now)

    assert len(events(path)) == 4
    body = Client().get(path).content.decode()
    assert "孙丽" in body
    assert not re.search(r"1380013|138\*", body)
    assert events(address(tech, "hotline", now)) == {}


def test_after_a_replacement_both_calendars_are_right(
    shifts: list[Shift], tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    mine, theirs = address(tech, "mine", now), address(tech2, "mine", now)
    before = events(theirs)
    replace_on_shift(
        shift=shifts[1], lane="primary", person=tech2, starts_at=now + DAY,
        ends_at=now + DAY + 12 * HOUR, actor=supervisor, reason="张伟临时有事", now=now,
    )  # fmt: skip

    assert [event.start for event in events(mine).values()] == [now + DAY + 12 * HOUR]
    after = events(theirs)
    assert len(after) == 2
    assert set(before) <= set(after)


def told(event: Any) -> tuple[Any, ...]:
    """What a person reads of an event."""
    return event.start, event.end, str(event["SUMMARY"])


def test_a_changed_shift_is_the_same_event_with_a_higher_sequence(
    shifts: list[Shift], tech: User, tech2: User, agent: User, supervisor: User, now: datetime
) -> None:
    path = address(tech, "on_call", now)
    before = events(path)
    later = now + HOUR
    with time_machine.travel(later, tick=False):
        replace_on_shift(
            shift=shifts[1], lane="primary", person=agent, starts_at=now + DAY,
            ends_at=now + DAY + 6 * HOUR, actor=supervisor, reason="张伟临时有事", now=later,
        )  # fmt: skip
        after = events(path)

    changed = {uid for uid in before if told(before[uid]) != told(after[uid])}
    # Both places end earlier now, and one of them is somebody else's.
    assert changed == {f"shift-{shifts[1].pk}-{lane}@testserver" for lane in ("primary", "backup")}
    assert len(after) == len(before) + 2
    for uid, event in before.items():
        grown = after[uid]["SEQUENCE"] > event["SEQUENCE"]
        assert grown == (uid in changed)
        assert (after[uid]["LAST-MODIFIED"].dt == later) == grown
    again = events(path)
    assert {uid: event["SEQUENCE"] for uid, event in again.items()} == {
        uid: event["SEQUENCE"] for uid, event in after.items()
    }


def test_there_and_back_again_the_sequence_never_falls(
    shifts: list[Shift], tech: User, agent: User, supervisor: User, now: datetime
) -> None:
    path, uid = address(tech, "mine", now), f"shift-{shifts[1].pk}-primary@testserver"
    first = events(path)[uid]
    for person in (agent, tech):
        replace_on_shift(
            shift=shifts[1], lane="primary", person=person, starts_at=now + DAY,
            ends_at=now + 2 * DAY, actor=supervisor, reason="两人临时调换", now=now,
        )  # fmt: skip
        assert (uid in events(path)) == (person == tech)

    last = events(path)[uid]
    assert told(last) == told(first)
    assert last["SEQUENCE"] > first["SEQUENCE"]


def test_a_shift_that_was_taken_back_is_gone(
    shifts: list[Shift], tech: User, supervisor: User, now: datetime
) -> None:
    path = address(tech, "on_call", now)
    before = events(path)
    remove_shift(shifts[2], actor=supervisor, now=now)
    after = events(path)

    gone = {f"shift-{shifts[2].pk}-{lane}@testserver" for lane in ("primary", "backup")}
    assert set(before) - set(after) == gone
    # Its number is never given to another shift: that would be the old event, moved.
    add_shift(
        actor=supervisor, starts_at=now + 5 * DAY, ends_at=now + 6 * DAY, primary=tech,
        backup=shifts[1].backup,
    )  # fmt: skip
    assert gone.isdisjoint(events(path))


def test_unknown_wrong_and_revoked_addresses_are_not_found(
    shifts: list[Shift], tech: User, signed_in: SignIn, now: datetime
) -> None:
    path = address(tech, "mine", now)
    feed = RosterFeed.objects.get()
    assert Client().get(path[:-6] + "xx.ics").status_code == 404
    nobodys = f"/roster/feed/00000000-0000-4000-8000-000000000000/{'a' * 43}.ics"
    assert Client().get(nobodys).status_code == 404
    assert feed.token_hash not in path
    newer = address(tech, "mine", now)
    assert Client().get(path).status_code == 404
    assert Client().get(newer).status_code == 200
    present = RosterFeed.objects.standing().get()
    assert signed_in(tech).post(f"/roster/feeds/{present.pk}/revoke/").status_code == 302
    assert Client().get(newer).status_code == 404
    assert Event.objects.filter(action="oncall.feed_revoked").count() == 2


def test_who_has_left_is_read_no_more(shifts: list[Shift], tech: User, now: datetime) -> None:
    path = address(tech, "mine", now)
    User.objects.filter(pk=tech.pk).update(is_active=False)

    assert Client().get(path).status_code == 404


def test_what_has_not_changed_is_not_sent_again(
    shifts: list[Shift], tech: User, supervisor: User, tech2: User, now: datetime
) -> None:
    path = address(tech, "mine", now)
    first = Client().get(path)
    assert first["Cache-Control"] == "private, max-age=300"
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Shift.objects.filter(pk=shifts[1].pk).update(ends_at=now + 2 * DAY - HOUR)

    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_guessing_is_slowed_down(
    tech: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(tech, "mine", now)
    monkeypatch.setattr(FeedThrottle, "rate", "2/min")
    answers = [Client().get(path) for _time in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_the_address_is_shown_once(tech: User, tech2: User, signed_in: SignIn) -> None:
    client = signed_in(tech)
    made = client.post("/roster/feeds/", {"scope": "mine"})
    field = BeautifulSoup(made.content, "html.parser").select_one("#feed-address")

    assert field is not None
    assert made["Cache-Control"] == "no-store"
    path = str(field["value"]).removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    assert path not in client.get("/roster/feeds/").content.decode()
    feed = RosterFeed.objects.get()
    assert signed_in(tech2).post(f"/roster/feeds/{feed.pk}/revoke/").status_code == 404
    assert client.post("/roster/feeds/", {"scope": "everything"}).status_code == 400
