"""Where a defect stands: the five steps of the service plan over its finer states (R32)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tickets.models import Defect, SuperiorReport
from tickets.models.defect_states import PROCESSING, DefectState
from workflow.durations import stamp

S = DefectState
# Decided above, or waiting for its day: not being solved at the moment.
PUT_ASIDE = [S.AWAITING_SUPERIOR, S.DEFERRED]
SOLVING = [*PROCESSING, S.PENDING_SIGNOFF, S.APPROVED, S.IMPLEMENTING, S.VERIFYING]
AFTER_SOLVING = [S.RESOLVED, S.REPLIED, S.CLOSED]
STOPPED = [S.CONVERTED, S.MERGED, S.WITHDRAWN, S.VOIDED]


def plan_steps(defect: Defect, report: SuperiorReport | None) -> list[dict[str, Any]]:
    """Submit, analyse, confirm and solve, report upward, reply: dicts for ``{% stepper %}``."""
    steps = [
        _submit(defect),
        _analyse(defect),
        {
            "label": _("Confirm and solve"),
            "state": _solving(defect),
            "who": defect.assignee,
            "detail": _aside(defect),
        },
        _report(defect, report),
        _reply(defect),
    ]
    if defect.state in STOPPED:
        for step in steps:
            step["state"] = "done" if step["state"] == "done" else "skipped"
    return steps


def _submit(defect: Defect) -> dict[str, Any]:
    writing = defect.state in (S.DRAFT, S.RETURNED)
    return {
        "label": _("Submit"),
        "state": "current" if writing else "done",
        "who": defect.reporter,
        "when": defect.submitted_at,
    }


def _analyse(defect: Defect) -> dict[str, Any]:
    if defect.state in (S.SUBMITTED, S.TRIAGING):
        state = "current"
    else:
        done = defect.issue_type or defect.state in AFTER_SOLVING
        state = "done" if done else "todo"
    return {
        "label": _("Analyse"),
        "state": state,
        "who": defect.owner,
        "when": defect.accepted_at,
        "detail": defect.get_issue_type_display() if state == "done" else "",
    }


def _aside(defect: Defect) -> str:
    if defect.state == S.AWAITING_SUPERIOR:
        return _("Cannot be solved here")
    if defect.state == S.DEFERRED:
        return _("Deferred until %(day)s") % {"day": stamp(defect.review_at, "date")}
    return ""


def _solving(defect: Defect) -> str:
    if defect.result in (Defect.Result.NOT_A_DEFECT, Defect.Result.EXPLAINED):
        return "skipped"
    if defect.state == S.DEFERRED:
        return "current"
    if defect.state in SOLVING:
        return "current"
    return "done" if defect.state in AFTER_SOLVING else "todo"


def _report(defect: Defect, report: SuperiorReport | None) -> dict[str, Any]:
    step: dict[str, Any] = {"label": _("Report upward"), "state": "todo"}
    if report is None:
        if defect.result == Defect.Result.NOT_A_DEFECT:
            step["state"] = "skipped"
        return step
    step["state"] = "done" if report.is_acknowledged else "current"
    if report.asks_for_decision and not report.is_acknowledged:
        step["detail"] = _("Decision awaited") if report.is_sent else report.get_state_display()
        return step
    step["detail"] = report.get_state_display()
    return step


def _reply(defect: Defect) -> dict[str, Any]:
    state = "done" if defect.replied_at else "todo"
    explained = defect.result == Defect.Result.EXPLAINED and defect.state == S.AWAITING_SUPERIOR
    if defect.state == S.RESOLVED or explained:
        state = "current"
    return {"label": _("Reply"), "state": state, "when": defect.replied_at}
