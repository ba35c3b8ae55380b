"""A fault report writes itself from what is on record: a draft for its author to correct (5.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents import fault_types
from incidents.models import Incident
from workflow.durations import stamp


def report(incident: Incident) -> dict[str, Any]:
    """Initial texts and figures of the report's sections; empty where nothing is known."""
    return {
        "phenomenon": incident.phenomenon,
        "impact": _impact(incident),
        "fault_type": incident.fault_type if incident.fault_type in fault_types.CODES else "",
        "method": incident.resolution_method,
        "outage_minutes": outage_minutes(incident),
        "failed_transactions": incident.failed_transactions or 0,
        "loss_amount": "0.00",
        "complaints": incident.complaints or 0,
        "data_loss": _data(incident),
        "recovery": _recovery(incident),
    }


def outage_minutes(incident: Incident) -> int:
    """Whole minutes from the occurrence (T0 if not known) until business ran again."""
    began = incident.occurred_at or incident.first_contact_at
    ends = [at for at in (incident.mitigated_at, incident.resolved_at) if at]
    return max(0, int((min(ends) - began).total_seconds()) // 60) if ends else 0


def _impact(incident: Incident) -> str:
    rows = [incident.business_impact]
    known: list[tuple[str, Any]] = [
        (_("Provinces affected"), incident.provinces),
        (_("Institutions"), incident.institutions or None),
        (_("Merchants affected"), incident.merchants),
        (_("Terminals affected"), incident.terminals),
        (_("Failed transactions"), incident.failed_transactions),
        (_("Amount of failed transactions, yuan"), incident.failed_amount),
    ]
    rows += [f"{name}: {value}" for name, value in known if value is not None]
    return "\n".join(row for row in rows if row)


def _data(incident: Incident) -> str:
    if incident.data_gap_minutes is None:
        return ""
    if incident.data_gap_minutes == 0 and not incident.data_gap:
        return _("No loss")
    gap = _("Data gap, minutes") + f": {incident.data_gap_minutes}"
    return f"{gap}\n{incident.data_gap}".strip()


def _recovery(incident: Incident) -> str:
    rows = []
    for each in incident.data_protections.select_related("operator", "verified_by"):
        if each.exempt_reason:
            rows.append(_("Exception") + f": {each.exempt_reason} ({each.verified_by.name})")
        else:
            rows.append(
                f"{_time(each.protected_at)} {each.scope} · {each.method} · {each.location} "
                f"({each.operator.name} / {each.verified_by.name})"
            )
    rows += [
        _("Fault point") + f": {_time(incident.fault_point_at)}",
        _("Restored to the state of") + f": {_time(incident.restored_to_at)}",
        _("Recovery result") + f": {incident.get_recovery_result_display()}",
    ]
    return "\n".join(rows)


def _time(value: datetime | None) -> str:
    return stamp(value, "s") if value else "—"
