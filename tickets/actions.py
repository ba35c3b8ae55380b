"""Everything that can be done to a defect, in the order in which a page offers it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies
from tickets.actions_endings import AFTER_REPLY, ENDINGS, RELATIONS
from tickets.forms import acts, opinions, rulings, solutions, submission
from tickets.services import (
    attachments,
    defects,
    deferring,
    emergency,
    execution,
    plan_drafts,
    processing,
    replies,
    signoff,
    superior,
    triage,
    verification,
)
from tickets.services import opinions as group_opinions
from tickets.services import rulings as rulings_services
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
            "reclassify_agree", "D8", _("Agree: hand to the other side"),
            policies.can_rule_on_reclassification, rulings_services.agree_to_reclassify,
            rulings.AgreeToReclassifyForm, icon="switch-horizontal", template=ACTION_PAGE,
            help=_("The new assignee goes on; what was written so far stays readable."),
            done=_("It has changed sides."),
        ),
        Action(
            "reclassify_refuse", "D8", _("It stays where it is"),
            policies.can_rule_on_reclassification, rulings_services.refuse_to_reclassify,
            acts.OpinionForm, icon="ban", template=ACTION_PAGE,
            done=_("It stays with its assignee."),
        ),
        Action(
            "unsolvable_agree", "D12", _("Co-sign: cannot be solved"),
            policies.can_cosign_unsolvable, rulings_services.cosign_unsolvable,
            rulings.CosignForm, icon="signature", template=ACTION_PAGE,
            help=_("It then goes to the superior department for a decision."),
            done=_("You have co-signed; the report upward is due."),
        ),
        Action(
            "unsolvable_refuse", "D12", _("Refuse: it is to be solved"),
            policies.can_refuse_unsolvable, rulings_services.refuse_unsolvable,
            acts.OpinionForm, icon="arrow-back-up", template=ACTION_PAGE,
            done=_("It is back with its assignee."),
        ),
        Action(
            "answer_group", "D10", _("Answer for my group"), policies.can_answer_group,
            group_opinions.answer_group, opinions.AnswerGroupForm, icon="message-check",
            template=ACTION_PAGE, help=_("Once for each group; it cannot be changed later."),
            done=_("Your group has answered."),
        ),
        Action(
            "send_for_sign_off", "D11", _("Confirm and send for sign-off"),
            policies.can_send_for_sign_off,
            processing.send_for_sign_off, solutions.PlanForm, icon="signature",
            template=ACTION_PAGE,
            help=_("A new version of the solution is written; a supervisor signs it."),
            done=_("The solution has been sent for sign-off."),
        ),
        Action(
            "save_plan", "D11", _("Keep the plan as a draft"), policies.can_process,
            plan_drafts.save_plan, solutions.PlanDraftForm, icon="device-floppy",
            template=ACTION_PAGE, help=_("Nothing is sent yet; go on whenever you like."),
            done=_("The draft of the plan has been kept."),
        ),
        Action(
            "ask_groups", "D10", _("Ask project groups"), policies.can_ask_groups,
            group_opinions.ask_groups, opinions.AskGroupsForm, icon="message-question",
            template=ACTION_PAGE, help=_("Each group says whether it is concerned."),
            done=_("The groups have been asked."),
        ),
        Action(
            "remove_group", "D10", _("Take a question back"), policies.can_remove_group,
            group_opinions.remove_group, opinions.RemoveGroupForm, icon="x", template=ACTION_PAGE,
            help=_("Only while the group has not answered."),
            done=_("The group need not answer any more."),
        ),
        Action(
            "unsolvable", "D12", _("Confirmed, but it cannot be solved"),
            policies.can_state_unsolvable, rulings_services.state_unsolvable,
            rulings.UnsolvableForm, icon="circle-x", template=ACTION_PAGE,
            help=_("A supervisor co-signs; then the superior department decides."),
            done=_("A supervisor has been asked to co-sign."),
        ),
        Action(
            "reclassify", "D8", _("Propose the other side"), policies.can_reclassify,
            rulings_services.reclassify, rulings.ReclassifyForm, icon="switch-horizontal",
            template=ACTION_PAGE,
            help=_("Technical or business: service support decides, a supervisor the third time."),
            done=_("The change of side has been proposed."),
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
            "release_emergency", "D26", _("Release in an emergency"),
            policies.can_release_emergency, emergency.release_emergency, rulings.ReleaseForm,
            tone="danger", icon="alarm", template=SIGN_PAGE,
            help=_("On somebody's word; the written signature follows within 24 hours."),
            done=_("It is released; the written signature is due within 24 hours."),
        ),
        Action(
            "recall", "D16", _("Take back"), policies.can_recall, signoff.recall,
            rulings.RemarkForm, icon="arrow-back", template=ACTION_PAGE,
            help=_("Before a supervisor decides; the next version is a new one."),
            done=_("It is back with you."),
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
            "change_plan", "D18", _("Change the plan"), policies.can_change_plan,
            execution.change_plan, rulings.ChangePlanForm, icon="file-pencil",
            template=ACTION_PAGE,
            help=_("The signature becomes void; a new version is written and signed."),
            done=_("It is back in processing; the signature is void."),
        ),
        Action(
            "sign_emergency", "D26", _("Sign the emergency implementation"),
            policies.can_sign_emergency, emergency.sign_emergency, rulings.SignAfterwardsForm,
            icon="signature", template=SIGN_PAGE,
            help=_("The written signature on what was released by word of mouth."),
            done=_("You have signed the emergency implementation."),
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
            "decide", "D27", _("Decide"), policies.can_decide, deferring.decide,
            rulings.DecideForm, icon="rubber-stamp", template=ACTION_PAGE,
            help=_("Go on, hand over to the vendor, defer, or reply with an explanation."),
            done=_("Your decision has been recorded."),
        ),
        Action(
            "resume", "D28", _("Resume"), policies.can_resume, deferring.resume,
            rulings.RemarkForm, icon="player-play", template=ACTION_PAGE,
            help=_("Before the review date; on that day it is resumed by itself."),
            done=_("It is being worked on again."),
        ),
        Action(
            "record_acknowledgement", "R47", _("Record an acknowledgement outside the desk"),
            policies.can_record_acknowledgement, superior.record_acknowledgement,
            rulings.OffSystemForm, icon="clipboard-check", template=ACTION_PAGE,
            help=_("After five working days of silence, with evidence; the report stays marked."),
            done=_("The acknowledgement has been recorded."),
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
