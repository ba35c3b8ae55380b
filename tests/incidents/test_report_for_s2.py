"""A fault report within 24 hours of the fix of an S2, where the agreement asks for it (R24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import registry
from incidents import policies, services
from sla.models import Alert, Clock
from sla.proof import differences
from tests.incidents.conftest import Story, after
from tests.sla.conftest import agreement

Begin = Callable[..., Story]


def fixed_s2(told: Story) -> Story:
    """Set to S2, and resolved three hours after its report."""
    told.acknowledge()
    told._do(services.declare_lower, "tech", after(0), severity="S2", assessment="部分网点查询缓慢")
    return told.protect(after(1)).resolve(after(3))


@pytest.fixture
def asks(db: None) -> None:
    """An agreement that asks for reports of S2."""
    agreement(2, after(-24), report_for_s2=True)


def test_the_first_agreement_asks_for_none(story: Begin) -> None:
    """Optional, and off by default: the sentence stands in the paragraph on S1."""
    told = fixed_s2(story())

    assert told.incident.commitment is None
    assert not policies.report_is_owed(told.incident)


@pytest.mark.usefixtures("asks")
def test_owed_it_is_due_24_hours_after_the_fix_and_stops_with_its_delivery(story: Begin) -> None:
    told = fixed_s2(story())
    assert told.clocks() == {"report": "running"}
    assert Clock.objects.get().due_at == after(27)
    assert policies.report_is_owed(told.incident)
    told.confirm(after(4))
    assert told.incident.holder_role == "tech"
    told.report(after(27))

    assert told.clocks() == {"report": "met"}
    assert told.incident.commitment is not None
    assert differences([told.incident.commitment], after(28)) == []


@pytest.mark.usefixtures("asks")
def test_it_reminds_but_only_s1_repeats_its_alerts(story: Begin) -> None:
    fixed_s2(story())
    registry.run("clocks", after(27.1))

    clock = Clock.objects.get()
    assert [row.code for row in clock.milestones.order_by("due_at")] == [
        "half", "last_four_hours", "last_hour", "breach",
    ]  # fmt: skip
    assert not Alert.objects.exists()


@pytest.mark.usefixtures("asks")
def test_a_rejected_recovery_voids_it_and_the_next_resolution_starts_anew(story: Begin) -> None:
    told = fixed_s2(story()).reject(after(4))
    assert told.clocks() == {"report": "voided"}
    assert not policies.report_is_owed(told.incident)
    told.resolve(after(6))

    assert told.clocks() == {"report": "running"}
    assert Clock.objects.get(run=2).due_at == after(30)


@pytest.mark.usefixtures("asks")
def test_e6_it_may_still_be_raised_to_s1(story: Begin) -> None:
    told = fixed_s2(story()).reject(after(4))
    told._do(
        services.raise_to_s1, "tech", after(5), down_reported_at=after(4.5), system_down=True,
        business_impact="全省收单交易全部中断",
    )  # fmt: skip

    assert told.clocks() == {"report": "voided", "fix": "running", "plan": "running"}
    assert told.incident.commitment is not None
    assert differences([told.incident.commitment], after(5)) == []
