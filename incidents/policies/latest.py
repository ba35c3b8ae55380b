"""The latest version of an incident's documents."""

from __future__ import annotations

from incidents.models import ContingencyPlan, FaultReport, Incident
from sla.models import Clock


def delivered(
    model: type[ContingencyPlan] | type[FaultReport], incident: Incident
) -> ContingencyPlan | FaultReport | None:
    """The version the bank was given last."""
    rows = model.objects.filter(incident=incident, delivered_at__isnull=False)
    found: ContingencyPlan | FaultReport | None = (
        rows.select_related("author", "released_by").order_by("version").last()
    )
    return found


def last_plan(incident: Incident) -> ContingencyPlan | None:
    """Latest version of the contingency plan."""
    return incident.contingencyplans.order_by("version").last()


def last_report(incident: Incident) -> FaultReport | None:
    """Latest version of the fault report; one written before the present resolution is interim."""
    report = incident.faultreports.order_by("version").last()
    if report and incident.resolved_at and report.written_at < incident.resolved_at:
        return None
    return report


def report_is_owed(incident: Incident) -> bool:
    """A fault report is mandatory for S1, and for an S2 whose agreement started its clock (R24)."""
    if incident.severity == Incident.Severity.S1:
        return True
    runs = Clock.objects.filter(commitment=incident.commitment_id, kind=Clock.Kind.REPORT)
    return incident.commitment_id is not None and runs.exclude(state=Clock.State.VOIDED).exists()
