"""Who may do what to an incident (domain section 2.3). Superuser counts for nothing."""

from incidents.policies.assessing import (
    can_acknowledge,
    can_declare,
    can_dismiss,
    can_report,
    can_start_drill,
)
from incidents.policies.documents import (
    can_deliver_plan,
    can_deliver_report,
    can_release_plan,
    can_release_report,
    can_write_plan,
    can_write_report,
)
from incidents.policies.handling import (
    can_lose_mitigation,
    can_mitigate,
    can_note,
    can_protect_data,
    can_waive_protection,
)
from incidents.policies.latest import last_plan, last_report
from incidents.policies.resolving import can_confirm, can_resolve
from incidents.policies.rules import FIXERS

__all__ = [
    "FIXERS",
    "can_acknowledge",
    "can_confirm",
    "can_declare",
    "can_deliver_plan",
    "can_deliver_report",
    "can_dismiss",
    "can_lose_mitigation",
    "can_mitigate",
    "can_note",
    "can_protect_data",
    "can_release_plan",
    "can_release_report",
    "can_report",
    "can_resolve",
    "can_start_drill",
    "can_waive_protection",
    "can_write_plan",
    "can_write_report",
    "last_plan",
    "last_report",
]
