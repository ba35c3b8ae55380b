"""Use cases of the incidents room."""

from incidents.services.assessing import (
    acknowledge,
    declare_lower,
    declare_s1,
    dismiss,
    page_answered,
)
from incidents.services.documents import (
    accept_plan,
    accept_report,
    deliver_plan,
    deliver_report,
    release_plan,
    release_report,
    return_plan,
    return_report,
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
from incidents.services.impact import decide_grade, note_outside_time, record_impact
from incidents.services.merging import merge, recur
from incidents.services.origin import (
    ask_t0_later,
    confirm_t0_later,
    move_t0_earlier,
    refuse_t0_later,
)
from incidents.services.recovery import issue_recovery
from incidents.services.reporting import report_incident
from incidents.services.resolving import confirm, reject_recovery, resolve
from incidents.services.reviewing import add_improvement, begin_review, close, finish_improvement
from incidents.services.seeing import see_alert
from incidents.services.severity import downgrade, raise_to_s1
from incidents.services.upward import acknowledge_upward, report_upward

__all__ = [
    "accept_plan",
    "accept_report",
    "acknowledge",
    "acknowledge_upward",
    "add_entry",
    "add_improvement",
    "ask_t0_later",
    "begin_review",
    "close",
    "confirm",
    "confirm_t0_later",
    "decide_grade",
    "declare_lower",
    "declare_s1",
    "deliver_plan",
    "deliver_report",
    "dismiss",
    "downgrade",
    "finish_improvement",
    "issue_recovery",
    "lose_mitigation",
    "merge",
    "mitigate",
    "move_t0_earlier",
    "note_outside_time",
    "page_answered",
    "protect_data",
    "raise_to_s1",
    "record_impact",
    "recur",
    "refuse_t0_later",
    "reject_recovery",
    "release_plan",
    "release_report",
    "report_incident",
    "report_upward",
    "resolve",
    "return_plan",
    "return_report",
    "see_alert",
    "start_drill",
    "waive_protection",
    "write_plan",
    "write_report",
]
