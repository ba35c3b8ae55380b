"""What can be done to a consultation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies_afterwards as later
from tickets import policies_consultations as policies
from tickets.forms import afterwards as forms
from tickets.forms.consultations import CloseForm, ConvertForm
from tickets.forms.corrections import ConfirmCorrectionForm, CorrectionForm
from tickets.services import afterwards, conversions, escalation, objections
from tickets.services import consultations as services
from workflow.actions import Action, ActionSet

CONSULTATION_ACTIONS = ActionSet(
    "consultation",
    [
        Action(
            code="close",
            ref="C3",
            label=_("Close with answer"),
            policy=policies.can_close,
            run=services.close_consultation,
            form=CloseForm,
            done=_("Closed; the answer is on record."),
            tone="primary",
            icon="check",
        ),
        Action(
            code="convert",
            ref="C4",
            label=_("Convert to defect"),
            policy=policies.can_convert,
            run=conversions.convert_to_defect,
            form=ConvertForm,
            help=_("The caller becomes the reporter of a defect that service support takes up."),
            done=_("Converted; the defect has been filed for the caller."),
            icon="bug",
        ),
        Action(
            "escalate", "C5", _("Escalate to incident"), later.can_escalate,
            escalation.escalate_consultation, forms.EscalateForm, tone="danger",
            icon="urgent",
            help=_("The people on call are rung up; time limits count from the start of the call."),
            done=_("An incident has been opened."),
        ),
        Action(
            "object", "C6", _("Object to the conversion"), later.can_object,
            objections.object_to_conversion, forms.ObjectionForm, icon="message-question",
            help=_(
                "The first objection reopens the defect. On a second one a supervisor rules, "
                "and that is final."
            ),
            done=_("Your objection has been recorded."),
        ),
        Action(
            "rule", "C6", _("Rule on the objection"), later.can_rule,
            objections.rule_on_objection, forms.RulingForm, icon="clipboard-check",
            help=_("Your ruling is final."), done=_("Your ruling has been recorded."),
        ),
        Action(
            "rate", "C3", _("Rate the answer"), later.can_rate, afterwards.rate, forms.RateForm,
            icon="star", done=_("Thank you."),
        ),
        Action(
            "amend", "C7", _("Change the record"), later.can_amend, afterwards.amend,
            forms.AmendForm, icon="edit",
            help=_("Possible for 24 hours after closing; the trail keeps what stood there before."),
            done=_("The record has been changed."),
        ),
        Action(
            "correct", "C7", _("Append a correction"), later.can_correct,
            afterwards.add_correction, CorrectionForm, icon="note",
            help=_("The record is locked. A note counts once a supervisor has confirmed it."),
            done=_("The correction waits for a supervisor."),
        ),
        Action(
            "confirm_correction", "C7", _("Confirm a correction"), later.can_confirm_correction,
            afterwards.decide_correction, ConfirmCorrectionForm, icon="clipboard-check",
            done=_("Your decision has been recorded."),
        ),
        Action(
            "reopen", "C3", _("Reopen"), later.can_reopen, afterwards.reopen, forms.ReasonForm,
            icon="refresh", help=_("Asked again within seven days of closing."),
            done=_("It is open again and in your hands."),
        ),
        Action(
            "void", "C7", _("Void"), later.can_void, afterwards.void, forms.ReasonForm,
            tone="danger", icon="ban",
            help=_("Only for what was entered by mistake. It is kept, and counts nowhere."),
            done=_("It has been voided."),
        ),
    ],
)  # fmt: skip

# Names of what the trail holds about a consultation.
CONSULTATION_MOMENTS = {
    "consultation.nudge": _("Nudged"),
    "consultation.add_watcher": _("A follower was added"),
    "consultation.remove_watcher": _("A follower was taken off"),
    "consultation.internal_note": _("Internal note"),
    "consultation.comment": _("Something added"),
    "consultation.hand_over": _("Handed over to a colleague"),
    "consultation.record": _("Recorded and closed on the spot"),
    "consultation.open": _("Recorded, still in progress"),
    "consultation.close": _("Closed with answer"),
    "consultation.convert": _("Converted to defect"),
    "consultation.from_defect": _("Converted from a defect"),
    "consultation.escalate": _("Escalated to an incident"),
    "consultation.object": _("Objection to the conversion"),
    "consultation.rule": _("Ruling on the objection"),
    "consultation.rate": _("Rated by the caller"),
    "consultation.amend": _("Record changed"),
    "consultation.correct": _("Correction appended"),
    "consultation.confirm_correction": _("Correction decided"),
    "consultation.reopen": _("Reopened"),
    "consultation.void": _("Voided"),
    "hotline.call_linked": _("Another call about it"),
}
