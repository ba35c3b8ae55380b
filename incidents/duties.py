"""The next duty of an incident, in one sentence with its act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents import policies
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.models.documents import IncidentDocument
from sla.models import Clock
from workflow.durations import stamp

S = Incident.State


@dataclass(frozen=True)
class Duty:
    """What must happen next; ``action`` is the code of its act, "" when nobody can act."""

    text: str
    action: str = ""
    tone: str = "info"


def next_duty(incident: Incident, clocks: Mapping[str, Clock], now: datetime) -> Duty:
    """The one thing that matters most at ``now`` (UTC); ``clocks`` by kind, latest run each."""
    if incident.state == S.REPORTED:
        return Duty(_("Nobody has taken this over yet. Take it over now."), "acknowledge", "late")
    if incident.state == S.ASSESSING:
        text = _("Decide now: is the system down? If in doubt, declare S1; one person may.")
        return Duty(text, "declare_s1", "warn")
    if incident.state in (S.DECLARED, S.MITIGATED, S.DOWNGRADED):
        return _while_it_lasts(incident, clocks, now)
    if incident.state in (S.RESOLVED, S.CONFIRMED):
        return _after(incident, clocks, now)
    if incident.state == S.REVIEWING:
        return _to_the_end(incident)
    if incident.merged_into is not None:
        main = {"number": incident.merged_into.number}
        return Duty(_("Handled as %(number)s; nothing is owed here.") % main, tone="ok")
    return Duty(_("Nothing is owed any more."), tone="ok")


def _while_it_lasts(incident: Incident, clocks: Mapping[str, Clock], now: datetime) -> Duty:
    fix, plan = clocks.get(Clock.Kind.FIX), clocks.get(Clock.Kind.PLAN)
    if plan and plan.state == Clock.State.RUNNING and fix and now >= fix.due_at:
        document = policies.last_plan(incident)
        return _document_duty(
            document,
            {"due": stamp(plan.due_at, "s")},
            {
                "write": _("The contingency plan is owed to the bank by %(due)s. Write it."),
                "release": _("The contingency plan must be released by a supervisor: %(due)s."),
                "deliver": _("Deliver the contingency plan to the bank by %(due)s."),
            },
            "plan",
        )
    if _is_returned(ContingencyPlan, policies.last_plan(incident), incident):
        return _document_duty(
            policies.last_plan(incident),
            {},
            {
                "write": _("The bank has sent the contingency plan back. Write a new version."),
                "release": _("The new contingency plan must be released by a supervisor."),
                "deliver": _("Deliver the new contingency plan to the bank."),
            },
            "plan",
        )
    if not incident.data_protections.exists():
        text = _("Before the fix touches data, record how data is protected.")
        return Duty(text, "protect_data", "warn")
    if fix is None:
        return Duty(_("Find the fault and repair it. Note each step."), "resolve")
    facts = {"due": stamp(fix.due_at, "s")}
    if incident.state == S.MITIGATED:
        return Duty(
            _("A workaround carries the business; the fault must be gone by %(due)s.") % facts,
            "resolve",
            "warn",
        )
    return Duty(_("Resolve the fault by %(due)s. Note each step.") % facts, "resolve", "warn")


def _after(incident: Incident, clocks: Mapping[str, Clock], now: datetime) -> Duty:
    report = clocks.get(Clock.Kind.REPORT)
    owed = report is not None and report.state == Clock.State.RUNNING
    if incident.state == S.RESOLVED and not (owed and report and now > report.due_at):
        return Duty(
            _("Business staff or the bank must confirm that business runs again."),
            "confirm",
            "warn",
        )
    document = policies.last_report(incident)
    if report and owed:
        return _document_duty(
            document,
            {"due": stamp(report.due_at, "s")},
            {
                "write": _("The fault report is owed to the bank by %(due)s. Write it."),
                "release": _("The fault report must be approved by a supervisor: %(due)s."),
                "deliver": _("Deliver the fault report to the bank by %(due)s."),
            },
            "report",
        )
    if _is_returned(FaultReport, document, incident):
        return _document_duty(
            document,
            {},
            {
                "write": _("The bank has sent the fault report back. Write a new version."),
                "release": _("The new fault report must be approved by a supervisor."),
                "deliver": _("Deliver the new fault report to the bank."),
            },
            "report",
        )
    if duty := _upward(incident):
        return duty
    return Duty(_("Nothing is owed to the bank. A supervisor holds the review."), "begin_review")


def _upward(incident: Incident) -> Duty | None:
    """A real system-down incident is reported upward and acknowledged before its end."""
    if incident.severity != Incident.Severity.S1 or incident.is_drill:
        return None
    report = policies.upward_report(incident)
    if report is None:
        text = _("Report it to the superior department.")
        return Duty(text, "report_upward", "warn")
    if not report.is_acknowledged:
        text = _("The superior department must acknowledge the report upward.")
        return Duty(text, "acknowledge_upward", "warn")
    return None


def _to_the_end(incident: Incident) -> Duty:
    document = policies.last_report(incident)
    if _is_returned(FaultReport, document, incident):
        text = _("The bank has sent the fault report back. Write a new version.")
        return Duty(text, "write_report", "late")
    if duty := _upward(incident):
        return duty
    if not incident.improvements.exists():
        text = _("Enter what is to become better, each with owner and day.")
        return Duty(text, "add_improvement", "warn")
    return Duty(_("Everything is settled. Close the incident."), "close")


def _is_returned(
    model: type[ContingencyPlan] | type[FaultReport],
    last: IncidentDocument | None,
    incident: Incident,
) -> bool:
    """The version the bank had last was sent back, and no newer one has been delivered (E12)."""
    if last is None:
        return False
    given = policies.delivered(model, incident)
    return given is not None and given.is_returned


def _document_duty(
    document: IncidentDocument | None,
    facts: Mapping[str, str],
    texts: Mapping[str, str],
    name: str,
) -> Duty:
    if document is None or document.delivered_at is not None:
        act = "write"
    else:
        act = "deliver" if document.released_at else "release"
    return Duty(texts[act] % facts, f"{act}_{name}", "late")
