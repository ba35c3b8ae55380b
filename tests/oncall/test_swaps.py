"""Swaps need the consent of both and keep the roster whole (R14)."""

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
from notifications.models import Message
from oncall.models import Roster, Shift, Swap
from oncall.services.leave import add_leave
from oncall.services.replacing import replace_on_shift
from oncall.services.shifts import add_shift, remove_shift
from oncall.services.swap_endings import Duty, looks_waiting, swaps_due
from oncall.services.swaps import agree_to_swap, decline_swap, offer_swap, withdraw_swap
from workflow.errors import InvalidInput, NotAllowed, NotFound, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def week(
    supervisor: User, tech: User, tech2: User, biz: User, agent: User, now: datetime
) -> list[Shift]:
    """Day 1: tech and agent; day 2: tech2 and biz; day 3: tech and biz."""
    people = [(tech, agent), (tech2, biz), (tech, biz)]
    return [
        add_shift(
            actor=supervisor,
            starts_at=now + n * DAY,
            ends_at=now + (n + 1) * DAY,
            primary=primary,
            backup=backup,
        )
        for n, (primary, backup) in enumerate(people, 1)
    ]


def duty(shift: Shift, lane: str = "primary", start: int = 0, hours: int = 24) -> Duty:
    """A part of a shift."""
    begins = shift.starts_at + start * HOUR
    return Duty(shift.roster, lane, begins, begins + hours * HOUR)


def offer(given: Duty, who: User, whom: User, now: datetime, back: Duty | None = None) -> Swap:
    """An offer that stands."""
    return offer_swap(duty=given, colleague=whom, back=back, note="", actor=who, now=now)


def stands(now: datetime) -> list[tuple[float, float, str, str]]:
    """(from, to in hours from now, primary, backup) of the mobile's roster."""
    return [
        (
            (s.starts_at - now) / HOUR, (s.ends_at - now) / HOUR,
            s.primary.username, s.backup.username if s.backup else "",
        )
        for s in Shift.objects.of(Roster.ON_CALL).select_related("primary", "backup")
    ]  # fmt: skip


def told(person: User) -> str:
    """Subjects of the person's letters about swaps."""
    rows = Message.objects.filter(recipient=person, channel="in_app", url="/roster/swaps/")
    return " | ".join(rows.values_list("subject", flat=True))


def wrong(given: Duty, who: User, whom: User, now: datetime, back: Duty | None = None) -> set[str]:
    """The fields of a refused offer."""
    with pytest.raises(InvalidInput) as refused:
        offer(given, who, whom, now, back)
    assert not Swap.objects.exists()
    return set(refused.value.fields)


def test_an_offer_changes_nothing_and_asks(
    week: list[Shift], tech: User, tech2: User, now: datetime
) -> None:
    before = stands(now)
    swap = offer(duty(week[0]), tech, tech2, now)

    assert stands(now) == before
    assert swap.state == Swap.State.OFFERED
    assert "张伟" in told(tech2)
    assert told(tech) == ""
    assert Event.objects.filter(action="oncall.swap_offered").count() == 1
    assert not Event.objects.filter(action="oncall.shift_swapped").exists()


def test_a_part_is_taken_and_the_rest_stays(
    week: list[Shift], tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    swap = offer(duty(week[0], start=4, hours=8), tech, tech2, now)
    agree_to_swap(swap, actor=tech2, now=now)

    assert stands(now)[:3] == [
        (24, 28, "zhangwei", "zhoujing"),
        (28, 36, "liuqiang", "zhoujing"),
        (36, 48, "zhangwei", "zhoujing"),
    ]
    assert all("刘强" in told(person) for person in (tech, tech2, supervisor))
    assert Event.objects.get(action="oncall.shift_swapped").actor_name == tech2.audit_name
    assert Event.objects.filter(action="oncall.swap_agreed").count() == 1


def test_a_duty_against_a_duty(week: list[Shift], tech: User, tech2: User, now: datetime) -> None:
    swap = offer(duty(week[0]), tech, tech2, now, back=duty(week[1]))
    agree_to_swap(swap, actor=tech2, now=now)

    assert [row[2] for row in stands(now)] == ["liuqiang", "zhangwei", "zhangwei"]


@pytest.mark.parametrize("who", ["tech", "supervisor", "biz"])
def test_nobody_else_consents(
    who: str, week: list[Shift], tech: User, tech2: User, now: datetime,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    swap = offer(duty(week[0]), tech, tech2, now)
    before = stands(now)

    with pytest.raises((NotAllowed, NotFound)):
        agree_to_swap(swap, actor=request.getfixturevalue(who), now=now)
    assert stands(now) == before


def test_only_ones_own_duty_is_offered(
    week: list[Shift], tech: User, tech2: User, agent: User, biz: User, now: datetime
) -> None:
    assert wrong(duty(week[0]), tech2, biz, now) == {"duty"}
    assert wrong(duty(week[0], "backup"), tech, tech2, now) == {"duty"}
    assert wrong(duty(week[0], hours=30), tech, tech2, now) == {"duty"}
    assert wrong(duty(week[0], hours=0), tech, tech2, now) == {"ends_at"}
    assert wrong(duty(week[0]), tech, tech, now) == {"colleague"}
    assert wrong(duty(week[0]), tech, tech2, now, back=duty(week[2])) == {"back"}


def test_who_cannot_take_it_is_not_asked(
    week: list[Shift], tech: User, tech2: User, agent: User, biz: User, manager: User,
    make_person: Callable[..., User], company: Organisation, now: datetime,
) -> None:  # fmt: skip
    User.objects.filter(pk=tech2.pk).update(phone="")
    tech2.refresh_from_db()
    assert wrong(duty(week[0]), tech, tech2, now) == {"colleague"}
    # One human in both places, also by a second account.
    assert wrong(duty(week[0]), tech, agent, now) == {"colleague"}
    twin = make_person("zhoujing2", "周静", company, Role.AGENT, staff_no=agent.staff_no)
    assert wrong(duty(week[0]), tech, twin, now) == {"colleague"}
    # In a shift then, of the other roster.
    free = make_person("qianhai", "钱海", company, Role.TECH)
    start = week[0].starts_at - 5 * timedelta(minutes=1)
    Shift.objects.create(
        roster=Roster.HOTLINE, starts_at=start, ends_at=start + 8 * HOUR, primary=free
    )  # fmt: skip
    assert wrong(duty(week[0]), tech, free, now) == {"colleague"}
    add_leave(
        person=biz, starts_at=now + 30 * HOUR, ends_at=now + 31 * HOUR, note="", actor=biz, now=now
    )  # fmt: skip
    assert wrong(duty(week[0]), tech, biz, now) == {"colleague"}


def test_lanes_of_one_shift_cannot_be_exchanged(
    week: list[Shift], tech: User, agent: User, now: datetime
) -> None:
    back = duty(week[0], "backup")

    assert wrong(duty(week[0]), tech, agent, now, back=back) == {"colleague"}


def test_the_same_time_is_offered_once(
    week: list[Shift], tech: User, tech2: User, biz: User, now: datetime
) -> None:
    offer(duty(week[0]), tech, tech2, now)

    with pytest.raises(InvalidInput) as refused:
        offer(duty(week[0], hours=2), tech, biz, now)
    assert set(refused.value.fields) == {"duty"}


@pytest.mark.parametrize("reason", ["unfit", "leave", "clash", "begun"])
def test_what_has_come_between_is_refused_with_its_reason(
    reason: str, week: list[Shift], tech: User, tech2: User, supervisor: User, now: datetime
) -> None:
    swap = offer(duty(week[0]), tech, tech2, now)
    later = now + HOUR
    if reason == "unfit":
        User.objects.filter(pk=tech2.pk).update(phone="")
    elif reason == "leave":
        add_leave(
            person=tech2, starts_at=now + DAY, ends_at=now + 2 * DAY, note="", actor=tech2, now=now
        )  # fmt: skip
    elif reason == "clash":
        start = week[0].starts_at - timedelta(minutes=5)
        Shift.objects.create(
            roster=Roster.HOTLINE, starts_at=start, ends_at=start + 8 * HOUR, primary=tech2
        )  # fmt: skip
    else:
        later = week[0].starts_at
    before = stands(now)

    with pytest.raises(WrongState) as refused:
        agree_to_swap(swap, actor=User.objects.get(pk=tech2.pk), now=later)
    assert str(refused.value)
    assert stands(now) == before
    swap.refresh_from_db()
    assert swap.state == Swap.State.OFFERED


def test_both_or_neither(week: list[Shift], tech: User, tech2: User, now: datetime) -> None:
    """The second replacement cannot be: the first is taken back too."""
    swap = offer(duty(week[0]), tech, tech2, now, back=duty(week[1]))
    add_leave(
        person=tech, starts_at=now + 2 * DAY, ends_at=now + 3 * DAY, note="", actor=tech, now=now
    )  # fmt: skip
    before = stands(now)

    with pytest.raises(WrongState):
        agree_to_swap(swap, actor=tech2, now=now)
    assert stands(now) == before


def test_agreeing_twice_does_it_once(
    week: list[Shift], tech: User, tech2: User, now: datetime
) -> None:
    swap = offer(duty(week[0]), tech, tech2, now)
    agree_to_swap(swap, actor=tech2, now=now)
    with pytest.raises(WrongState):
        agree_to_swap(swap, actor=tech2, now=now)
    with pytest.raises(WrongState):
        withdraw_swap(swap, actor=tech, now=now)

    assert Event.objects.filter(action="oncall.swap_agreed").count() == 1


def test_declining_and_withdrawing(
    week: list[Shift], tech: User, tech2: User, now: datetime
) -> None:
    first = offer(duty(week[0]), tech, tech2, now)
    with pytest.raises(NotAllowed):
        decline_swap(first, actor=tech, now=now)
    with pytest.raises(NotAllowed):
        withdraw_swap(first, actor=tech2, now=now)
    decline_swap(first, actor=tech2, now=now)
    withdraw_swap(offer(duty(week[0]), tech, tech2, now), actor=tech, now=now)

    assert set(Swap.objects.values_list("state", flat=True)) == {"declined", "withdrawn"}
    assert "刘强" in told(tech)


@pytest.mark.parametrize("change", ["replace", "remove"])
def test_a_supervisors_change_ends_the_offer_at_once(
    change: str, week: list[Shift], tech: User, tech2: User, biz: User, supervisor: User,
    now: datetime,
) -> None:  # fmt: skip
    swap = offer(duty(week[0]), tech, tech2, now)
    if change == "remove":
        remove_shift(week[0], actor=supervisor, now=now)
    else:
        replace_on_shift(
            shift=week[0], lane="primary", person=biz, starts_at=week[0].starts_at,
            ends_at=week[0].starts_at + HOUR, actor=supervisor, reason="张伟临时有事", now=now,
        )  # fmt: skip

    swap.refresh_from_db()
    assert (swap.state, swap.ending, swap.look_at) == ("lapsed", "changed", None)
    assert told(tech)
    with pytest.raises(WrongState):
        agree_to_swap(swap, actor=tech2, now=now)


def test_the_offer_ends_when_it_begins(
    week: list[Shift], tech: User, tech2: User, now: datetime
) -> None:
    swap = offer(duty(week[0]), tech, tech2, now)
    assert swaps_due(now + timedelta(minutes=4)) == 0
    assert swaps_due(now + timedelta(minutes=5)) == 1
    swap.refresh_from_db()
    assert swap.state == Swap.State.OFFERED
    assert looks_waiting(now + DAY) == 1
    swaps_due(now + DAY)

    swap.refresh_from_db()
    assert (swap.state, swap.ending) == ("lapsed", "begun")
    assert swaps_due(now + 2 * DAY) == 0


def in_english(person: User, signed_in: SignIn) -> Client:
    """The person's browser, in English."""
    person.language = "en"
    person.save()
    return signed_in(person)


def words(response: Any) -> str:
    """The text of a page."""
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_by_the_pages(
    week: list[Shift], tech: User, tech2: User, biz: User, signed_in: SignIn, now: datetime
) -> None:
    mine, theirs = in_english(tech, signed_in), in_english(tech2, signed_in)
    form = mine.get("/roster/swaps/new/")
    assert "2026-11-24 09:05 – 2026-11-25 09:05" in words(form)
    data = {
        "duty": f"{week[0].pk}:primary", "colleague": str(tech2.pk),
        "back": f"{week[1].pk}:primary", "note": "孩子家长会",
    }  # fmt: skip
    assert mine.post("/roster/swaps/new/", data).status_code == 302
    swap = Swap.objects.get()

    assert "Your colleague must answer, not you." not in words(theirs.get("/roster/swaps/"))
    assert "孩子家长会" in words(theirs.get("/roster/swaps/"))
    assert "孩子家长会" not in words(signed_in(biz).get("/roster/swaps/"))
    assert mine.post(f"/roster/swaps/{swap.pk}/agree/").status_code == 403
    assert signed_in(biz).post(f"/roster/swaps/{swap.pk}/agree/").status_code == 404
    assert theirs.post(f"/roster/swaps/{swap.pk}/agree/").status_code == 302
    assert theirs.post(f"/roster/swaps/{swap.pk}/agree/").status_code == 409
    assert theirs.post(f"/roster/swaps/{swap.pk}/force/").status_code == 404
    assert "Agreed" in words(mine.get("/roster/swaps/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"duty": ""}, "This field is required."),
        ({"duty": "0:primary"}, "Select a valid choice."),
        ({"starts_at": "2026-11-24T08:00"}, "You do not stand this duty in all of this time."),
        ({"ends_at": "2026-11-24T09:00"}, "The end must come after the start."),
        ({"note": "卡 6222021234567890128"}, "full card number"),
        ({"colleague": "0"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    changes: dict[str, str], sentence: str, week: list[Shift], tech: User, tech2: User,
    signed_in: SignIn,
) -> None:  # fmt: skip
    data = {"duty": f"{week[0].pk}:primary", "colleague": str(tech2.pk), **changes}
    response = in_english(tech, signed_in).post("/roster/swaps/new/", data)

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Swap.objects.exists()


def test_of_a_running_duty_a_later_part(
    supervisor: User, tech: User, tech2: User, biz: User, signed_in: SignIn, now: datetime
) -> None:
    running = add_shift(
        actor=supervisor, starts_at=now - HOUR, ends_at=now + DAY, primary=tech, backup=biz
    )  # fmt: skip
    mine = in_english(tech, signed_in)
    data = {"duty": f"{running.pk}:primary", "colleague": str(tech2.pk)}

    assert "please say from when" in words(mine.post("/roster/swaps/new/", data))
    past = {**data, "starts_at": "2026-11-23T09:00"}
    assert mine.post("/roster/swaps/new/", past).status_code == 422
    assert (
        mine.post("/roster/swaps/new/", {**data, "starts_at": "2026-11-23T12:00"}).status_code
        == 302
    )
