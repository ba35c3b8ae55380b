"""A page climbs its ladder until a human answers (R14, R16)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Event
from oncall.models import Attempt, Page, Shift
from tests.oncall.conftest import Exchange, attempts, begin, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exchange")]
MINUTE = timedelta(minutes=1)


def names(page: Page, rung: int) -> list[str]:
    """User names called on a rung."""
    return [name for at_rung, name, _state in attempts(page) if at_rung == rung]


def give_up(page: Page, now: datetime) -> None:
    """Nobody picked up so far."""
    page.attempts.filter(ended_at=None).update(
        state=Attempt.State.NO_ANSWER, ended_at=now, next_try_at=None
    )


def climb(page: Page, now: datetime, minutes: int) -> None:
    """Let so many minutes pass without an answer."""
    run(now)
    for minute in range(1, minutes + 1):
        give_up(page, now + minute * MINUTE)
        run(now + minute * MINUTE)


def test_the_primary_is_called_at_once(alarm: Page, now: datetime) -> None:
    run(now)

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]


def test_nobody_else_is_called_before_five_minutes(alarm: Page, now: datetime) -> None:
    climb(alarm, now, 4)

    assert [rung for rung, _name, _state in attempts(alarm)] == [0]


def test_backup_supervisor_and_then_everybody_again_and_again(alarm: Page, now: datetime) -> None:
    climb(alarm, now, 30)

    assert [names(alarm, rung) for rung in range(7)] == [
        ["zhangwei"],
        ["liuqiang"],
        ["chenming"],
        *[["chenming", "liuqiang", "zhangwei"]] * 4,
    ]


def test_who_still_has_the_telephone_ringing_is_not_called_again(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    for minute in range(0, 31, 5):
        run(now + minute * MINUTE)

    assert len(exchange.placed) == 3


def test_nobody_on_call_means_the_supervisors(supervisor: User, now: datetime) -> None:
    page = begin(now)
    run(now)

    assert attempts(page) == [(0, "chenming", "ringing")]
    taken = Event.objects.get(action="oncall.rung_taken")
    assert taken.data["nobody_rostered"] is True


def test_no_supervisor_either_means_the_managers(manager: User, now: datetime) -> None:
    page = begin(now)
    run(now)

    assert attempts(page) == [(0, "gaojie", "ringing")]


def test_nobody_at_all_is_asked_for_for_ever(db: None, now: datetime) -> None:
    page = begin(now)
    for minute in range(0, 61, 5):
        run(now + minute * MINUTE)

    page.refresh_from_db()
    assert page.state == Page.State.OPEN
    assert page.step_index == 13


@pytest.mark.parametrize("change", [{"is_active": False}, {"phone": ""}])
def test_who_cannot_be_reached_is_replaced_by_the_supervisors(
    alarm: Page, tech: User, now: datetime, change: dict[str, object]
) -> None:
    User.objects.filter(pk=tech.pk).update(**change)
    run(now)

    assert names(alarm, 0) == ["chenming"]


def test_a_hand_over_in_between_is_followed(
    alarm: Page, now: datetime, make_person: object, company: object
) -> None:
    climb(alarm, now, 4)
    shift = Shift.objects.get()
    other = User.objects.get(username="chenming")
    Shift.objects.filter(pk=shift.pk).update(ends_at=now + 4 * MINUTE)
    Shift.objects.create(
        starts_at=now + 4 * MINUTE,
        ends_at=now + timedelta(hours=9),
        primary=shift.primary,
        backup=other,
    )
    give_up(alarm, now + 5 * MINUTE)
    run(now + 5 * MINUTE)

    assert names(alarm, 1) == ["chenming"]


def test_a_drill_climbs_every_ten_seconds_and_says_what_it_is(
    rostered: object, now: datetime, exchange: Exchange
) -> None:
    page = begin(now, is_drill=True)
    for seconds in (0, 10, 20):
        run(now + timedelta(seconds=seconds))

    assert [names(page, rung) for rung in range(3)] == [["zhangwei"], ["liuqiang"], ["chenming"]]
    assert all(call.is_drill for call in exchange.placed)
    assert page.texts["en"].startswith("[Drill]")


def test_after_a_pause_of_the_worker_the_rungs_are_not_made_up_for(
    alarm: Page, now: datetime
) -> None:
    run(now)
    give_up(alarm, now + 60 * MINUTE)
    run(now + 60 * MINUTE)
    run(now + 61 * MINUTE)

    assert [rung for rung, _name, _state in attempts(alarm)] == [0, 1]


def test_the_same_reason_rings_once_at_a_time(alarm: Page, now: datetime) -> None:
    again = begin(now + MINUTE, title="again")

    assert again.pk == alarm.pk
    assert Page.objects.count() == 1
    assert Event.objects.filter(action="oncall.page_started").count() == 1


def test_a_rung_that_is_taken_twice_calls_once(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    run(now)
    give_up(alarm, now)
    Page.objects.filter(pk=alarm.pk).update(step_index=0, next_step_at=now)
    run(now)

    assert len(exchange.placed) == 1
    assert Attempt.objects.count() == 1


def test_everybody_hears_it_in_their_own_language(
    rostered: tuple[User, User, User], now: datetime, exchange: Exchange
) -> None:
    User.objects.filter(pk=rostered[0].pk).update(language="en")
    begin(now)
    run(now)

    assert [call.language for call in exchange.placed] == ["en"]
    assert "Press 1" in exchange.placed[0].text


def test_the_trail_tells_the_page_the_rungs_and_what_came_of_the_calls(
    alarm: Page, now: datetime
) -> None:
    run(now)

    events = list(Event.objects.filter(target_type="oncall.page"))
    assert [event.action for event in events] == ["oncall.page_started", "oncall.rung_taken"]
    assert {event.actor_key for event in events} == {"system:oncall"}
    assert events[1].data["people"] == ["张伟 (T001)"]
