"""Only a human stops a page, and then nothing rings any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from oncall import handlers
from oncall.models import Attempt, Page
from oncall.providers.base import CallRequest, LineState
from oncall.services import call_events
from oncall.services.pages import acknowledge, close_pages
from tests.oncall.conftest import Exchange, attempt_of, attempts, begin, run
from workflow.decisions import deny_person
from workflow.errors import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exchange")]
Told = list[tuple[Page, User]]


def refuse(_page: Page, _person: User, _now: datetime) -> None:
    """A handler whose record may not be taken by this person."""
    raise NotAllowed(deny_person("four_eyes", "You reported it."))


def test_taking_it_stops_the_ladder_and_tells_the_record(
    alarm: Page, tech: User, now: datetime, handler: Told
) -> None:
    run(now)
    acknowledge(page=alarm, person=tech, via="browser", now=now)
    run(now + timedelta(minutes=29))

    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by, alarm.acknowledged_via) == (
        "acknowledged", tech, "browser",
    )  # fmt: skip
    assert [person for _page, person in handler] == [tech]
    assert [rung for rung, _name, _state in attempts(alarm)] == [0]


def test_a_call_that_has_not_left_never_leaves(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    run(now, "pages")
    acknowledge(page=alarm, person=tech, via="browser", now=now)
    run(now + timedelta(minutes=1))

    assert exchange.placed == []
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_telephones_that_ring_are_hung_up(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    acknowledge(page=alarm, person=tech2, via="browser", now=now)
    run(now)

    assert exchange.cancelled == [
        attempt_of(alarm, User.objects.get(username="zhangwei")).idempotency_key
    ]
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_a_call_that_is_leaving_just_then_is_hung_up_as_soon_as_it_rings(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange
) -> None:
    def somebody_takes_it(_request: CallRequest) -> None:
        acknowledge(page=alarm, person=tech2, via="browser", now=now)

    exchange.before = somebody_takes_it
    run(now)

    assert len(exchange.placed) == 1
    assert exchange.cancelled == [exchange.placed[0].reference]
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_a_hang_up_that_fails_is_tried_again(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    exchange.cancel_fails = TimeoutError()
    acknowledge(page=alarm, person=tech2, via="browser", now=now)
    run(now)
    exchange.cancel_fails = None
    run(now + timedelta(minutes=2))

    assert len(exchange.cancelled) == 1
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


@pytest.mark.parametrize("state", [LineState.ANSWERED, LineState.COMPLETED, LineState.VOICEMAIL])
def test_an_answer_without_a_digit_acknowledges_nothing(
    alarm: Page, tech: User, now: datetime, state: LineState
) -> None:
    run(now)
    reference = attempt_of(alarm, tech).idempotency_key
    call_events.line_moved(reference, LineState.ANSWERED, now=now)
    call_events.line_moved(reference, state, now=now)
    run(now + timedelta(minutes=5))

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN
    assert [name for rung, name, _state in attempts(alarm) if rung == 1] == ["liuqiang"]


def test_the_second_one_learns_that_it_was_taken(
    alarm: Page, tech: User, tech2: User, now: datetime, handler: Told
) -> None:
    acknowledge(page=alarm, person=tech, via="browser", now=now)
    found = acknowledge(page=alarm, person=tech2, via="browser", now=now)

    assert found.acknowledged_by == tech
    assert len(handler) == 1
    assert Event.objects.filter(action="oncall.page_acknowledged").count() == 1


def test_a_handler_that_refuses_leaves_the_page_calling(
    alarm: Page, tech: User, now: datetime, handler: Told
) -> None:
    handlers.on_acknowledged("test", refuse)
    with pytest.raises(NotAllowed):
        acknowledge(page=alarm, person=tech, via="browser", now=now)

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN
    assert not Event.objects.filter(action="oncall.page_acknowledged").exists()


def test_a_handler_that_closes_the_pages_of_its_record_leaves_the_one_in_hand(
    alarm: Page, tech: User, now: datetime, handler: Told
) -> None:
    other = begin(now, key="test:GZ-20261123-0001:breach")
    handlers.on_acknowledged(
        "test", lambda page, _person, now: (close_pages(subject=page.subject, now=now), None)[1]
    )
    acknowledge(page=alarm, person=tech, via="browser", now=now)

    alarm.refresh_from_db()
    other.refresh_from_db()
    assert (alarm.state, other.state) == ("acknowledged", "closed")


def test_handlers_of_other_prefixes_are_left_alone(
    alarm: Page, tech: User, now: datetime, handler: Told
) -> None:
    called: list[Page] = []
    handlers.on_acknowledged("other", lambda page, _person, _now: called.append(page))
    acknowledge(page=alarm, person=tech, via="browser", now=now)

    assert called == []


def test_closing_the_record_stops_its_pages_only(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    other = begin(now, key="test:GZ-20261123-0002:reported", subject="GZ-20261123-0002")
    run(now)
    assert close_pages(subject=alarm.subject, now=now) == 1
    run(now)

    alarm.refresh_from_db()
    other.refresh_from_db()
    assert (alarm.state, other.state) == ("closed", "open")
    assert len(exchange.cancelled) == 1
    assert close_pages(subject=alarm.subject, now=now) == 0


def test_after_the_end_the_same_reason_may_ring_anew(alarm: Page, now: datetime) -> None:
    close_pages(subject=alarm.subject, now=now)

    assert begin(now).pk != alarm.pk


@pytest.mark.parametrize("name", ["reporter", "monitor", "superior", "sysadmin", "auditor"])
def test_people_outside_the_desk_cannot_take_it(
    alarm: Page, now: datetime, name: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        acknowledge(page=alarm, person=person, via="browser", now=now)

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN


def test_who_was_called_may_take_it_whatever_the_role(
    alarm: Page, monitor: User, now: datetime
) -> None:
    Attempt.objects.create(
        page=alarm, person=monitor, rung=0, number="1", text="x", language="en",
        idempotency_key="k", created_at=now,
    )  # fmt: skip
    taken = acknowledge(page=alarm, person=monitor, via="browser", now=now)

    assert taken.acknowledged_by == monitor


def test_taking_it_in_the_browser(
    alarm: Page, agent: User, signed_in: Callable[[User], Client], now: datetime
) -> None:
    response = signed_in(agent).post(f"/pages/{alarm.pk}/acknowledge/")

    alarm.refresh_from_db()
    assert response.status_code == 302
    assert (alarm.state, alarm.acknowledged_by) == ("acknowledged", agent)
