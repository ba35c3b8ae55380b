"""Once a record needs nobody any more, no telephone rings for it (R16, E2, E5, E10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from incidents import alerts, services
from incidents.models import Incident
from oncall import providers
from oncall.models import Attempt, Page, Shift
from oncall.models import SimulatedCall as Call
from oncall.services.pages import acknowledge
from tests.incidents.conftest import T0, WORDS, Story, after
from tests.oncall.conftest import run

pytestmark = pytest.mark.django_db
Begin = Callable[..., Story]
QUIET_FOR = timedelta(hours=2)


@pytest.fixture
def ringing(story: Begin, tech: User, tech2: User) -> Story:
    """A reported incident; the primary's telephone rings and the backup's turn is near."""
    Shift.objects.create(starts_at=after(-1), ends_at=after(23), primary=tech, backup=tech2)
    told = story()
    run(T0)
    assert Call.objects.filter(state=Call.State.RINGING).count() == 1
    return told


def silent(since: datetime, span: timedelta = QUIET_FOR) -> None:
    """Let the engines run on for a while: nothing rings, and no further call leaves."""
    before = Call.objects.count()
    at = since
    while at <= since + span:
        run(at)
        at += timedelta(minutes=5)
    assert Call.objects.count() == before
    assert not Call.objects.exclude(state=Call.State.ENDED).exists()
    assert not Attempt.objects.filter(ended_at=None).exists()
    assert not Page.objects.filter(state=Page.State.OPEN).exists()


def call_again(incident: Incident, at: datetime) -> None:
    """A deadline rings about an incident that was taken over; the first call was hung up."""
    run(at)
    alerts.page_on_call(incident, reason="deadline", to_do=lambda: WORDS, now=at)
    run(at)
    assert Call.objects.exclude(state=Call.State.ENDED).exists()


def test_after_taking_it_over_in_the_room_no_call_leaves(ringing: Story) -> None:
    ringing.acknowledge(after(0, 60))

    # Half an hour later the ladder begins anew, unless something was done.
    silent(after(0, 60), timedelta(minutes=25))


def test_after_pressing_1_no_call_leaves(ringing: Story, tech: User) -> None:
    acknowledge(page=Page.objects.get(), person=tech, via="phone", now=after(0, 60))

    silent(after(0, 60), timedelta(minutes=25))


def test_a_call_that_waits_to_leave_is_dropped(ringing: Story) -> None:
    run(after(0, 300), "pages")
    assert Attempt.objects.filter(state=Attempt.State.QUEUED).count() == 1
    ringing.acknowledge(after(0, 300))

    silent(after(0, 300), timedelta(minutes=20))


def test_after_a_false_alarm_no_call_leaves(ringing: Story, people: dict[str, User]) -> None:
    ringing.acknowledge(after(0, 60))
    call_again(ringing.incident, after(0, 120))
    services.dismiss(
        ringing.incident, actor=people["supervisor"], now=after(0, 180), evidence=WORDS
    )

    silent(after(0, 180))


def test_after_resolving_no_call_leaves(ringing: Story) -> None:
    ringing.acknowledge(after(0, 60)).declare(after(0, 90)).protect(after(0, 120))
    call_again(ringing.incident, after(0.5))
    ringing.resolve(after(0.6))

    silent(after(0.6))


def _taken(ringing: Story, _main: Story) -> None:
    acknowledge(page=Page.objects.get(state="open"), person=ringing.people["tech"], via="link",
                now=after(0.5))  # fmt: skip


def _dismissed(ringing: Story, _main: Story) -> None:
    services.dismiss(
        ringing.incident, actor=ringing.people["supervisor"], now=after(0.5), evidence=WORDS
    )


def _resolved(ringing: Story, _main: Story) -> None:
    ringing.declare(after(0.4)).protect(after(0.45)).resolve(after(0.5))


def _merged(ringing: Story, main: Story) -> None:
    ringing._do(
        services.merge,
        "supervisor",
        after(0.5),
        main=main.fresh(),
        reason="同一存储故障引起的两次报告",
    )


@pytest.mark.parametrize("end", [_taken, _dismissed, _resolved, _merged])
def test_what_ends_the_need_after_a_call_was_leased_stops_it_before_the_provider(
    ringing: Story,
    story: Begin,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Story, Story], None],
) -> None:
    """A worker has the call in hand and is about to ask the provider; it does not."""
    ringing.acknowledge(after(0, 60))
    run(after(0, 60))
    main = story(first_contact_at=after(0))
    main.acknowledge(after(0, 60))
    run(after(0, 60))
    alerts.page_on_call(ringing.incident, reason="deadline", to_do=lambda: WORDS, now=after(0.3))
    run(after(0.3), "pages")
    assert Attempt.objects.filter(state=Attempt.State.QUEUED).count() == 1
    simulator, acts = providers.chosen(), [lambda: end(ringing, main)]

    def named(_name: str) -> object:
        if acts:
            acts.pop()()
        return simulator

    monkeypatch.setattr(providers, "chosen", lambda: simulator)
    monkeypatch.setattr(providers, "named", named)
    before = Call.objects.count()
    run(after(0.3), "calls")

    assert acts == []
    assert Call.objects.count() == before
    assert not Attempt.objects.filter(page__subject=ringing.incident.number, ended_at=None).exists()
    assert not Page.objects.filter(subject=ringing.incident.number, state="open").exists()
