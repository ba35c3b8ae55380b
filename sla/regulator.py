"""The regulator's milestones on the line of a commitment: the bank's duty, information only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla.models import RegulatorMilestone
from sla.schedule import HOUR
from sla.target_settings import hours_after


@dataclass(frozen=True)
class InfoMoment:
    """One of them (UTC). ``passed`` says where we are on the line; nothing is met or missed."""

    code: str
    at: datetime
    label: str
    basis: str
    passed: bool


def info_moments(t0: datetime, *, now: datetime, hour_seconds: int = HOUR) -> list[InfoMoment]:
    """What the bank may owe its regulators after ``t0``, in order (section 4.3). One query."""
    return [
        InfoMoment(row.code, at, row.label, row.basis, at <= now)
        for row in RegulatorMilestone.objects.filter(enabled=True)
        for at in [t0 + hours_after(row.minutes, hour_seconds)]
    ]
