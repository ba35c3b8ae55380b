"""Internal targets follow a defect through its steps, whichever service moves it."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from notifications.models import Message
from sla.models import Target, TargetClock, TargetStep
from sla.targets import remind_due
from tests.tickets.journey import Journey
from tickets.services import defects, ending, grouping, triage

MINUTES = 240


@pytest.fixture(autouse=True)
def _targets(db: None) -> None:
    for step in TargetStep.values:
        Target.objects.create(step=step, level="S3", minutes=MINUTES)


def states() -> dict[str, str]:
    """State of each step's latest clock."""
    return {clock.step: clock.state for clock in TargetClock.objects.order_by("run")}


def test_every_step_of_the_usual_path_has_its_clock(journey: Journey) -> None:
    journey.closed()

    assert states() == dict.fromkeys(
        ("accept", "triage", "processing", "sign_off", "implementation", "verification", "reply",
         "superior_report"),
        "met",
    )  # fmt: skip
    assert not TargetClock.objects.filter(next_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("state", "running"),
    [
        ("submitted", {"accept"}),
        ("triaging", {"triage"}),
        ("tech_processing", {"processing"}),
        ("pending_signoff", {"sign_off", "superior_report"}),
        ("approved", {"implementation", "superior_report"}),
        ("implementing", {"implementation", "superior_report"}),
        ("verifying", {"verification", "superior_report"}),
        ("resolved", {"reply", "superior_report"}),
        ("replied", set()),
        ("closed", set()),
    ],
)
def test_what_runs_in_each_state(journey: Journey, state: str, running: set[str]) -> None:
    journey.at(state)

    assert {step for step, its in states().items() if its == "running"} == running


def test_a_draft_has_no_clock_until_it_is_submitted(journey: Journey) -> None:
    draft = journey.draft()
    assert states() == {}
    defects.submit(draft, actor=journey.cast.reporter, now=journey.later())

    assert states() == {"accept": "running"}


def test_returned_pauses_and_submitting_again_resumes(journey: Journey) -> None:
    """D4, D2: internal clock paused while returned."""
    defect = journey.returned()
    assert states() == {"accept": "paused"}
    defects.submit(defect, actor=journey.cast.reporter, now=journey.later())

    assert states() == {"accept": "running"}
    pause = TargetClock.objects.get().pauses.get()
    assert pause.resumed_at == journey.now


def test_returned_during_analysis_resumes_the_analysis(journey: Journey) -> None:
    defect = triage.return_for_information(
        journey.triaging(), actor=journey.cast.support, now=journey.later(), opinion="请补充日志"
    )
    assert states() == {"accept": "met", "triage": "paused"}
    defect = defects.submit(defect, actor=journey.cast.reporter, now=journey.later())
    assert states() == {"accept": "met", "triage": "running"}
    triage.accept(defect, actor=journey.cast.support, now=journey.later())

    assert states() == {"accept": "met", "triage": "running"}
    assert TargetClock.objects.filter(step="triage").count() == 1


def test_withdrawn_is_void(journey: Journey) -> None:
    ending.withdraw(
        journey.submitted(),
        actor=journey.cast.reporter,
        now=journey.later(),
        opinion="提交错了系统",
    )
    assert states() == {"accept": "voided"}


def test_merged_is_void(journey: Journey) -> None:
    parent = journey.triaging()
    grouping.merge(
        journey.submitted(), actor=journey.cast.support, now=journey.later(), parent=parent
    )
    assert states() == {"accept": "voided", "triage": "running"}


def test_a_refused_step_moves_no_clock(journey: Journey) -> None:
    from workflow.errors import NotAllowed

    defect = journey.submitted()
    with pytest.raises(NotAllowed):
        triage.accept(defect, actor=journey.cast.reporter, now=journey.later())

    assert states() == {"accept": "running"}


def test_the_holder_is_reminded_in_his_language(journey: Journey, tech: User) -> None:
    tech.language = "en"
    tech.save()
    defect = journey.tech_processing()
    clock = TargetClock.objects.get(step="processing")
    assert clock.warn_at is not None
    assert clock.due_at is not None
    remind_due(clock.warn_at)
    remind_due(clock.due_at + (clock.due_at - clock.warn_at))

    told = Message.objects.filter(dedupe_key__startswith="target:", channel="in_app")
    assert {message.recipient for message in told} == {tech}
    assert [message.subject for message in told.order_by("pk")] == [
        f"{defect.number}: the internal target of “Process” comes near",
        f"{defect.number}: the internal target of “Process” has passed",
    ]


def test_while_a_role_holds_it_the_role_is_reminded(journey: Journey, support: User) -> None:
    journey.submitted()
    clock = TargetClock.objects.get()
    assert clock.warn_at is not None
    remind_due(clock.warn_at)

    told = Message.objects.filter(dedupe_key__startswith="target:", channel="in_app")
    assert [message.recipient for message in told] == [support]
    assert "内部目标" in told[0].subject


def test_without_targets_nothing_is_counted(journey: Journey, now: datetime) -> None:
    """The default: 未约定."""
    Target.objects.all().delete()
    journey.closed()

    assert not TargetClock.objects.exists()
