"""Names of the acts in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents.actions import INCIDENT_ACTIONS, TIMELINE_LABELS
from sla.actions import AGREEMENT_ACTIONS
from teamwork.acts import moments
from tickets.actions import DEFECT_ACTIONS
from tickets.actions_consultations import CONSULTATION_ACTIONS, CONSULTATION_MOMENTS
from tickets.actions_knowledge import KNOWLEDGE_MOMENTS
from workflow.decisions import Text

_OTHERS: dict[str, Text] = {
    "accounts.person_created": _("Account created"),
    "accounts.roles_set": _("Roles set"),
    "accounts.password_set": _("Password set by the security administrator"),
    "accounts.password_changed": _("Own password changed"),
    "accounts.turned_on": _("Account turned on"),
    "accounts.turned_off": _("Account turned off"),
    **moments("defect"),
    **moments("consultation"),
    **moments("incident"),
    **{f"{kind}.watch": _("Follows it") for kind in ("defect", "consultation", "incident")},
    **{
        f"{kind}.unwatch": _("Follows it no more")
        for kind in ("defect", "consultation", "incident")
    },
    "teamwork.phrase_kept": _("Phrase kept"),
    "teamwork.phrase_removed": _("Phrase removed"),
    "accounts.unit_saved": _("Unit saved"),
    "accounts.unit_closed": _("Unit closed"),
    "accounts.unit_opened": _("Unit opened again"),
    "operations.object_entered": _("Managed object entered"),
    "operations.object_changed": _("Managed object changed"),
    "operations.retirement_proposed": _("Retirement proposed"),
    "operations.retirement_refused": _("Retirement turned down"),
    "operations.retired": _("Managed object retired"),
    "accounts.work_handed_over": _("Open work handed over"),
    "oncall.shift_handed_over": _("Shift handed over"),
    "defect.hand_over": _("Handed over to a colleague"),
    "accounts.delegated": _("Work passed on"),
    "accounts.delegation_ended": _("Delegation ended early"),
    "audit.verified": _("Audit trail verified"),
    "calendar.loaded": _("Working calendar loaded"),
    "calendar.replaced": _("Working calendar replaced"),
    "defect.reopen_after_objection": _("Reopened after an objection"),
    "consultation_form.publish": _("New form of the consultation record"),
    "files.refused": _("File refused by the virus scanner"),
    "hotline.contact_corrected": _("Correction appended"),
    "hotline.correction_decided": _("Correction decided"),
    "hotline.call_logged": _("Call logged"),
    "hotline.call_linked": _("Another call about it"),
    "hotline.not_on_the_spot": _("Not solvable on the spot"),
    "machine_room.report": _("Machine-room emergency reported"),
    "machine_room.acknowledge": _("Machine-room report acknowledged"),
    "machine_room.judge": _("Machine-room report judged"),
    "oncall.page_started": _("Page started"),
    "oncall.page_acknowledged": _("Page acknowledged"),
    "oncall.page_closed": _("Page closed"),
    "oncall.page_given_up": _("Nobody answered"),
    "oncall.page_rearmed": _("Calls again"),
    "oncall.page_exported": _("Page exported"),
    "oncall.ladder_changed": _("Escalation ladder changed"),
    "oncall.reach_changed": _("Ways of being reached changed"),
    "oncall.rung_taken": _("Next people called"),
    "oncall.attempt_ended": _("Call ended"),
    "oncall.shift_added": _("Shift added"),
    "oncall.shift_removed": _("Shift removed"),
    "oncall.rotations_changed": _("Rotations changed"),
    "oncall.roster_published": _("Roster published from rotations"),
    "oncall.leave_entered": _("Leave entered"),
    "oncall.leave_changed": _("Leave changed"),
    "oncall.leave_withdrawn": _("Leave withdrawn"),
    "oncall.swap_offered": _("Swap offered"),
    "oncall.swap_agreed": _("Swap agreed"),
    "oncall.swap_declined": _("Swap declined"),
    "oncall.swap_withdrawn": _("Swap withdrawn"),
    "oncall.swap_lapsed": _("Swap lapsed"),
    "oncall.shift_swapped": _("Shift swapped"),
    "oncall.handover_written": _("Handover written"),
    "oncall.handover_acknowledged": _("Handover acknowledged"),
    "oncall.handover_not_acknowledged": _("Handover not acknowledged"),
    "oncall.feed_made": _("Calendar feed made"),
    "oncall.feed_revoked": _("Calendar feed revoked"),
    "oncall.shift_replaced": _("Somebody stands in on a shift"),
    "tickets.group_saved": _("Project group saved"),
    "defect.emergency_overdue": _("24 hours without a written signature"),
    "sla.opened": _("Clocks opened"),
    "sla.clock_started": _("Clock started"),
    "sla.clock_stopped": _("Clock stopped"),
    "sla.clock_ran_on": _("Clock runs on"),
    "sla.clock_moved": _("Clock counts from another time"),
    "sla.ledger_exported": _("Deadline ledger exported"),
    "sla.checked": _("Clocks checked against the trail"),
    "sla.milestone": _("Time limit milestone"),
    "sla.target_reminder": _("Reminder of an internal target"),
    "sla.target_started": _("Internal clock started"),
    "sla.target_paused": _("Internal clock paused"),
    "sla.target_resumed": _("Internal clock resumed"),
    "sla.target_stopped": _("Internal clock stopped"),
    "sla.target_planned": _("Deadline of an internal clock known"),
    "sla.target_judged": _("Internal clock judged later"),
    "sla.target_taken_over": _("Internal clock taken over into the trail"),
    "sla.targets_changed": _("Internal targets changed"),
    "sla.regulator_changed": _("Regulator's milestones changed"),
    "agreement.propose": _("Agreement proposed"),
    "sla.alert_repeated": _("Alert repeated"),
    "sla.alert_acknowledged": _("Alert acknowledged"),
}


def _labels() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for actions in (DEFECT_ACTIONS, CONSULTATION_ACTIONS, INCIDENT_ACTIONS, AGREEMENT_ACTIONS):
        found |= {f"{actions.name}.{action.code}": action.label for action in actions}
    return {**found, **TIMELINE_LABELS, **CONSULTATION_MOMENTS, **KNOWLEDGE_MOMENTS, **_OTHERS}


ACTION_LABELS = _labels()
KIND_LABELS: dict[str, Text] = {
    "tickets.defect": _("Defect"),
    "tickets.consultation": _("Consultation"),
    "tickets.recordtemplate": _("Form of the consultation record"),
    "tickets.knowledgearticle": _("Knowledge article"),
    "tickets.projectgroup": _("Project group"),
    "incidents.incident": _("Incident"),
    "hotline.machineroomreport": _("Machine-room report"),
    "hotline.contact": _("Contact record"),
    "oncall.page": _("Page"),
    "oncall.ladderversion": _("Escalation ladder"),
    "oncall.reach": _("Ways of being reached"),
    "oncall.leave": _("Leave"),
    "oncall.swap": _("Swap"),
    "oncall.handoversheet": _("Handover sheet"),
    "oncall.rosterfeed": _("Calendar feed"),
    "oncall.shift": _("Shift"),
    "sla.clock": _("Clock"),
    "sla.commitment": _("Clock"),
    "sla.targetclock": _("Internal target"),
    "sla.agreement": _("Agreement"),
    "sla.clockcheck": _("Check of the clocks"),
    "accounts.user": _("Account"),
    "accounts.delegation": _("Delegation"),
    "accounts.organisation": _("Unit"),
    "operations.managedobject": _("Managed object"),
    "teamwork.phrase": _("Canned phrase"),
    "calendars.calendaryear": _("Working calendar"),
    "audit.chainhead": _("Audit trail"),
}
