"""Who may do what to an incident (domain section 2.3). Superuser counts for nothing."""

from incidents.policies.assessing import (
    can_acknowledge,
    can_declare,
    can_dismiss,
    can_report,
    can_start_drill,
)
from incidents.policies.documents import (
    can_answer_plan,
    can_answer_report,
    can_deliver_plan,
    can_deliver_report,
    can_issue_recovery,
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
from incidents.policies.impact import can_decide_grade, can_note_outside_time, can_record_impact
from incidents.policies.latest import delivered, last_plan, last_report, report_is_owed
from incidents.policies.merging import can_merge, can_recur
from incidents.policies.origin import can_ask_t0_later, can_decide_t0_later, can_move_t0_earlier
from incidents.policies.resolving import can_confirm, can_resolve
from incidents.policies.reviewing import (
    can_add_improvement,
    can_begin_review,
    can_close,
    can_finish_improvement,
    may_finish,
    open_items,
)
from incidents.policies.rules import AUTHORS, FIXERS, RESPONDERS
from incidents.policies.seeing import can_see_alert
from incidents.policies.severity import can_downgrade, can_raise_to_s1
from incidents.policies.upward import (
    can_acknowledge_upward,
    can_report_upward,
    upward_report,
)

__all__ = [
    "AUTHORS",
    "FIXERS",
    "RESPONDERS",
    "can_acknowledge",
    "can_acknowledge_upward",
    "can_add_improvement",
    "can_answer_plan",
    "can_answer_report",
    "can_ask_t0_later",
    "can_begin_review",
    "can_close",
    "can_confirm",
    "can_decide_grade",
    "can_decide_t0_later",
    "can_declare",
    "can_deliver_plan",
    "can_deliver_report",
    "can_dismiss",
    "can_downgrade",
    "can_finish_improvement",
    "can_issue_recovery",
    "can_lose_mitigation",
    "can_merge",
    "can_mitigate",
    "can_move_t0_earlier",
    "can_note",
    "can_note_outside_time",
    "can_protect_data",
    "can_raise_to_s1",
    "can_record_impact",
    "can_recur",
    "can_release_plan",
    "can_release_report",
    "can_report",
    "can_report_upward",
    "can_resolve",
    "can_see_alert",
    "can_start_drill",
    "can_waive_protection",
    "can_write_plan",
    "can_write_report",
    "delivered",
    "last_plan",
    "last_report",
    "may_finish",
    "open_items",
    "report_is_owed",
    "upward_report",
]
