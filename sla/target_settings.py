"""Setting internal targets and the regulator's milestones: audited, for the future only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from audit import services as audit
from sla import policies
from sla.models import RegulatorMilestone, Target
from sla.schedule import HOUR
from workflow.errors import NotAllowed, StaleVersion

Cell = tuple[str, str]


def known_targets() -> dict[Cell, int]:
    """Minutes of working time by step and urgency; what is missing is not agreed."""
    return {(row.step, row.level): row.minutes for row in Target.objects.all()}


def fingerprint(targets: Mapping[Cell, int]) -> str:
    """What a page was made from, so that two people do not overwrite each other (I14)."""
    return hashlib.sha256(repr(sorted(targets.items())).encode()).hexdigest()[:16]


def in_hours(minutes: int) -> Decimal:
    """``240`` minutes as ``4``, ``90`` as ``1.5``."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01")).normalize()


def set_targets(
    *, actor: User, now: datetime, hours: Mapping[Cell, Decimal | None], known: str = ""
) -> int:
    """Replace the targets; returns how many cells changed. Clocks that exist keep theirs.

    ``hours``: working hours by (step, urgency), None: not agreed. Raises ``NotAllowed`` and, when
    somebody else changed them since (``known``), ``StaleVersion``.
    """
    decision = policies.can_set_targets(actor)
    if not decision:
        raise NotAllowed(decision)
    with audit.unit_of_work():
        list(Target.objects.select_for_update().order_by("pk"))
        before = known_targets()
        if known and known != fingerprint(before):
            raise StaleVersion
        wanted = {cell: max(1, round(count * 60)) for cell, count in hours.items() if count}
        changed = sorted(cell for cell in hours if before.get(cell) != wanted.get(cell))
        for step, level in changed:
            _set(step, level, wanted.get((step, level)))
        if changed:
            audit.record(
                actor=actor, action="sla.targets_changed", target=actor, label="",
                happened_at=now,
                data={
                    f"{step} {level}": [before.get((step, level)), wanted.get((step, level))]
                    for step, level in changed
                },
            )  # fmt: skip
    return len(changed)


def _set(step: str, level: str, minutes: int | None) -> None:
    if minutes is None:
        Target.objects.filter(step=step, level=level).delete()
    else:
        Target.objects.update_or_create(step=step, level=level, defaults={"minutes": minutes})


def set_regulator(
    *, actor: User, now: datetime, minutes: Mapping[str, int], shown: set[str]
) -> int:
    """Set when the regulator's milestones stand and which are shown; returns how many changed."""
    decision = policies.can_set_targets(actor)
    if not decision:
        raise NotAllowed(decision)
    changed: dict[str, list[object]] = {}
    with audit.unit_of_work():
        for row in RegulatorMilestone.objects.select_for_update():
            wanted = (minutes.get(row.code, row.minutes), row.code in shown)
            if wanted != (row.minutes, row.enabled):
                changed[row.code] = [[row.minutes, row.enabled], list(wanted)]
                row.minutes, row.enabled = wanted
                row.save(update_fields=["minutes", "enabled"])
        if changed:
            audit.record(
                actor=actor, action="sla.regulator_changed", target=actor, label="",
                happened_at=now, data=changed,
            )  # fmt: skip
    return len(changed)


def hours_after(minutes: int, hour_seconds: int = HOUR) -> timedelta:
    """Minutes after T0 as real time; shorter in drills."""
    return timedelta(seconds=minutes * 60 * hour_seconds / HOUR)
