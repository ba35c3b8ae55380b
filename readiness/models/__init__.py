"""Models of the readiness room."""

from readiness.models.checklists import PlanUse, StepTick
from readiness.models.drills import Drill, DrillReport
from readiness.models.plans import EmergencyPlan, PlanStep, PlanVersion
from readiness.models.risks import Level, Risk, RiskMeasure, level_of

__all__ = [
    "Drill",
    "DrillReport",
    "EmergencyPlan",
    "Level",
    "PlanStep",
    "PlanUse",
    "PlanVersion",
    "Risk",
    "RiskMeasure",
    "StepTick",
    "level_of",
]
