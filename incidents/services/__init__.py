"""Use cases of the incidents room."""

from incidents.services.assessing import (
    acknowledge,
    declare_lower,
    declare_s1,
    dismiss,
    page_answered,
)
from incidents.services.documents import (
    deliver_plan,
    deliver_report,
    release_plan,
    release_report,
    write_plan,
    write_report,
)
from incidents.services.drills import start_drill
from incidents.services.handling import (
    add_entry,
    lose_mitigation,
    mitigate,
    protect_data,
    waive_protection,
)
from incidents.services.reporting import report_incident
from incidents.services.resolving import confirm, reject_recovery, resolve

__all__ = [
    "acknowledge",
    "add_entry",
    "confirm",
    "declare_lower",
    "declare_s1",
    "deliver_plan",
    "deliver_report",
    "dismiss",
    "lose_mitigation",
    "mitigate",
    "page_answered",
    "protect_data",
    "reject_recovery",
    "release_plan",
    "release_report",
    "report_incident",
    "resolve",
    "start_drill",
    "waive_protection",
    "write_plan",
    "write_report",
]
