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
    "incident.accept_plan": _("Contingency plan accepted by the bank"),
    "incident.return_plan": _("Contingency plan sent back by the bank"),
    "incident.accept_report": _("Fault report accepted by the bank"),
    "incident.return_report": _("Fault report sent back by the bank"),
    "incident.raise_to_s1": _("Raised to system down (S1)"),
    "incident.downgrade": _("Downgraded, never was system down"),
    "incident.merge": _("Merged into another incident"),
    "incident.take_in": _("Another incident merged into this one"),
    "incident.recur": _("Reported anew: the fault is back"),
    "incident.move_t0_earlier": _("T0 moved earlier"),
    "incident.ask_t0_later": _("Asked to move T0 later"),
    "incident.confirm_t0_later": _("T0 moved later"),
    "incident.refuse_t0_later": _("T0 stays: the request was refused"),
    "incident.record_impact": _("Impact recorded"),
    "incident.decide_grade": _("Grade decided by the bank"),
    "incident.note_outside_time": _("Time outside our responsibility noted"),
    "incident.report_upward": _("Reported to the superior department"),
    "incident.acknowledge_upward": _("Acknowledged by the superior department"),
    "incident.issue_recovery": _("Recovery document issued"),
    "incident.begin_review": _("Review held"),
    "incident.add_improvement": _("Improvement item added"),
    "incident.finish_improvement": _("Improvement item done"),
    "incident.close": _("Closed"),
    # Written by the room of emergency plans when a checklist is used on the incident.
    "incident.open_plan": _("Emergency plan opened"),
    "incident.tick_step": _("Step done"),
    "incident.skip_step": _("Step left out"),
    "incident.untick_step": _("Tick taken back"),
}
