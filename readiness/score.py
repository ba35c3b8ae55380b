"""The score sheet of a drill, computed from what was recorded and from nothing else (R51).

Human reactions are judged in real time, whatever the speed of the drill; promises in contract
hours, which in a drill last ``hour_seconds`` seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from readiness.models import Drill, PlanUse, StepTick
from sla.models import Clock
from sla.schedule import HOUR
from workflow.decisions import Text

ACKNOWLEDGE_WITHIN = timedelta(minutes=5)
DECLARE_WITHIN = timedelta(minutes=15)
POINTS = {"acknowledge": 20, "declare": 15, "fix": 15, "plan": 15, "report": 10, "steps": 25}


@dataclass(frozen=True)
class Line:
    """One criterion: how long it took, how long it may take, and the points it gave.

    ``took`` and ``limit`` are real time, or contract time where ``contract`` is set. ``took`` is
    None while it has not happened; ``owed`` False: nothing was owed, and its points do not count.
    """

    code: str
    name: Text
    took: timedelta | None
    limit: timedelta | None
    met: bool
    points: int
    out_of: int
    contract: bool = False
    owed: bool = True


@dataclass(frozen=True)
class Sheet:
    """All lines, the steps that were missed, and the sum as a percentage of what could be had."""

    lines: list[Line]
    missed_steps: list[str]
    done_steps: int
    all_steps: int
    final: bool

    @property
    def points(self) -> int:
        """Points reached."""
        return sum(line.points for line in self.lines)

    @property
    def out_of(self) -> int:
        """Points that could be reached."""
        return sum(line.out_of for line in self.lines)

    @property
    def percent(self) -> int | None:
        """Share in whole per cent; None when nothing could be reached."""
        return round(100 * self.points / self.out_of) if self.out_of else None


def sheet(drill: Drill) -> Sheet | None:
    """The score of a drill that ran in the product; None for one held elsewhere."""
    incident = drill.incident
    if incident is None:
        return None
    done, missed, total = _steps(incident)
    steps = Line(
        "steps", _("Steps of the plan done"), None, None, done == total,
        round(POINTS["steps"] * done / total) if total else 0,
        POINTS["steps"] if total else 0, owed=bool(total),
    )  # fmt: skip
    lines = [
        _reaction("acknowledge", _("Taken over"), incident, incident.acknowledged_at,
                  ACKNOWLEDGE_WITHIN),
        _reaction("declare", _("System down declared"), incident, incident.declared_at,
                  DECLARE_WITHIN),
        *_promises(incident),
        steps,
    ]  # fmt: skip
    return Sheet(lines, missed, done, total, incident.resolved_at is not None)


def _reaction(
    code: str, name: Text, incident: Incident, at: datetime | None, limit: timedelta
) -> Line:
    took = at - incident.first_contact_at if at else None
    met = took is not None and took <= limit
    return Line(code, name, took, limit, met, POINTS[code] if met else 0, POINTS[code])


def _promises(incident: Incident) -> list[Line]:
    clocks: dict[str, Clock] = {}
    if incident.commitment_id:
        rows = Clock.objects.filter(commitment=incident.commitment_id)
        clocks = {clock.kind: clock for clock in rows.order_by("run")}
    return [
        _promise("fix", _("Fixed"), clocks.get(Clock.Kind.FIX), incident),
        _promise("plan", _("Contingency plan delivered"), clocks.get(Clock.Kind.PLAN), incident),
        _promise("report", _("Fault report delivered"), clocks.get(Clock.Kind.REPORT), incident),
    ]


def _promise(code: str, name: Text, clock: Clock | None, incident: Incident) -> Line:
    if clock is None:
        # Without a declaration there is no clock: what was never begun was not kept either.
        return Line(code, name, None, None, False, 0, POINTS[code], contract=True)
    limit = (clock.due_at - clock.origin) * HOUR / incident.hour_seconds
    if clock.state in (Clock.State.LAPSED, Clock.State.VOIDED):
        return Line(code, name, None, limit, True, 0, 0, contract=True, owed=False)
    took = None
    if clock.stopped_at:
        took = (clock.stopped_at - clock.origin) * HOUR / incident.hour_seconds
    met = clock.state == Clock.State.MET
    return Line(code, name, took, limit, met, POINTS[code] if met else 0, POINTS[code], True)


def _steps(incident: Incident) -> tuple[int, list[str], int]:
    use = PlanUse.objects.filter(incident=incident).select_related("version").first()
    if use is None:
        return 0, [], 0
    ticked = set(
        StepTick.objects.filter(use=use, done=True, undone_at=None).values_list("step", flat=True)
    )
    steps = list(use.version.steps.all())
    missed = [step.label for step in steps if step.pk not in ticked]
    return len(steps) - len(missed), missed, len(steps)
