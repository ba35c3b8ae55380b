"""Names of moments in the timeline; rows of the recovery document stand for themselves there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.decisions import Text

TIMELINE_LABELS: dict[str, Text] = {
    "incident.report": _("Incident reported"),
    "incident.acknowledge": _("Taken over"),
    "incident.declare_s1": _("Declared as system down (S1)"),
    "incident.declare_lower": _("Severity set below S1"),
    "incident.dismiss": _("Closed as a false alarm"),
    "incident.protect_data": _("Data protected"),
    "incident.waive_protection": _("Data-protection exception signed"),
    "incident.mitigate": _("Business temporarily restored"),
    "incident.lose_mitigation": _("Workaround failed"),
    "incident.write_plan": _("Contingency plan written"),
    "incident.release_plan": _("Contingency plan released"),
    "incident.deliver_plan": _("Contingency plan delivered"),
    "incident.resolve": _("Resolved"),
    "incident.confirm": _("Recovery confirmed"),
    "incident.reject_recovery": _("Recovery rejected"),
    "incident.write_report": _("Fault report written"),
    "incident.release_report": _("Fault report approved"),
    "incident.deliver_report": _("Fault report delivered"),
}
