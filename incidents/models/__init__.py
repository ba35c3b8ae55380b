"""Incidents and the documents they owe."""

from incidents.models.documents import Answer, Channel, ContingencyPlan, FaultReport
from incidents.models.incidents import Incident
from incidents.models.records import (
    DataProtection,
    RecoveryDocument,
    RecoveryEntry,
    RecoveryFile,
)
from incidents.models.reviews import ImprovementItem, Review
from incidents.models.rulings import Grade, GradeDecision, OutsideTime, T0Change, UpwardReport

__all__ = [
    "Answer",
    "Channel",
    "ContingencyPlan",
    "DataProtection",
    "FaultReport",
    "Grade",
    "GradeDecision",
    "ImprovementItem",
    "Incident",
    "OutsideTime",
    "RecoveryDocument",
    "RecoveryEntry",
    "RecoveryFile",
    "Review",
    "T0Change",
    "UpwardReport",
]
