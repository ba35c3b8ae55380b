"""The stored clocks are those of the trail, and whoever changes one is found (I03, R21–R24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit.models import Event
from audit.verify import verify_chain
from engine import registry
from notifications.models import Message
from servicedesk.demo.load import load_people, load_samples
from sla import checking, services
from sla.models import Agreement, Clock, ClockCheck, Commitment, Milestone
from sla.proof import differences
from tests.sla.conftest import T0, Promise, after

Open = Callable[..., Promise]


def found(at_hour: float = 50) -> list[str]:
    """Every difference, as "clock what"."""
    rows = differences(list(Commitment.objects.order_by("pk")), after(at_hour))
    return [f"{each.clock} {each.what}".strip() for each in rows]


def lived(promise: Open) -> Promise:
    """Clocks with a breach, a rejected recovery, a plan and a delivered report."""
    clocks = promise()
    clocks.tick(after(11))
    clocks.resolve(after(11.2))
    clocks.reject(after(11.4))
    clocks.tick(after(13))
    clocks.plan(after(14))
    clocks.resolve(after(15))
    clocks.tick(after(36))
    clocks.report(after(37))
    return clocks


def test_a_whole_life_is_rebuilt_without_a_difference(promise: Open) -> None:
    lived(promise)
    promise().tick(after(16))
    promise(is_drill=True, hour_seconds=5)

    assert found() == []


def test_a_clock_that_waits_for_another_try_is_no_difference(
    promise: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sla import handlers

    clocks = promise()

    def broken(_fired: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(handlers._handlers, "sample", [broken])
    services.fire_due(after(6))

    assert clocks.get("fix").next_milestone_at == after(6, 60)
    assert found(6) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"due_at": after(13)}, "fix due_at"),
        ({"origin": after(1)}, "fix origin"),
        ({"breached_at": None}, "fix breached_at"),
        ({"state": "met"}, "fix state"),
        ({"stopped_at": after(11)}, "fix stopped_at"),
        ({"opened_at": after(11)}, "fix opened_at"),
        ({"ended_by": "delivered"}, "fix ended_by"),
    ],
)
def test_a_changed_clock_is_found(promise: Open, changes: dict[str, Any], what: str) -> None:
    clocks = lived(promise)
    Clock.objects.filter(pk=clocks.get("fix").pk).update(**changes)

    assert found() == [what]


def test_a_milestone_taken_away_or_put_off_is_found(promise: Open) -> None:
    clocks = promise()
    clocks.tick(after(9))
    fix = clocks.get("fix")
    fix.milestones.get(code="half").delete()
    fix.milestones.filter(code="three_quarters").update(fired_at=after(8), late=True)
    Clock.objects.filter(pk=fix.pk).update(next_milestone_at=after(40))

    assert found(9) == [
        "fix next_milestone_at",
        "fix milestone half",
        "fix milestone three_quarters fired_at",
        "fix milestone three_quarters late",
    ]


def test_a_milestone_nobody_told_is_found(promise: Open) -> None:
    clocks = promise()
    Milestone.objects.create(
        clock=clocks.get("plan"), code="half", due_at=after(14), fired_at=after(14)
    )

    assert found(1) == ["plan milestone half"]


def test_a_clock_added_or_removed_past_the_services_is_found(promise: Open) -> None:
    clocks = promise()
    Clock.objects.create(
        commitment=clocks.commitment, kind="report", origin=T0, due_at=after(24),
        next_milestone_at=after(12),
    )  # fmt: skip
    clocks.get("plan").delete()

    assert found(1) == ["report clock", "plan clock"]


@pytest.mark.parametrize(
    "change",
    [
        {"fix_hours": 14},
        {"plan_hours": 20},
        {"report_hours": 30},
        {"plan_clock_origin": "fix_due"},
    ],
)
def test_an_agreement_changed_under_a_running_clock_is_found(
    promise: Open, change: dict[str, Any]
) -> None:
    """R56: a version that was used never changes."""
    promise()
    Agreement.objects.update(**change)

    assert next(iter(change)) in found(1)


def test_a_commitment_without_a_trail_is_found(db: None) -> None:
    Commitment.objects.create(
        subject="GZ-1", kind="sample", agreement=Agreement.objects.get(), created_at=T0
    )

    assert found(1) == ["opening"]


ACTS = ["tick", "plan", "resolve", "reject", "report", "earlier", "later", "void"]
STORIES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(min_value=0, max_value=16),
        st.sampled_from([0, 1, 59]),
    ),
    max_size=10,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=STORIES)
def test_any_story_with_moved_t0_is_rebuilt_without_a_difference(
    promise: Open, story: list[tuple[str, int, int]]
) -> None:
    clocks = promise()
    at, t0, resolved = T0, T0, False
    for name, half_hours, seconds in story:
        at += timedelta(minutes=30 * half_hours, seconds=seconds)
        if name in ("earlier", "later"):
            t0 = t0 - timedelta(hours=2) if name == "earlier" else min(t0 + timedelta(hours=3), at)
            clocks.move(t0, at)
        elif name == "tick":
            clocks.tick(at)
        elif name == "void":
            clocks.void(at)
            break
        elif (name == "resolve" and not resolved) or (name == "reject" and resolved):
            getattr(clocks, name)(at)
            resolved = not resolved
        elif name in ("plan", "report"):
            getattr(clocks, name)(at)
    clocks.tick(at + timedelta(hours=1))

    assert differences([clocks.commitment], at + timedelta(hours=1)) == []


# --- the nightly check -----------------------------------------------------------------------
def test_the_first_check_comes_at_once_and_the_next_one_at_night(promise: Open) -> None:
    lived(promise)
    registry.run("proof", after(37.5))

    done, waiting = ClockCheck.objects.order_by("pk")
    assert (done.finished_at, done.records, done.difference_count) == (after(37.5), 1, 0)
    # Beijing 2026-11-25 02:30.
    assert waiting.due_at == after(50.5)
    assert registry.run("proof", after(40)) == 0
    registry.run("proof", after(50.5))
    assert ClockCheck.objects.filter(finished_at=after(50.5)).count() == 1
    assert checking.last_check() == waiting


def test_a_check_goes_on_where_a_dead_worker_left_it(
    promise: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PIECE", 2)
    for _number in range(5):
        promise()
    checking.check_due(after(1))
    checking.check_due(after(1))
    half = ClockCheck.objects.get()
    assert (half.records, half.finished_at) == (4, None)
    # Claimed by a worker that never came back: taken up again when its lease has ended.
    ClockCheck.objects.update(due_at=after(1) + checking.LEASE)
    assert checking.check_due(after(1, 60)) == 0
    registry.run("proof", after(1, 121))

    assert ClockCheck.objects.get(pk=half.pk).records == 5
    assert ClockCheck.objects.filter(finished_at=None).count() == 1


def test_a_difference_is_in_the_trail_and_people_are_told(
    promise: Open, supervisor: User, auditor: User, agent: User
) -> None:
    clocks = lived(promise)
    Clock.objects.filter(pk=clocks.get("fix").pk).update(due_at=after(20))
    registry.run("proof", after(38))

    check = checking.last_check()
    assert check is not None
    assert check.difference_count == 1
    assert check.differences[0]["what"] == "due_at"
    event = Event.objects.get(action="sla.checked")
    assert event.data == {"records": 1, "internal": 0, "differences": 1}
    letters = Message.objects.filter(dedupe_key=f"sla:check:{check.pk}", channel="in_app")
    assert {letter.recipient for letter in letters} == {supervisor, auditor}
    assert clocks.commitment.subject in letters[0].body
    assert verify_chain().intact


def test_without_a_difference_nobody_is_disturbed(promise: Open, supervisor: User) -> None:
    promise()
    registry.run("proof", after(1))

    assert not Message.objects.exists()


# --- the command -----------------------------------------------------------------------------
def test_the_command_names_the_difference_and_fails(promise: Open) -> None:
    clocks = lived(promise)
    Clock.objects.filter(pk=clocks.get("fix").pk).update(breached_at=None)
    said = StringIO()

    with pytest.raises(CommandError, match="1 records and 0 internal clocks checked"):
        call_command("recompute_clocks", check=True, stderr=said)
    assert f"{clocks.commitment.subject} fix breached_at: nothing is stored" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("recompute_clocks", check=True, record=clocks.commitment.subject, stderr=said)


def test_the_command_says_so_when_all_is_well_and_its_result_is_kept(promise: Open) -> None:
    lived(promise)
    said = StringIO()
    call_command("recompute_clocks", check=True, stdout=said)

    assert "no difference" in said.getvalue()
    check = checking.last_check()
    assert check is not None
    assert (check.records, check.by_hand) == (1, True)


def test_an_unknown_record_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="GZ-nothing"):
        call_command("recompute_clocks", check=True, record="GZ-nothing")


def test_without_check_nothing_runs(db: None) -> None:
    with pytest.raises(CommandError, match="--check"):
        call_command("recompute_clocks")


@pytest.fixture
def demo(db: None) -> None:
    """The demonstration data."""
    load_people(timezone.now())
    load_samples()


@pytest.mark.usefixtures("demo")
def test_the_demonstration_data_have_no_difference() -> None:
    commitments: models.QuerySet[Commitment] = Commitment.objects.all()

    assert commitments.count() >= 2
    assert differences(list(commitments), timezone.now()) == []
