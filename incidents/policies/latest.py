"""The latest version of an incident's documents."""

from __future__ import annotations

from incidents.models import ContingencyPlan, FaultReport, Incident


def last_plan(incident: Incident) -> ContingencyPlan | None:
    """Latest version of the contingency plan."""
    return incident.contingencyplans.order_by("version").last()


def last_report(incident: Incident) -> FaultReport | None:
    """Latest version of the fault report; one written before the present resolution is interim."""
    report = incident.faultreports.order_by("version").last()
    if report and incident.resolved_at and report.written_at < incident.resolved_at:
        return None
    return report
