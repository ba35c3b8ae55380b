"""Who may do what with a defect, and when (domain section 2.1).

The order is always the same: role, state, person, then what must happen first. Being a superuser
counts for nothing; two accounts of one human count as one person (R43–R45).
"""

from tickets.policies.afterwards import (
    can_auto_close,
    can_confirm_correction,
    can_correct,
    can_rate,
    can_receive,
    can_reopen,
    window_end,
)
from tickets.policies.closing import can_accept_reply, can_reply, why_not_closed
from tickets.policies.deferring import can_decide, can_record_acknowledgement, can_resume
from tickets.policies.emergency import can_release_emergency, can_sign_emergency
from tickets.policies.ending import (
    can_agree_withdrawal,
    can_ask_void,
    can_ask_withdrawal,
    can_confirm_void,
    can_decline_void,
    can_decline_withdrawal,
    can_withdraw,
    open_request,
)
from tickets.policies.escalation import can_escalate
from tickets.policies.execution import can_change_plan, can_finish, can_start, can_verify
from tickets.policies.filing import can_attach, can_edit_draft, can_file, can_submit
from tickets.policies.grouping import (
    can_be_linked,
    can_be_parent,
    can_link,
    can_merge,
    can_unlink,
    can_unmerge,
)
from tickets.policies.groups import (
    can_answer_group,
    can_ask_groups,
    can_manage_groups,
    can_remove_group,
)
from tickets.policies.processing import can_process, can_send_for_sign_off
from tickets.policies.rulings import (
    can_cosign_unsolvable,
    can_reclassify,
    can_refuse_unsolvable,
    can_rule_on_reclassification,
    can_state_unsolvable,
)
from tickets.policies.signing import can_approve, can_recall, can_send_back, four_eyes_for_signing
from tickets.policies.superior import can_acknowledge_report, can_send_report
from tickets.policies.triage import can_accept, can_classify, can_convert, can_return

__all__ = [
    "can_accept",
    "can_accept_reply",
    "can_acknowledge_report",
    "can_agree_withdrawal",
    "can_answer_group",
    "can_approve",
    "can_ask_groups",
    "can_ask_void",
    "can_ask_withdrawal",
    "can_attach",
    "can_auto_close",
    "can_be_linked",
    "can_be_parent",
    "can_change_plan",
    "can_classify",
    "can_confirm_correction",
    "can_confirm_void",
    "can_convert",
    "can_correct",
    "can_cosign_unsolvable",
    "can_decide",
    "can_decline_void",
    "can_decline_withdrawal",
    "can_edit_draft",
    "can_escalate",
    "can_file",
    "can_finish",
    "can_link",
    "can_manage_groups",
    "can_merge",
    "can_process",
    "can_rate",
    "can_recall",
    "can_receive",
    "can_reclassify",
    "can_record_acknowledgement",
    "can_refuse_unsolvable",
    "can_release_emergency",
    "can_remove_group",
    "can_reopen",
    "can_reply",
    "can_resume",
    "can_return",
    "can_rule_on_reclassification",
    "can_send_back",
    "can_send_for_sign_off",
    "can_send_report",
    "can_sign_emergency",
    "can_start",
    "can_state_unsolvable",
    "can_submit",
    "can_unlink",
    "can_unmerge",
    "can_verify",
    "can_withdraw",
    "four_eyes_for_signing",
    "open_request",
    "why_not_closed",
    "window_end",
]
