"""E6 and E7: raised to system down later, or found never to have been that (R20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from engine import registry
from incidents import services
from incidents.models import Incident
from oncall.models import Page
from sla.models import Clock
from tests.incidents.conftest import Story, after
from workflow.errors import InvalidInput, NotAllowed, WrongState

Begin = Callable[..., Story]


def lower(told: Story) -> Story:
    """Acknowledged and set to S2."""
    told.acknowledge()
    return told._do(
        services.declare_lower, "tech", after(0), severity="S2", assessment="仅一家商户受影响"
    )


def raise_it(told: Story, at: Any, down_at: Any, **given: Any) -> Story:
    given.setdefault("system_down", True)
    return told._do(
        services.raise_to_s1, "tech", at, down_reported_at=down_at,
        business_impact="全省收单交易全部中断", **given,
    )  # fmt: skip


def test_e6_counts_from_the_report_of_the_down_condition_not_from_the_old_one(
    story: Begin,
) -> None:
    """Walk-through 7: an S2 upgraded at its hour 20 has its T0 at the upgrade contact."""
    told = raise_it(lower(story()), after(20.5), after(20))

    commitment = told.fresh().commitment
    assert commitment is not None
    fix = commitment.clocks.get(kind="fix")
    assert (fix.origin, fix.due_at, fix.breached_at) == (after(20), after(32), None)
    assert told.incident.severity == "S1"
    assert told.incident.declared_at == after(20.5)
    change = told.incident.t0_changes.get()
    assert (change.cause, change.before, change.after) == ("raised", after(0), after(20))


@pytest.mark.parametrize(
    ("hours", "given", "field"),
    [
        (21, {}, "down_reported_at"),
        (-1, {}, "down_reported_at"),
        (20, {"system_down": False}, "system_down"),
    ],
)
def test_e6_refuses_impossible_times_and_a_missing_word(
    hours: float, given: dict[str, Any], field: str, story: Begin
) -> None:
    told = lower(story())

    with pytest.raises(InvalidInput) as refusal:
        raise_it(told, after(20.5), after(hours), **given)
    assert field in refusal.value.fields
    assert told.fresh().severity == "S2"
    assert not Clock.objects.exists()


def test_e6_is_refused_on_an_s1_and_after_its_clocks_were_voided(story: Begin) -> None:
    told = story().declare()
    with pytest.raises(WrongState):
        raise_it(told, after(1), after(1))
    downgrade(told, after(1)).protect(after(1)).resolve(after(2)).reject(after(3))
    assert told.fresh().state == "declared"
    with pytest.raises(WrongState):
        raise_it(told, after(4), after(4))


def downgrade(told: Story, at: Any, who: str = "supervisor", **given: Any) -> Story:
    given.setdefault("never_met", True)
    given.setdefault("severity", "S3")
    return told._do(services.downgrade, who, at, reason="只是监控探针误判,交易正常", **given)


def test_e7_voids_running_clocks_and_goes_on_as_s3(story: Begin) -> None:
    told = downgrade(story().acknowledge().declare(), after(2))

    assert (told.incident.state, told.incident.severity) == ("downgraded", "S3")
    assert told.clocks() == {"fix": "voided", "plan": "voided"}
    assert not Page.objects.filter(state="open").exists()
    told.protect(after(2)).resolve(after(3)).confirm(after(4))
    # No report clock is opened for what never was system down.
    assert told.clocks() == {"fix": "voided", "plan": "voided"}
    assert told.incident.state == "confirmed"


def test_e7_never_removes_a_breach(story: Begin) -> None:
    told = story().declare()
    registry.run("clocks", after(12, 2))
    breached_at = Clock.objects.get(kind="fix").breached_at

    downgrade(told, after(13))

    fix = Clock.objects.get(kind="fix")
    assert (fix.state, fix.breached_at) == ("missed", breached_at)
    event = Event.objects.get(action="incident.downgrade", outcome="done")
    assert event.data["breaches"] == ["fix"]


def test_e7_is_not_done_by_who_declared_nor_by_a_technician(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare(who="supervisor")
    with pytest.raises(NotAllowed):
        downgrade(told, after(1))
    url = f"/incidents/{told.incident.number}/do/downgrade/"
    form = {"never_met": "on", "severity": "S3", "reason": "只是监控探针误判"}
    assert signed_in(people["tech"]).post(url, form).status_code == 403
    assert told.fresh().severity == "S1"


@pytest.mark.parametrize(
    "wrong", [{"reason": "暂无"}, {"severity": "S1"}, {"never_met": ""}, {"severity": ""}]
)
def test_e7_needs_a_reason_a_severity_and_the_word_that_it_never_was(
    wrong: dict[str, str], story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare()
    form = {"never_met": "on", "severity": "S3", "reason": "只是监控探针误判", **wrong}
    url = f"/incidents/{told.incident.number}/do/downgrade/"

    assert signed_in(people["supervisor"]).post(url, form).status_code == 422
    assert Incident.objects.get().state == "declared"


def test_e7_what_was_system_down_once_is_not_downgraded(story: Begin) -> None:
    with pytest.raises(InvalidInput):
        downgrade(story().declare(), after(1), never_met=False)
