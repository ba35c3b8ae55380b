"""What is said to the provider, and what happens when it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User
from audit.models import Event
from oncall import providers
from oncall.models import Attempt, Page
from oncall.providers.base import CallRequest, LineState, PermanentFailure, TransientFailure
from oncall.services import call_events, calls
from oncall.services.pages import acknowledge
from tests.oncall.conftest import Exchange, attempt_of, attempts, begin, run

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Crash(BaseException):
    """The worker dies: nothing after this line runs."""


def failing(*errors: BaseException) -> Callable[[CallRequest], None]:
    """Raise these, one per call, then nothing more."""
    left = list(errors)

    def fail(_request: CallRequest) -> None:
        if left:
            raise left.pop(0)

    return fail


def test_the_call_carries_number_words_and_our_reference(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    run(now)

    [call] = exchange.placed
    assert call.reference == f"page:{alarm.pk}:rung:0:{tech.pk}"
    assert (call.number, call.language, call.is_drill) == (tech.phone, "zh-hans", False)
    assert "收单数据库无响应" in call.text


def test_a_transient_failure_is_tried_again_with_growing_pauses(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.before = failing(TransientFailure("busy"), TransientFailure("busy"))
    run(now)
    assert attempts(alarm) == [(0, "zhangwei", "queued")]
    run(now + 4 * SECOND)
    assert exchange.placed == []
    run(now + 5 * SECOND)
    run(now + 14 * SECOND)
    assert exchange.placed == []
    run(now + 15 * SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]


def test_after_many_tries_the_next_one_is_called(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    def dead_line(request: CallRequest) -> None:
        if ":rung:0:" in request.reference:
            raise TransientFailure

    exchange.before = dead_line
    # Only the number of tries is looked at here, not the ladder's own waiting.
    Page.objects.filter(pk=alarm.pk).update(
        ladder=[{**step, "wait_seconds": 86_400} for step in alarm.ladder]
    )
    for second in range(0, 1200, 5):
        run(now + second * SECOND)

    assert attempts(alarm)[:2] == [(0, "zhangwei", "failed"), (1, "liuqiang", "ringing")]


def test_a_permanent_failure_calls_the_next_one_at_once(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.before = failing(PermanentFailure("no such number"))
    run(now)
    run(now + SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "failed"), (1, "liuqiang", "ringing")]
    assert "no such number" in attempt_of(alarm, User.objects.get(username="zhangwei")).error


def test_numbers_that_are_all_dead_do_not_make_it_spin(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    def dead(_request: CallRequest) -> None:
        raise PermanentFailure

    exchange.before = dead
    for second in range(60):
        run(now + second * SECOND)

    alarm.refresh_from_db()
    assert alarm.state == Page.State.OPEN
    assert alarm.step_index == 4


def test_a_time_out_after_the_request_left_is_unknown_and_never_doubled(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.after = failing(TimeoutError("read timed out"))
    run(now)
    assert attempts(alarm) == [(0, "zhangwei", "unknown")]
    run(now + 10 * SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_a_time_out_before_the_provider_took_it_is_placed_after_asking(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.before = failing(TimeoutError("connect timed out"))
    run(now)
    run(now + 10 * SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_while_the_provider_cannot_be_asked_it_stays_unknown(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.after = failing(TimeoutError())
    exchange.lookup_fails = ConnectionError()
    for second in range(0, 60, 5):
        run(now + second * SECOND)
    assert attempts(alarm) == [(0, "zhangwei", "unknown")]
    exchange.lookup_fails = None
    run(now + timedelta(minutes=2))

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_a_worker_that_dies_after_the_request_left_does_not_call_twice(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.after = failing(Crash())
    with pytest.raises(Crash):
        run(now)
    run(now + 7 * SECOND, "calls")
    assert attempts(alarm) == [(0, "zhangwei", "sending")]
    run(now + 8 * SECOND, "calls")

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_a_worker_that_dies_before_the_request_left_calls_after_the_lease(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    exchange.before = failing(Crash())
    with pytest.raises(Crash):
        run(now)
    run(now + 8 * SECOND, "calls")

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_a_worker_that_dies_and_a_page_taken_meanwhile_call_nobody(
    alarm: Page, tech2: User, now: datetime, exchange: Exchange
) -> None:
    exchange.before = failing(Crash())
    with pytest.raises(Crash):
        run(now)
    acknowledge(page=alarm, person=tech2, via="browser", now=now)
    run(now + 60 * SECOND)

    assert exchange.placed == []
    assert attempts(alarm) == [(0, "zhangwei", "cancelled")]


def test_a_late_finisher_changes_nothing(alarm: Page, now: datetime, exchange: Exchange) -> None:
    def somebody_else_finishes(_request: CallRequest) -> None:
        exchange.before = None
        run(now + 60 * SECOND, "calls")
        raise TransientFailure("late")

    exchange.before = somebody_else_finishes
    run(now)

    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    assert len(exchange.placed) == 1


def test_a_silent_provider_is_asked_what_became_of_the_call(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    run(now)
    exchange.known[attempt_of(alarm, tech).idempotency_key] = LineState.NO_ANSWER
    run(now + 59 * SECOND)
    assert attempts(alarm) == [(0, "zhangwei", "ringing")]
    run(now + 60 * SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "no_answer")]


def test_a_call_the_provider_has_lost_is_given_up(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    run(now)
    exchange.known.clear()
    run(now + 60 * SECOND)
    run(now + 61 * SECOND)

    assert attempts(alarm) == [(0, "zhangwei", "failed"), (1, "liuqiang", "ringing")]


@pytest.mark.parametrize(
    "told",
    [
        [LineState.RINGING, LineState.ANSWERED, LineState.COMPLETED],
        [LineState.ANSWERED, LineState.RINGING, LineState.ANSWERED, LineState.COMPLETED],
        [LineState.COMPLETED, LineState.ANSWERED, LineState.RINGING, LineState.COMPLETED],
    ],
)
def test_callbacks_may_come_doubled_and_in_any_order(
    alarm: Page, tech: User, now: datetime, exchange: Exchange, told: list[LineState]
) -> None:
    run(now)
    reference = attempt_of(alarm, tech).idempotency_key
    for state in told:
        call_events.line_moved(reference, state, now=now)

    attempt = attempt_of(alarm, tech)
    assert (attempt.state, attempt.ended_at) == (Attempt.State.ANSWERED, now)
    assert Event.objects.filter(action="oncall.attempt_ended").count() == 1


def test_a_callback_before_our_own_result_is_kept(
    alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    exchange.after = lambda request: call_events.line_moved(
        request.reference, LineState.BUSY, now=now
    )
    run(now)

    assert attempts(alarm) == [(0, "zhangwei", "busy")]
    assert attempt_of(alarm, tech).provider_id == "id-1"


def test_a_callback_about_a_call_that_is_not_ours_is_ignored(alarm: Page, now: datetime) -> None:
    call_events.line_moved("page:0:rung:0:0", LineState.ANSWERED, now=now)

    assert attempts(alarm) == []


def test_waiting_grows_and_is_capped() -> None:
    waits = [calls.wait_before(tries).total_seconds() for tries in range(1, 8)]

    assert waits == [5, 10, 20, 40, 60, 60, 60]


def test_an_unknown_provider_is_a_mistake_of_the_set_up(settings: object) -> None:
    settings.PHONE_PROVIDER = "carrier-pigeon"  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="carrier-pigeon"):
        providers.chosen()


@pytest.mark.parametrize("is_over", [False, True])
def test_a_call_that_names_itself_is_taken_from_whoever_had_it(
    is_over: bool, alarm: Page, tech: User, now: datetime, exchange: Exchange
) -> None:
    """Both answers were lost, and the wrong one was told that the call was its own."""
    begin(now, key="test:GZ-20261123-0002:a", subject="GZ-20261123-0002")
    exchange.after = failing(TimeoutError(), TimeoutError())
    run(now)
    run(now)
    mistaken, owner = Attempt.objects.order_by("pk")
    line = call_events.line_moved
    Attempt.objects.filter(pk=mistaken.pk).update(provider_id="X", state="ringing", sequence=2)
    if is_over:
        line(mistaken.idempotency_key, LineState.NO_ANSWER, now=now, provider_id="X")
    line(owner.idempotency_key, LineState.RINGING, now=now + SECOND, provider_id="X")

    mistaken.refresh_from_db()
    owner.refresh_from_db()
    assert (owner.provider_id, owner.state) == ("X", "ringing")
    assert (mistaken.provider_id, mistaken.sequence) == ("", -1)
    if is_over:
        assert (mistaken.state, mistaken.error) == ("failed", call_events.NEVER_RANG)
    else:
        assert (mistaken.state, mistaken.next_try_at) == ("unknown", now + SECOND)


def test_requests_without_an_answer_are_named_as_rivals(
    alarm: Page, now: datetime, exchange: Exchange
) -> None:
    begin(now, key="test:GZ-20261123-0002:a", subject="GZ-20261123-0002")
    exchange.before = failing(TimeoutError(), TimeoutError())
    run(now)
    run(now)
    first, second = Attempt.objects.order_by("pk")
    assert [calls._inquiry(each).rivals for each in (first, second)] == [1, 1]
    # After half a minute nobody waits for the other one any more.
    assert calls._inquiry(first, rivals_since=now).rivals == 0
    Attempt.objects.filter(pk=second.pk).update(provider_id="X")
    assert calls._inquiry(first).rivals == 0
    assert calls._inquiry(first).known == {"X"}
