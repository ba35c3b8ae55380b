"""The checklist of an incident as its room shows it (R55)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language

from accounts.models import User
from incidents.models import Incident
from readiness.models import EmergencyPlan, PlanStep, PlanUse, PlanVersion, StepTick
from readiness.phases import Phase
from readiness.policies.checklists import can_use

SUGGESTIONS = 40


@dataclass(frozen=True)
class Row:
    """One step, and its tick when it has one."""

    step: PlanStep
    tick: StepTick | None


@dataclass(frozen=True)
class PhaseRows:
    """One phase of a plan in use."""

    phase: Phase
    rows: list[Row]

    @property
    def open(self) -> bool:
        """Something is still to be done."""
        return any(row.tick is None for row in self.rows)


@dataclass(frozen=True)
class Used:
    """A plan in use with how far it has come."""

    use: PlanUse
    phases: list[PhaseRows]
    ticked: int
    total: int


def panel(incident: Incident, user: User) -> dict[str, Any]:
    """Everything the panel needs."""
    decision = can_use(user, incident)
    used = [_used(use) for use in uses_of(incident)]
    return {
        "incident": incident,
        "drill": incident.is_drill,
        "used": used,
        "may": bool(decision),
        "plans": suggested(incident, user) if decision else [],
        "seen": fingerprint(incident),
    }


def fingerprint(incident: Incident) -> str:
    """Changes when somebody opens a plan, ticks a step or takes a tick back, or the act ends."""
    uses = PlanUse.objects.filter(incident=incident).count()
    ticks = StepTick.objects.filter(use__incident=incident)
    counted = ticks.aggregate(all=Count("pk"), undone=Count("undone_at"))
    return f"{incident.state}-{uses}-{counted['all']}-{counted['undone']}-{get_language()}"


def uses_of(incident: Incident) -> QuerySet[PlanUse]:
    """Plans opened on the incident, in the order of opening."""
    return PlanUse.objects.filter(incident=incident).select_related(
        "version__plan", "opened_by", "incident"
    )


def suggested(incident: Incident, user: User) -> list[EmergencyPlan]:
    """Plans in force not yet opened here; those that cover the incident's system come first."""
    covers = EmergencyPlan.objects.filter(
        pk=OuterRef("pk"), objects_covered=incident.managed_object_id
    )
    opened = PlanUse.objects.filter(incident=incident).values("version__plan")
    rows = (
        EmergencyPlan.objects.visible_to(user)
        .filter(versions__state=PlanVersion.State.EFFECTIVE)
        .exclude(state=EmergencyPlan.State.RETIRED)
        .exclude(pk__in=opened)
        .annotate(fits=Exists(covers))
        .order_by("-fits", "number")
    )
    return list(rows[:SUGGESTIONS])


def _used(use: PlanUse) -> Used:
    ticks = {
        tick.step_id: tick
        for tick in StepTick.objects.filter(use=use, undone_at=None).select_related("person")
    }
    rows = [Row(step, ticks.get(step.pk)) for step in use.version.steps.all()]
    phases = [
        PhaseRows(Phase(phase), list(each))
        for phase, each in groupby(rows, key=lambda row: row.step.phase)
    ]
    return Used(use, phases, len(ticks), len(rows))
