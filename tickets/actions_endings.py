"""Acts that open a defect again, tie it to others, or end it early."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies
from tickets.forms import acts, endings
from tickets.forms.corrections import ConfirmCorrectionForm, CorrectionForm
from tickets.services import corrections, ending, escalating, grouping, links, receipts, reopening
from workflow.actions import Action

ACTION_PAGE = "tickets/defect_action.html"
PICK_PAGE = "tickets/defect_pick.html"

AFTER_REPLY = [
    Action(
        "receive", "R49", _("Sign for the reply"), policies.can_receive, receipts.receive,
        acts.AcceptForm, icon="checks", template=ACTION_PAGE,
        help=_("Your unit's own reply to a defect that is handled together with another."),
        done=_("Thank you. The receipt is noted."),
    ),
    Action(
        "reopen", "D25", _("Not solved: reopen"), policies.can_reopen, reopening.reopen,
        endings.SymptomForm, icon="refresh", template=ACTION_PAGE,
        help=_("A new cycle begins, with a new plan, a new signature and a new reply."),
        done=_("It has been reopened."),
    ),
    Action(
        "rate", "R49", _("Rate it"), policies.can_rate, receipts.rate, endings.RateForm,
        icon="star", template=ACTION_PAGE, done=_("Thank you for the rating."),
    ),
    Action(
        "confirm_correction", "2.1", _("Confirm a correction"), policies.can_confirm_correction,
        corrections.decide_correction, ConfirmCorrectionForm, icon="clipboard-check",
        template=ACTION_PAGE, done=_("Your decision has been recorded."),
    ),
    Action(
        "correct", "2.1", _("Append a correction"), policies.can_correct,
        corrections.add_correction, CorrectionForm, icon="note", template=ACTION_PAGE,
        help=_("The record is locked. A note counts once a supervisor has confirmed it."),
        done=_("The correction waits for a supervisor."),
    ),
]  # fmt: skip
RELATIONS = [
    Action(
        "escalate", "D32", _("Escalate to an incident"), policies.can_escalate,
        escalating.escalate, endings.EscalateForm, tone="danger", icon="urgent",
        template=ACTION_PAGE,
        help=_("The people on call are rung; time limits count from now. The defect goes on."),
        done=_("An incident belongs to it now."),
    ),
    Action(
        "merge", "D30", _("Merge into another"), policies.can_merge, grouping.merge,
        endings.MergeForm, icon="git-merge", template=PICK_PAGE,
        help=_("It follows the other one, and its unit gets a reply of its own."),
        done=_("It has been merged."),
    ),
    Action(
        "unmerge", "D31", _("Split off"), policies.can_unmerge, grouping.unmerge,
        endings.SplitForm, icon="transfer", template=ACTION_PAGE,
        help=_("It is analysed by itself again."), done=_("It has been split off."),
    ),
    Action(
        "link", "R41", _("Link to another"), policies.can_link, links.link, endings.LinkForm,
        icon="link", template=PICK_PAGE,
        help=_("A group has one head; its members go on by themselves."),
        done=_("The link is made."),
    ),
    Action(
        "unlink", "R41", _("Take a link away"), policies.can_unlink, links.unlink,
        endings.UnlinkForm, icon="unlink", template=ACTION_PAGE,
        help=_("The history of both keeps that they were linked."), done=_("The link is gone."),
    ),
]  # fmt: skip
ENDINGS = [
    Action(
        "agree_withdraw", "D29", _("Agree to the withdrawal"), policies.can_agree_withdrawal,
        ending.agree_withdrawal, endings.AgreeForm, icon="check", template=ACTION_PAGE,
        help=_("The reporter asked for it. The defect ends."), done=_("It has been withdrawn."),
    ),
    Action(
        "decline_withdraw", "D29", _("Decline the withdrawal"), policies.can_decline_withdrawal,
        ending.decline_withdrawal, acts.ReasonForm, icon="arrow-back", template=ACTION_PAGE,
        help=_("The defect goes on; the reporter reads why."), done=_("The reporter is told."),
    ),
    Action(
        "confirm_void", "D33", _("Confirm: void it"), policies.can_confirm_void,
        ending.confirm_void, endings.AgreeForm, tone="danger", icon="ban", template=ACTION_PAGE,
        help=_("It is kept and readable, but counts nowhere."), done=_("It has been voided."),
    ),
    Action(
        "decline_void", "D33", _("Decline to void it"), policies.can_decline_void,
        ending.decline_void, acts.ReasonForm, icon="arrow-back", template=ACTION_PAGE,
        help=_("It goes on as usual."), done=_("Whoever asked is told."),
    ),
    Action(
        "ask_void", "D33", _("Ask to void it"), policies.can_ask_void, ending.ask_void,
        endings.VoidForm, tone="danger", icon="ban", template=ACTION_PAGE,
        help=_("Only for a test or a wrong entry; a supervisor confirms."),
        done=_("A supervisor has been asked."),
    ),
    Action(
        "withdraw", "D29", _("Withdraw"), policies.can_withdraw, ending.withdraw,
        acts.ReasonForm, tone="danger", icon="x", template=ACTION_PAGE,
        done=_("It has been withdrawn."),
    ),
    Action(
        "ask_withdraw", "D29", _("Ask to withdraw it"), policies.can_ask_withdrawal,
        ending.ask_withdrawal, acts.ReasonForm, tone="danger", icon="x", template=ACTION_PAGE,
        help=_("Somebody works on it already, so service support must agree."),
        done=_("Service support has been asked."),
    ),
]  # fmt: skip
