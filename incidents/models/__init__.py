"""Incidents and the documents they owe."""

from incidents.models.documents import ContingencyPlan, FaultReport
from incidents.models.incidents import Incident
from incidents.models.records import DataProtection, RecoveryEntry

__all__ = ["ContingencyPlan", "DataProtection", "FaultReport", "Incident", "RecoveryEntry"]
