"""The next duty of an incident, in one sentence with its act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents import policies
from incidents.models import Incident
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
    if incident.state in (S.DECLARED, S.MITIGATED):
        return _while_it_lasts(incident, clocks, now)
    if incident.state in (S.RESOLVED, S.CONFIRMED):
        return _after(incident, clocks, now)
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
    return Duty(_("Recovery is confirmed and nothing is owed to the bank."), tone="ok")


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
