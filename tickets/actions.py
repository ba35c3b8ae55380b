"""Everything that can be done to a defect, in the order in which a page offers it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies
from tickets.actions_endings import AFTER_REPLY, ENDINGS, RELATIONS
from tickets.forms import acts, solutions, submission
from tickets.services import (
    attachments,
    defects,
    execution,
    processing,
    replies,
    signoff,
    superior,
    triage,
    verification,
)
from workflow.actions import Action, ActionSet
from workflow.forms import BareForm

ACTION_PAGE = "tickets/defect_action.html"
FORM_PAGE = "tickets/defect_form.html"
SIGN_PAGE = "tickets/defect_sign.html"

DEFECT_ACTIONS = ActionSet(
    "defect",
    [
        Action(
            "submit", "D2", _("Edit and submit"), policies.can_submit, defects.submit,
            submission.SubmitForm, icon="send", template=FORM_PAGE,
            done=_("It has been submitted."),
        ),
        Action(
            "save", "D1", _("Save draft"), policies.can_edit_draft, defects.update_draft,
            submission.DraftForm, icon="device-floppy", template=FORM_PAGE,
            done=_("The draft has been saved."),
        ),
        Action(
            "accept", "D3", _("Accept"), policies.can_accept, triage.accept, BareForm,
            help=_("You become its owner, and the reporter is told."), icon="check",
            template=ACTION_PAGE, done=_("It is accepted and yours."),
        ),
        Action(
            "classify_technical", "D5", _("Technical issue"), policies.can_classify,
            triage.classify_technical, acts.ClassifyForm, icon="tools", template=ACTION_PAGE,
            help=_("Technical staff give their advice and measures."),
            done=_("It has been handed to technical staff."),
        ),
        Action(
            "classify_business", "D6", _("Business issue"), policies.can_classify,
            triage.classify_business, acts.ClassifyBusinessForm, icon="building-bank",
            template=ACTION_PAGE, help=_("Business staff give their advice and measures."),
            done=_("It has been handed to business staff."),
        ),
        Action(
            "convert", "D7", _("Operation issue: to consultation"), policies.can_convert,
            triage.convert_to_consultation, acts.ConvertForm, icon="messages",
            template=ACTION_PAGE,
            help=_("The reporter is given an explanation; the defect becomes a consultation."),
            done=_("It has become a consultation."),
        ),
        Action(
            "send_for_sign_off", "D11", _("Confirm and send for sign-off"), policies.can_process,
            processing.send_for_sign_off, solutions.PlanForm, icon="signature",
            template=ACTION_PAGE,
            help=_("A new version of the solution is written; a supervisor signs it."),
            done=_("The solution has been sent for sign-off."),
        ),
        Action(
            "not_confirmed", "D13", _("Not confirmed"), policies.can_process,
            processing.not_confirmed, acts.EvidenceForm, icon="circle-x", template=ACTION_PAGE,
            help=_("Service support then replies, or explains it as an operation issue."),
            done=_("It is back in triage as not confirmed."),
        ),
        Action(
            "back_to_triage", "D9", _("Back to triage"), policies.can_process,
            processing.back_to_triage, acts.ReasonForm, icon="arrow-back", template=ACTION_PAGE,
            done=_("It is back in triage."),
        ),
        Action(
            "approve", "D14", _("Approve and sign"), policies.can_approve, signoff.approve,
            solutions.ApproveForm, icon="signature", template=SIGN_PAGE,
            done=_("You have signed the solution."),
        ),
        Action(
            "send_back", "D15", _("Send back"), policies.can_send_back, signoff.send_back,
            solutions.SendBackForm, icon="arrow-back-up", template=SIGN_PAGE,
            done=_("The solution has been sent back."),
        ),
        Action(
            "start", "D17", _("Start implementation"), policies.can_start, execution.start,
            solutions.StartForm, icon="player-play", template=ACTION_PAGE,
            done=_("The implementation has begun."),
        ),
        Action(
            "finish", "D19", _("Implementation done"), policies.can_finish, execution.finish,
            solutions.FinishForm, icon="checks", template=ACTION_PAGE,
            help=_("With the change record, or the reason why there is none."),
            done=_("The implementation is done."),
        ),
        Action(
            "fail", "D20", _("Failed and rolled back"), policies.can_finish, execution.fail,
            acts.RollbackForm, tone="danger", icon="arrow-back", template=ACTION_PAGE,
            help=_("The signature becomes void; a new plan is needed."),
            done=_("It is back in processing; the signature is void."),
        ),
        Action(
            "verify_solved", "D21a", _("Verified: solved"), policies.can_verify,
            verification.verify_solved, acts.SolvedForm, icon="circle-check",
            template=ACTION_PAGE, done=_("It is solved; the reply is due."),
        ),
        Action(
            "verify_unsolved", "D21b", _("Verified: not solved"), policies.can_verify,
            verification.verify_unsolved, acts.StillFailsForm, icon="circle-x",
            template=ACTION_PAGE, help=_("A new cycle begins, with a new plan and signature."),
            done=_("It is back in processing."),
        ),
        Action(
            "report_upward", "R47", _("Report to the superior department"),
            policies.can_send_report, superior.send_superior_report, acts.ReportForm,
            icon="arrow-narrow-up", template=ACTION_PAGE, done=_("It has been reported."),
        ),
        Action(
            "acknowledge_report", "R47", _("Acknowledge the report"),
            policies.can_acknowledge_report, superior.acknowledge_superior_report,
            acts.AcknowledgeForm, icon="clipboard-check", template=ACTION_PAGE,
            done=_("You have acknowledged the report."),
        ),
        Action(
            "reply", "D22", _("Reply"), policies.can_reply, replies.reply, acts.ReplyForm,
            icon="message-reply", template=ACTION_PAGE,
            help=_("With solution, analysis and cause; merged defects get the same reply."),
            done=_("The reply has been sent."),
        ),
        Action(
            "close", "D23", _("Accept the reply"), policies.can_accept_reply,
            replies.accept_reply, acts.AcceptForm, icon="checks", template=ACTION_PAGE,
            help=_("The defect is closed."), done=_("It is closed. Thank you."),
        ),
        *AFTER_REPLY,
        Action(
            "return", "D4", _("Return for information"), policies.can_return,
            triage.return_for_information, acts.ReturnForm, icon="arrow-back",
            template=ACTION_PAGE, done=_("It has been returned to the reporter."),
        ),
        *RELATIONS,
        Action(
            "attach", "I06", _("Add files"), policies.can_attach, attachments.attach,
            acts.AttachForm, icon="paperclip", template=ACTION_PAGE,
            done=_("The files have been added."),
        ),
        *ENDINGS,
    ],
)  # fmt: skip
