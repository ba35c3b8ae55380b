"""What can be done to a consultation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies_consultations as policies
from tickets.forms.consultations import CloseForm, ConvertForm
from tickets.services import consultations as services
from tickets.services import conversions
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
            done=_("Converted; the defect has been submitted for the caller."),
            icon="bug",
        ),
    ],
)

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
    "hotline.call_linked": _("Another call about it"),
}
