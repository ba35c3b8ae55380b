"""Incidents with running clocks in bulk, as the services would have left them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.actors import SETUP
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import create_person
from incidents.models import Incident
from oncall.models import Shift
from operations.models import ManagedObject
from sla import schedule
from sla.models import Agreement, Clock, Commitment

PIECE = 2000
CAST = (
    ("tech", Role.TECH), ("tech2", Role.TECH), ("supervisor", Role.SUPERVISOR),
    ("supervisor2", Role.SUPERVISOR), ("manager", Role.MANAGER), ("superior", Role.SUPERIOR),
)  # fmt: skip


def people(now: datetime) -> dict[str, User]:
    """Six people who are told, one of them on call."""
    unit = Organisation.objects.create(name="运维公司", kind="operator")
    made = {
        name: create_person(
            actor=SETUP, username=name, name=f"人员{number}", organisation=unit, roles=(role,),
            password="Bench-desk-2026", staff_no=f"B{number:03d}", phone="13800138000",
            email=f"{name}@example.invalid",
        )
        for number, (name, role) in enumerate(CAST)
    }  # fmt: skip
    Shift.objects.create(
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=2),
        primary=made["tech"],
        backup=made["tech2"],
    )
    return made


def incidents(count: int, origins: Iterator[datetime], now: datetime) -> None:
    """``count`` declared S1 incidents, each with a running FIX clock counting from its origin.

    Every milestone before ``now`` counts as told long ago: ``next_milestone_at`` is the first one
    to come.
    """
    tech = User.objects.get(username="tech")
    system = ManagedObject.objects.create(code="BENCH", name="收单数据库", kind="database")
    agreement = Agreement.objects.order_by("-version").first()
    assert agreement is not None
    number = 0
    while number < count:
        size = min(PIECE, count - number)
        starts = [next(origins) for _ in range(size)]
        commitments = Commitment.objects.bulk_create(
            Commitment(
                subject=f"GZ-{number + each:08d}", kind="incident", title="收单业务中断",
                url=f"/incidents/GZ-{number + each:08d}/", agreement=agreement, created_at=origin,
            )
            for each, origin in enumerate(starts)
        )  # fmt: skip
        Incident.objects.bulk_create(
            Incident(
                number=commitment.subject, title="收单业务中断", phenomenon="全部交易失败",
                managed_object=system, unit=tech.organisation, reporter=tech,
                reporter_name=tech.name, reporter_phone=tech.phone, first_contact_at=origin,
                claimed_down=True, created_at=origin, state_since=origin, state="declared",
                severity="S1", declared_at=origin, declared_by=tech, holder=tech,
                holder_role=Role.TECH, acknowledged_by=tech, acknowledged_at=origin,
                commitment=commitment,
            )
            for commitment, origin in zip(commitments, starts, strict=True)
        )  # fmt: skip
        clocks = Clock.objects.bulk_create(
            Clock(
                commitment=commitment, kind="fix", origin=origin,
                due_at=schedule.due("fix", origin, agreement),
                next_milestone_at=_next(origin, agreement, now),
            )
            for commitment, origin in zip(commitments, starts, strict=True)
        )  # fmt: skip
        _told(clocks, agreement, now)
        number += size


def _next(origin: datetime, agreement: Agreement, now: datetime) -> datetime:
    moments = schedule.milestones("fix", origin, agreement)
    return next(moment.at for moment in moments if moment.at > now)


def _told(clocks: list[Clock], agreement: Agreement, now: datetime) -> None:
    from sla.models import Milestone

    Milestone.objects.bulk_create(
        Milestone(clock=clock, code=moment.code, due_at=moment.at, fired_at=moment.at)
        for clock in clocks
        for moment in schedule.milestones("fix", clock.origin, agreement)
        if moment.at <= now
    )
