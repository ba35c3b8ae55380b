"""Agreements and the clocks that follow them, internal targets, what the regulator asks."""

from sla.clock_check import ClockCheck
from sla.models.agreements import Agreement, AgreementState
from sla.models.alerts import Alert
from sla.models.clocks import Clock, Commitment, Milestone, T0Change
from sla.models.regulator import RegulatorMilestone
from sla.models.targets import Target, TargetClock, TargetPause, TargetStep

__all__ = [
    "Agreement",
    "AgreementState",
    "Alert",
    "Clock",
    "ClockCheck",
    "Commitment",
    "Milestone",
    "RegulatorMilestone",
    "T0Change",
    "Target",
    "TargetClock",
    "TargetPause",
    "TargetStep",
]
