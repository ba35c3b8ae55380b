"""The expectation table of the workflow: situation × act × person. What is not here is refused.

``docs/workflow-table.md`` is made from it by ``make workflow-table``; a test holds that the page
is up to date, and that code and table say the same in every cell.
"""

from __future__ import annotations

from dataclasses import dataclass

# Situations in the order of the page: a state, or ``state+what`` when something beside the state
# decides (see ``situations.py``).
SITUATIONS: dict[str, str] = {
    "draft": "a draft",
    "draft+void": "filed by service support, who asks to void it",
    "submitted": "",
    "submitted+void": "service support asks to void it",
    "returned": "",
    "triaging": "",
    "triaging+refuted": "found not to be a defect",
    "tech_processing": "",
    "biz_processing": "",
    "tech_processing+asked": "a project group owes its opinion",
    "tech_processing+answered": "every group has answered",
    "tech_processing+side": "a change of side is proposed",
    "tech_processing+third": "the third change of side is proposed",
    "tech_processing+stated": "stated as not solvable, not co-signed",
    "tech_processing+withdraw": "the reporter asks to withdraw it",
    "pending_signoff": "",
    "pending_signoff+emergency": "its S1 incident is running, setting on",
    "approved": "",
    "approved+emergency": "released by word of mouth",
    "implementing": "",
    "verifying": "",
    "resolved": "the report upward is still due",
    "resolved+reported": "reported upward",
    "awaiting_superior": "the report is still due",
    "awaiting_superior+sent": "the report has been sent",
    "awaiting_superior+explained": "decided: reply with an explanation",
    "deferred": "",
    "replied": "the report is not acknowledged",
    "replied+silent": "the superior has been silent for five working days",
    "replied+done": "every duty is done",
    "closed": "",
    "closed+later": "unrated, with a link and a correction to confirm",
    "converted": "",
    "merged": "",
    "merged+replied": "replied to together with the other one",
    "withdrawn": "",
    "voided": "",
}
PEOPLE = [
    "reporter", "teammate", "agent", "support", "tech", "tech2", "biz", "supervisor",
    "supervisor2", "implementer", "monitor", "superior", "manager", "sysadmin", "secadmin",
    "auditor", "outsider",
]  # fmt: skip
# How the page calls them.
TOLD = {
    "teammate": "colleague of the reporter",
    "tech": "assignee (technical)",
    "tech2": "member of the group asked",
    "biz": "assignee (business)",
    "supervisor2": "another supervisor",
    "implementer": "named implementer",
    "outsider": "bank user of another branch",
}
DRAFTS = ["draft", "draft+void"]
CLOSED = ["closed", "closed+later"]
END = [*CLOSED, "converted", "merged", "merged+replied", "withdrawn", "voided"]
REPLIED = ["replied", "replied+silent", "replied+done"]
UNANSWERED = [name for name in SITUATIONS if name not in (*END, *REPLIED)]
NUMBERED = [name for name in UNANSWERED if name not in DRAFTS]
DESK = ["agent", "support", "tech", "tech2", "biz", "supervisor", "supervisor2", "implementer"]
TECH = [
    "tech_processing", "tech_processing+asked", "tech_processing+answered",
    "tech_processing+withdraw",
]  # fmt: skip
TECH_FREE = ["tech_processing", "tech_processing+answered", "tech_processing+withdraw"]
SUBMITTED = ["submitted", "submitted+void"]
PROCESSING = [
    *TECH,
    "biz_processing",
    *(f"tech_processing+{x}" for x in ("side", "third", "stated")),
]
SIGN = ["pending_signoff", "pending_signoff+emergency"]
CLEARED = ["approved", "approved+emergency"]
# Confirmed, and the report upward not sent yet.
REPORT_DUE = [*SIGN, *CLEARED, "implementing", "verifying", "resolved", "awaiting_superior"]
SUPERVISORS = ["supervisor", "supervisor2"]


@dataclass(frozen=True)
class Row:
    """In these situations these people may; it leads to ``to`` ("" = the state stays)."""

    situations: list[str]
    people: list[str]
    to: str = ""


MAY: dict[str, list[Row]] = {
    "save": [Row(DRAFTS, ["reporter"]), Row(["draft+void"], ["support"])],
    "submit": [
        Row([*DRAFTS, "returned"], ["reporter"], "submitted"),
        Row(["draft+void"], ["support"], "submitted"),
    ],
    "accept": [Row(SUBMITTED, ["support"], "triaging")],
    "return": [Row([*SUBMITTED, "triaging", "triaging+refuted"], ["support"], "returned")],
    "classify_technical": [
        Row(["triaging", "triaging+refuted"], ["support"], "tech_processing"),
    ],
    "classify_business": [Row(["triaging", "triaging+refuted"], ["support"], "biz_processing")],
    "convert": [Row(["triaging", "triaging+refuted"], ["support"], "converted")],
    "reclassify": [Row(TECH, ["tech"]), Row(["biz_processing"], ["biz"])],
    "reclassify_agree": [
        Row(["tech_processing+side"], ["support"], "biz_processing"),
        Row(["tech_processing+third"], SUPERVISORS, "biz_processing"),
    ],
    "reclassify_refuse": [
        Row(["tech_processing+side"], ["support"]),
        Row(["tech_processing+third"], SUPERVISORS),
    ],
    "back_to_triage": [
        Row(TECH, ["tech"], "triaging"),
        Row(["biz_processing"], ["biz"], "triaging"),
    ],
    "ask_groups": [Row(TECH, ["tech", "support"]), Row(["biz_processing"], ["biz", "support"])],
    "answer_group": [Row(["tech_processing+asked"], ["tech2"])],
    "remove_group": [Row(["tech_processing+asked"], ["tech", "support"])],
    "save_plan": [Row(TECH, ["tech"]), Row(["biz_processing"], ["biz"])],
    "send_for_sign_off": [
        Row(TECH_FREE, ["tech"], "pending_signoff"),
        Row(["biz_processing"], ["biz"], "pending_signoff"),
    ],
    "unsolvable": [Row(TECH_FREE, ["tech"]), Row(["biz_processing"], ["biz"])],
    "unsolvable_agree": [Row(["tech_processing+stated"], SUPERVISORS, "awaiting_superior")],
    "unsolvable_refuse": [Row(["tech_processing+stated"], SUPERVISORS)],
    "not_confirmed": [
        Row(TECH, ["tech"], "triaging"),
        Row(["biz_processing"], ["biz"], "triaging"),
    ],
    "approve": [Row(SIGN, SUPERVISORS, "approved")],
    "send_back": [Row(SIGN, SUPERVISORS, "tech_processing")],
    "recall": [Row(SIGN, ["tech"], "tech_processing")],
    "release_emergency": [Row(["pending_signoff+emergency"], SUPERVISORS, "approved")],
    "sign_emergency": [Row(["approved+emergency"], ["supervisor2"])],
    "start": [Row(CLEARED, ["implementer"], "implementing")],
    "change_plan": [Row([*CLEARED, "implementing"], ["implementer", "tech"], "tech_processing")],
    "finish": [Row(["implementing"], ["implementer"], "verifying")],
    "fail": [Row(["implementing"], ["implementer"], "tech_processing")],
    "verify_solved": [Row(["verifying"], ["agent", "support"], "resolved")],
    "verify_unsolved": [Row(["verifying"], ["agent", "support"], "tech_processing")],
    "report_upward": [Row(REPORT_DUE, ["support"])],
    "acknowledge_report": [
        Row(["resolved+reported", "replied", "replied+silent"], ["superior"]),
    ],
    "record_acknowledgement": [Row(["replied+silent"], SUPERVISORS)],
    "decide": [Row(["awaiting_superior+sent"], ["superior"], "tech_processing|deferred|")],
    "resume": [Row(["deferred"], ["support"], "tech_processing")],
    "reply": [
        Row(
            ["triaging+refuted", "resolved+reported", "awaiting_superior+explained"],
            ["support"], "replied",
        ),
    ],
    "close": [Row(["replied+done"], ["reporter"], "closed")],
    "merge": [
        Row([*SUBMITTED, "triaging", "triaging+refuted", *PROCESSING], ["support"], "merged"),
        Row([name for name in PROCESSING if name != "biz_processing"], ["tech"], "merged"),
        Row(["biz_processing"], ["biz"], "merged"),
    ],
    "attach": [
        Row(UNANSWERED, ["reporter"]),
        Row(NUMBERED, DESK),
        Row(["draft+void"], ["support", *SUPERVISORS]),
    ],
    "withdraw": [
        Row(
            [*DRAFTS, *SUBMITTED, "returned", "triaging", "triaging+refuted"],
            ["reporter"], "withdrawn",
        ),
        Row(["draft+void"], ["support"], "withdrawn"),
    ],
    "ask_withdraw": [
        Row([name for name in PROCESSING if not name.endswith("+withdraw")], ["reporter"]),
    ],
    "agree_withdraw": [Row(["tech_processing+withdraw"], ["support"], "withdrawn")],
    "decline_withdraw": [Row(["tech_processing+withdraw"], ["support"])],
    "ask_void": [Row(["submitted"], ["support"])],
    "confirm_void": [
        Row(["submitted+void"], SUPERVISORS, "voided"),
        Row(["draft+void"], SUPERVISORS, "voided"),
    ],
    "decline_void": [Row(["submitted+void", "draft+void"], SUPERVISORS)],
    "unmerge": [Row(["merged"], ["support"], "triaging")],
    "receive": [Row(["merged+replied"], ["reporter"])],
    "reopen": [Row([*REPLIED, *CLOSED], ["reporter", "support"], "tech_processing|triaging")],
    "rate": [Row(["closed+later"], ["reporter"])],
    "correct": [Row(CLOSED, ["agent", "support", "tech", "tech2", "biz"])],
    "confirm_correction": [Row(["closed+later"], SUPERVISORS)],
    "escalate": [Row([*NUMBERED, *REPLIED], ["agent", "support"])],
    "link": [
        Row(
            [name for name in SITUATIONS if name not in DRAFTS],
            ["support", "tech", "tech2", "biz"],
        ),
    ],
    "unlink": [Row(["closed+later"], ["support", "tech", "tech2", "biz"])],
}  # fmt: skip
# What the product does by itself: name, from, to.
BY_ITSELF = [
    ("resume_by_date (D28, on the review date)", "deferred", "tech_processing"),
    ("auto_close (D24, on the fifth working day)", "replied", "closed"),
]
# What leads through another record: the objection stands on the consultation.
OTHER_DOORS = [("objection to the consultation (C6)", "converted", "triaging")]


def may(action: str, situation: str, person: str) -> bool:
    """What the table says."""
    return any(situation in row.situations and person in row.people for row in MAY[action])


def state_of(situation: str) -> str:
    """The state behind a situation."""
    return situation.partition("+")[0]


def targets(row: Row) -> set[str]:
    """The states to which a row leads; none when the state stays."""
    return {state for state in row.to.split("|") if state}
