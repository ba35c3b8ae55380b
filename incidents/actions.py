"""Everything that can be done to an incident, listed once for pages, API and tests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from workflow.actions import Action, ActionSet
from workflow.decisions import Text

PAGE = "incidents/action.html"

INCIDENT_ACTIONS = ActionSet(
    "incident",
    [
        Action(
            "acknowledge", "E2", _("Take over"),
            policies.can_acknowledge, services.acknowledge,
            help=_("You are now the one who works on it; the ringing stops."),
            done=_("you have taken it over"), icon="phone-check", template=PAGE,
        ),
        Action(
            "declare_s1", "E3", _("Declare system down (S1)"),
            policies.can_declare, services.declare_s1, forms.DeclareS1Form,
            help=_("The 12-hour clock counts from the first report (T0). One person may do this."),
            done=_("declared as system down; the clocks run"), tone="danger", icon="urgent",
            template=PAGE,
        ),
        Action(
            "declare_lower", "E4", _("Set S2–S4"),
            policies.can_declare, services.declare_lower, forms.DeclareLowerForm,
            help=_("For faults that do not stop the business. No contract clock runs."),
            done=_("severity set"), icon="gauge", template=PAGE,
        ),
        Action(
            "dismiss", "E5", _("False alarm"),
            policies.can_dismiss, services.dismiss, forms.DismissForm,
            help=_("Decided by a supervisor who neither reported it nor took it over."),
            done=_("closed as a false alarm"), icon="bell-off", template=PAGE,
        ),
        Action(
            "note", "E8", _("Add an entry"),
            policies.can_note, services.add_entry, forms.NoteForm,
            help=_("One row of the recovery document: time, what, result."),
            done=_("entry added"), icon="timeline-event-plus", template=PAGE,
        ),
        Action(
            "protect_data", "E8", _("Record data protection"),
            policies.can_protect_data, services.protect_data, forms.ProtectDataForm,
            help=_("Before the fix touches data: what was backed up, where, verified by whom."),
            done=_("data protection recorded"), icon="database-export", template=PAGE,
        ),
        Action(
            "waive_protection", "E8", _("Sign a data-protection exception"),
            policies.can_waive_protection, services.waive_protection, forms.WaiveProtectionForm,
            help=_("Only when data cannot be touched by the fix, or cannot be protected."),
            done=_("exception signed"), icon="shield-off", template=PAGE,
        ),
        Action(
            "mitigate", "E9", _("Record temporary restoration"),
            policies.can_mitigate, services.mitigate, forms.MitigateForm,
            help=_("A workaround carries the business. The 12-hour clock goes on."),
            done=_("business temporarily restored"), icon="lifebuoy", template=PAGE,
        ),
        Action(
            "lose_mitigation", "E10", _("Workaround failed"),
            policies.can_lose_mitigation, services.lose_mitigation, forms.LoseMitigationForm,
            done=_("the workaround no longer holds"), tone="danger", icon="unlink", template=PAGE,
        ),
        Action(
            "write_plan", "E11", _("Write contingency plan"),
            policies.can_write_plan, services.write_plan, forms.PlanForm,
            help=_(
                "Contingency plan (this incident): how business keeps running while the fault "
                "lasts. Each saving makes a new version."
            ),
            done=_("contingency plan saved"), icon="file-pencil", template=PAGE,
        ),
        Action(
            "release_plan", "E11", _("Release contingency plan"),
            policies.can_release_plan, services.release_plan, forms.ReleaseForm,
            help=_("Read the version beside; somebody else has written it."),
            done=_("contingency plan released"), icon="rubber-stamp", template=PAGE,
        ),
        Action(
            "deliver_plan", "E11", _("Deliver contingency plan"),
            policies.can_deliver_plan, services.deliver_plan, forms.DeliverForm,
            help=_("The 16-hour clock stops when the bank has it."),
            done=_("contingency plan delivered"), icon="send", template=PAGE,
        ),
        Action(
            "resolve", "E13", _("Report as resolved"),
            policies.can_resolve, services.resolve, forms.ResolveForm,
            help=_("The fault is gone, not only bypassed. The fault report is due in 24 hours."),
            done=_("resolved; recovery waits for confirmation"), icon="circle-check",
            template=PAGE,
        ),
        Action(
            "confirm", "E14", _("Confirm recovery"),
            policies.can_confirm, services.confirm, forms.ConfirmForm,
            help=_("You have seen that business runs again."),
            done=_("recovery confirmed"), icon="checks", template=PAGE,
        ),
        Action(
            "reject_recovery", "E15", _("Not recovered"),
            policies.can_confirm, services.reject_recovery, forms.RejectRecoveryForm,
            help=_("The 12-hour clock goes on from the first report (T0)."),
            done=_("handling goes on"), tone="danger", icon="arrow-back-up", template=PAGE,
        ),
        Action(
            "write_report", "E16", _("Write fault report"),
            policies.can_write_report, services.write_report, forms.ReportForm,
            help=_("Fault type, causes, methods and loss must all be stated."),
            done=_("fault report saved"), icon="file-pencil", template=PAGE,
        ),
        Action(
            "release_report", "E16", _("Approve fault report"),
            policies.can_release_report, services.release_report, forms.ReleaseForm,
            help=_("Read the version beside; somebody else has written it."),
            done=_("fault report approved"), icon="rubber-stamp", template=PAGE,
        ),
        Action(
            "deliver_report", "E16", _("Deliver fault report"),
            policies.can_deliver_report, services.deliver_report, forms.DeliverForm,
            help=_("The 24-hour clock stops when the bank has it."),
            done=_("fault report delivered"), icon="send", template=PAGE,
        ),
    ],
)  # fmt: skip

# Names of moments in the timeline; rows of the recovery document stand for themselves there.
TIMELINE_LABELS: dict[str, Text] = {
    "incident.nudge": _("Nudged"),
    "incident.add_watcher": _("A follower was added"),
    "incident.remove_watcher": _("A follower was taken off"),
    "incident.internal_note": _("Internal note"),
    "incident.comment": _("Something added"),
    "incident.hand_over": _("Handed over to a colleague"),
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
    # Written by the room of emergency plans when a checklist is used on the incident.
    "incident.open_plan": _("Emergency plan opened"),
    "incident.tick_step": _("Step done"),
    "incident.skip_step": _("Step left out"),
    "incident.untick_step": _("Tick taken back"),
}
