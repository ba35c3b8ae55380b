"""The keys of the telephone: 1 takes it, 2 hands it on, 3 repeats. Through the simulator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from oncall import handlers
from oncall.models import Attempt, Page, SimulatedCall, SimulatedPhone
from oncall.services import call_events, simulated_line
from oncall.services.call_events import Answer
from tests.oncall.conftest import attempt_of, attempts, call_of, run
from workflow.decisions import deny_person
from workflow.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
Told = list[tuple[Page, User]]
ALL = ("pages", "calls", "simulator")


def pick_up_and_press(person: User, digits: str, now: datetime) -> SimulatedCall:
    """Answer the newest call and press keys."""
    call = call_of(person)
    simulated_line.answer(call.sid, person=person, now=now)
    for position, digit in enumerate(digits):
        simulated_line.press(call.sid, digit, position=position, person=person, now=now)
    call.refresh_from_db()
    return call


def test_1_takes_the_page(alarm: Page, tech: User, now: datetime, handler: Told) -> None:
    run(now, *ALL)
    call = pick_up_and_press(tech, "1", now)

    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by, alarm.acknowledged_via) == (
        "acknowledged", tech, "phone",
    )  # fmt: skip
    assert [person for _page, person in handler] == [tech]
    assert attempt_of(alarm, tech).state == Attempt.State.ACKNOWLEDGED
    assert call.state == SimulatedCall.State.ENDED


def test_after_1_nothing_rings_any_more(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    pick_up_and_press(tech, "1", now)
    for minute in range(1, 30):
        run(now + timedelta(minutes=minute), *ALL)

    assert SimulatedCall.objects.count() == 1
    assert Attempt.objects.count() == 1


def test_2_calls_the_backup_at_once(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    pick_up_and_press(tech, "2", now)
    run(now + timedelta(seconds=1), *ALL)

    assert attempts(alarm) == [(0, "zhangwei", "answered"), (1, "liuqiang", "ringing")]
    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN


def test_2_twice_skips_nobody(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    call = pick_up_and_press(tech, "2", now)
    call_events.pressed(call.reference, "2", position=0, now=now)
    run(now, *ALL)
    call_events.pressed(call.reference, "2", position=1, now=now)
    run(now + timedelta(seconds=1), *ALL)

    assert attempts(alarm) == [(0, "zhangwei", "answered"), (1, "liuqiang", "ringing")]


def test_3_says_it_again_and_the_line_stays_open(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    call = pick_up_and_press(tech, "33", now)

    assert (call.state, call.digits) == (SimulatedCall.State.ANSWERED, "33")
    simulated_line.press(call.sid, "1", position=2, person=tech, now=now)
    assert attempt_of(alarm, tech).digits == "331"


def test_another_key_explains_the_keys(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    call = pick_up_and_press(tech, "7", now)

    assert call.state == SimulatedCall.State.ANSWERED
    assert call.reply
    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN


def test_who_may_not_take_it_is_told_so_and_the_next_one_is_called(
    alarm: Page, tech: User, now: datetime, handler: Told
) -> None:
    User.objects.filter(pk=tech.pk).update(language="en")

    def not_the_reporter(_page: Page, person: User, _now: datetime) -> None:
        if person.pk == tech.pk:
            raise NotAllowed(deny_person("four_eyes", "You reported it."))

    handlers.on_acknowledged("test", not_the_reporter)
    run(now, *ALL)
    call = pick_up_and_press(tech, "1", now)
    run(now + timedelta(seconds=1), *ALL)

    assert "You reported it." in call.reply
    assert attempts(alarm) == [(0, "zhangwei", "answered"), (1, "liuqiang", "ringing")]


def test_a_doubled_1_takes_it_once(alarm: Page, tech: User, now: datetime, handler: Told) -> None:
    run(now, *ALL)
    call = pick_up_and_press(tech, "1", now)
    again = call_events.pressed(call.reference, "1", position=0, now=now)

    assert again.answer == Answer.TAKEN
    assert len(handler) == 1
    assert attempt_of(alarm, tech).digits == "1"


def test_a_1_that_arrives_after_the_end_of_its_call_still_counts(
    alarm: Page, tech: User, now: datetime
) -> None:
    run(now, *ALL)
    call = call_of(tech)
    simulated_line.answer(call.sid, person=tech, now=now)
    simulated_line.hang_up(call.sid, person=tech, now=now)
    reply = call_events.pressed(call.reference, "1", position=0, now=now)

    alarm.refresh_from_db()
    assert reply.answer == Answer.TAKEN
    assert alarm.acknowledged_by == tech


def test_a_late_3_cannot_hide_a_1(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    reference = call_of(tech).reference
    call_events.pressed(reference, "3", position=1, now=now)
    call_events.pressed(reference, "1", position=0, now=now)

    alarm.refresh_from_db()
    assert alarm.acknowledged_by == tech


def test_the_second_one_hears_who_has_it(
    alarm: Page, tech: User, tech2: User, now: datetime
) -> None:
    run(now, *ALL)
    reference = call_of(tech).reference
    later = now + timedelta(minutes=5)
    run(later, *ALL)
    call = call_of(tech2)
    simulated_line.answer(call.sid, person=tech2, now=later)
    call_events.pressed(reference, "1", position=0, now=later)
    simulated_line.press(call.sid, "1", position=0, person=tech2, now=later)

    call.refresh_from_db()
    assert tech.name in call.reply
    alarm.refresh_from_db()
    assert alarm.acknowledged_by == tech


@pytest.mark.parametrize(
    ("behaviour", "seconds", "state"),
    [("no_answer", 8, "no_answer"), ("busy", 0, "busy"), ("voicemail", 5, "voicemail")],
)
def test_a_telephone_without_a_human_never_takes_it(
    alarm: Page, tech: User, now: datetime, behaviour: str, seconds: int, state: str
) -> None:
    simulated_line.behave(tech, behaviour)
    run(now, *ALL)
    run(now + timedelta(seconds=seconds), *ALL)
    assert attempts(alarm) == [(0, "zhangwei", state)]
    run(now + timedelta(minutes=5), *ALL)

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN
    assert attempt_of(alarm, User.objects.get(username="liuqiang")).rung == 1


def test_nobody_picks_up_for_30_seconds(alarm: Page, now: datetime) -> None:
    run(now, *ALL)
    run(now + timedelta(seconds=29), *ALL)
    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    run(now + timedelta(seconds=30), *ALL)

    assert attempts(alarm) == [(0, "zhangwei", "no_answer")]


def test_declining_is_busy_and_takes_nothing(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    simulated_line.hang_up(call_of(tech).sid, person=tech, now=now)

    assert attempts(alarm) == [(0, "zhangwei", "busy")]


def test_a_line_left_open_closes_by_itself(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    simulated_line.answer(call_of(tech).sid, person=tech, now=now)
    run(now + timedelta(seconds=120), "simulator")

    assert call_of(tech).state == SimulatedCall.State.ENDED
    assert attempt_of(alarm, tech).ended_at == now + timedelta(seconds=120)


def test_keys_before_answering_do_nothing(alarm: Page, tech: User, now: datetime) -> None:
    run(now, *ALL)
    simulated_line.press(call_of(tech).sid, "1", position=0, person=tech, now=now)

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN


def test_taking_it_in_the_browser_silences_the_telephone(
    alarm: Page, tech: User, tech2: User, now: datetime, signed_in: Callable[[User], Client]
) -> None:
    run(now, *ALL)
    signed_in(tech2).post(f"/pages/{alarm.pk}/acknowledge/")
    run(now + timedelta(days=365), "calls")

    assert call_of(tech).state == SimulatedCall.State.ENDED
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_somebody_elses_telephone_cannot_be_answered(
    alarm: Page, tech: User, tech2: User, now: datetime
) -> None:
    run(now, *ALL)
    with pytest.raises(NotFound):
        simulated_line.answer(call_of(tech).sid, person=tech2, now=now)


def test_how_a_telephone_behaves_is_set_once_per_person(tech: User) -> None:
    simulated_line.behave(tech, "busy")
    simulated_line.behave(tech, "ring")

    assert SimulatedPhone.objects.get(person=tech).behaviour == "ring"
