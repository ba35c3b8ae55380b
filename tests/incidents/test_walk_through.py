"""The walk-throughs of domain section 2.4, told by the incident's own acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from incidents import services
from incidents.models import Incident
from sla.models import Milestone
from sla.services import fire_due
from tests.incidents.conftest import Story, after
from workflow.errors import WrongState

Begin = Callable[..., Story]


def beijing(text: str) -> datetime:
    """A Beijing wall-clock time as UTC."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def tick(at: datetime) -> None:
    """The engine runs at ``at`` until nothing is due."""
    while fire_due(at):
        pass


def test_1_resolved_in_time(story: Begin) -> None:
    told = story().acknowledge().declare(after(0, 300)).protect(after(1)).resolve(after(12, -1))

    assert told.clocks() == {"fix": "met", "plan": "lapsed", "report": "running"}
    told.confirm(after(13)).report(after(20))
    assert told.clocks()["report"] == "met"
    assert told.incident.state == "confirmed"
    assert told.incident.holder_role == "supervisor"


def test_2_resolved_a_second_too_late(story: Begin) -> None:
    told = story().declare().protect().resolve(after(12, 1))

    assert told.clocks() == {"fix": "missed", "plan": "lapsed", "report": "running"}


def test_3_plan_delivered_after_the_missed_fix(story: Begin) -> None:
    told = story().declare().protect()
    tick(after(13))
    told.plan(after(13, 600)).resolve(after(14.5))

    assert told.clocks() == {"fix": "missed", "plan": "met", "report": "running"}


def test_4_nothing_at_all(story: Begin) -> None:
    told = story().declare()
    tick(after(16, 1))

    commitment = told.fresh().commitment
    assert commitment is not None
    breaches = {clock.kind: clock.breached_at for clock in commitment.clocks.all()}
    assert breaches == {"fix": after(12, 1), "plan": after(16, 1)}


def test_5_recovery_rejected(story: Begin) -> None:
    told = story().declare().protect().resolve(after(8)).reject(after(9))
    assert told.incident.state == "declared"
    assert told.incident.resolved_at is None
    assert told.clocks()["fix"] == "running"
    told.resolve(after(12.5))

    assert told.clocks()["fix"] == "missed"
    commitment = told.incident.commitment
    assert commitment is not None
    reports = commitment.clocks.filter(kind="report").order_by("run")
    assert [(clock.run, clock.state) for clock in reports] == [(1, "voided"), (2, "running")]


def test_6_plan_before_it_is_owed(story: Begin) -> None:
    told = story().declare().plan(after(10))
    tick(after(12, 1))

    assert told.clocks() == {"fix": "running", "plan": "met"}


def test_7_an_s2_upgraded_at_its_hour_20_has_its_t0_at_the_upgrade_contact(story: Begin) -> None:
    told = story().acknowledge()
    told._do(services.declare_lower, "tech", after(0), severity="S2", assessment="仅一家商户受影响")
    told._do(
        services.raise_to_s1, "tech", after(20, 300), down_reported_at=after(20),
        business_impact="全省收单交易全部中断", system_down=True,
    )  # fmt: skip

    commitment = told.fresh().commitment
    assert commitment is not None
    dues = dict(commitment.clocks.values_list("kind", "due_at"))
    assert dues == {"fix": after(32), "plan": after(36)}
    tick(after(20, 301))
    assert not Milestone.objects.exists()


def test_8_two_reports_of_22_58_and_23_10_merged_have_the_t0_22_58(story: Begin) -> None:
    """Friday 2026-11-20 in Beijing, as sample ticket 17."""
    early, late = beijing("2026-11-20 22:58"), beijing("2026-11-20 23:10")
    main = story(now=late, first_contact_at=late).acknowledge(late).declare(late)
    child = story(now=late, first_contact_at=early)
    child._do(
        services.merge, "supervisor", late + timedelta(minutes=20), main=main.fresh(),
        reason="同一存储故障引起的两次报告",
    )  # fmt: skip

    assert main.fresh().first_contact_at == early
    commitment = main.incident.commitment
    assert commitment is not None
    dues = dict(commitment.clocks.values_list("kind", "due_at"))
    assert dues == {"fix": beijing("2026-11-21 10:58"), "plan": beijing("2026-11-21 14:58")}


def test_8_clocks_count_from_the_first_contact_not_from_the_declaration(story: Begin) -> None:
    told = story(now=after(0.2), first_contact_at=after(0, -120)).declare(after(2))

    assert told.incident.first_contact_at == after(0, -120)
    commitment = told.incident.commitment
    assert commitment is not None
    assert commitment.clocks.get(kind="fix").due_at == after(12, -120)


@pytest.mark.parametrize(("seconds", "state"), [(0, "met"), (1, "missed")])
def test_9_report_to_the_second(story: Begin, seconds: int, state: str) -> None:
    told = story().declare().protect().resolve(after(3)).report(after(27, seconds))

    assert told.clocks()["report"] == state


def test_10_engine_standing_still(story: Begin) -> None:
    told = story().declare()
    tick(after(7))
    tick(after(12.5))
    tick(after(12.5))

    commitment = told.incident.commitment
    assert commitment is not None
    fix = commitment.clocks.get(kind="fix")
    rows = [(row.code, row.late) for row in fix.milestones.order_by("due_at")]
    assert rows == [
        ("half", True),
        ("three_quarters", True),
        ("last_hour", True),
        ("last_half_hour", True),
        ("breach", True),
    ]


def test_a_workaround_does_not_stop_the_fix_clock(story: Begin) -> None:
    told = story().declare().mitigate(after(2))
    tick(after(12, 1))

    assert told.incident.state == "mitigated"
    commitment = told.incident.commitment
    assert commitment is not None
    assert commitment.clocks.get(kind="fix").breached_at == after(12, 1)


def test_lower_severities_have_no_contract_clocks(story: Begin) -> None:
    told = story()
    incident = services.declare_lower(
        told.incident,
        actor=told.people["tech"],
        now=after(1),
        severity="S2",
        assessment="只影响一个网点的查询功能",
    )

    assert incident.commitment is None
    assert Incident.objects.get(pk=incident.pk).severity == "S2"
    with pytest.raises(WrongState):
        told.plan(after(2))
