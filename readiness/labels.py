"""Names of moments in the timelines of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.decisions import Text

PLAN_LABELS: dict[str, Text] = {
    "emergency_plan.create": _("Plan begun"),
    "emergency_plan.write": _("Draft written"),
    "emergency_plan.submit": _("Sent for approval"),
    "emergency_plan.approve": _("Approved, in force"),
    "emergency_plan.send_back": _("Sent back"),
    "emergency_plan.confirm_review": _("Reviewed, still right"),
    "emergency_plan.retire": _("Taken out of use"),
}
DRILL_LABELS: dict[str, Text] = {
    "drill.plan": _("Entered into the calendar"),
    "drill.start": _("Drill started"),
    "drill.note_held": _("Noted as held"),
    "drill.report": _("Report written"),
    "drill.approve": _("Report approved"),
    "drill.send_back": _("Report sent back"),
    "drill.cancel": _("Cancelled"),
}
RISK_LABELS: dict[str, Text] = {
    "risk.create": _("Risk entered"),
    "risk.assess": _("Assessed anew"),
    "risk.add_measure": _("Measure added"),
    "risk.finish_measure": _("Measure done"),
    "risk.accept": _("Accepted into the register"),
    "risk.close": _("Closed"),
}
