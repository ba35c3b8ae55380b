"""However a defect moves, its internal clocks are those of the trail (I03, R32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from sla.models import Target, TargetClock, TargetStep
from sla.target_proof import last_number, target_differences
from sla.targets import remind_due
from teamwork.services.delegation import delegate
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets.services import defects, deferring, processing, reopening, triage

EVERY = (
    "closed", "returned", "triaging+refuted", "biz_processing", "tech_processing+third",
    "pending_signoff+emergency", "approved+emergency", "awaiting_superior",
    "awaiting_superior+sent", "deferred", "replied+silent", "submitted+void", "converted",
    "merged", "merged+replied", "withdrawn", "voided", "tech_processing+withdraw",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _targets(db: None, settings: Any) -> None:
    settings.EMERGENCY_IMPLEMENTATION = True
    for step in TargetStep.values:
        for level in ("S2", "S3", "S4"):
            Target.objects.create(step=step, level=level, minutes=2)


def proved(journey: Journey) -> list[str]:
    """Every difference of any internal clock an hour later, as words."""
    now = journey.now + timedelta(hours=1)
    remind_due(now)
    seen, found = target_differences(range(last_number() + 1), now)
    assert seen > 0
    return [str(each) for each in found]


@pytest.mark.parametrize("situation", EVERY)
def test_recomputed_equal_in_every_situation(
    situations: Situations, journey: Journey, situation: str
) -> None:
    situations.build(situation)

    assert proved(journey) == []


def test_recomputed_equal_after_reopening_resuming_and_a_second_cycle(
    situations: Situations, journey: Journey
) -> None:
    cast = journey.cast
    deferred = situations.build("deferred")
    deferring.resume(deferred, actor=cast.support, now=journey.later(), opinion="条件已具备")
    reopening.reopen(
        journey.closed(), actor=cast.reporter, now=journey.later(), opinion="同一问题再次出现"
    )

    assert TargetClock.objects.filter(run=2).exists()
    assert proved(journey) == []


def test_the_event_names_the_person_and_the_reason(journey: Journey, support: User) -> None:
    defect = triage.return_for_information(
        journey.triaging(), actor=support, now=journey.later(), opinion="请补充报错截图"
    )
    event = Event.objects.get(action="sla.target_paused")
    assert (event.actor_name, event.opinion) == (support.audit_name, "请补充报错截图")
    assert event.target_label == defect.number
    defects.submit(defect, actor=journey.cast.reporter, now=journey.later())
    assert (
        Event.objects.get(action="sla.target_resumed").actor_key == journey.cast.reporter.audit_key
    )


def test_a_defect_has_its_ledger_for_the_desk_alone(
    journey: Journey, support: User, reporter: User, signed_in: Callable[[User], Client]
) -> None:
    defect = journey.triaging()
    url = f"/clocks/{defect.number}/"

    page = signed_in(support).get(defect.get_absolute_url()).content.decode()
    assert f'hx-get="{url}"' in page
    assert "内部目标" in signed_in(support).get(url).content.decode()
    assert url not in signed_in(reporter).get(defect.get_absolute_url()).content.decode()
    assert signed_in(reporter).get(url).status_code == 404


def test_what_a_delegate_does_names_both_and_recomputes_equal(
    journey: Journey, tech: User, tech2: User
) -> None:
    """I15."""
    defect = journey.tech_processing()
    delegate(
        actor=tech, now=journey.now, giver=tech, receiver=tech2, role="tech",
        starts_at=journey.now, ends_at=journey.now + timedelta(days=1), reason="年休假期间代为办理",
    )  # fmt: skip
    processing.send_for_sign_off(defect, actor=tech2, now=journey.later(), plan=journey.plan())

    event = Event.objects.filter(action="sla.target_stopped").latest("seq")
    assert (event.actor_key, event.on_behalf_of) == (tech2.audit_key, tech.audit_name)
    assert proved(journey) == []
