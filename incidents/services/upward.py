"""The report to the superior department on a system-down incident (上报), and its receipt."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import alerts, policies
from incidents.models import Incident, UpwardReport
from incidents.services.steps import on_incident
from numbering import services as numbering


def report_upward(
    incident: Incident, *, actor: User, now: datetime, content: str, version: int | None = None
) -> Incident:
    """Report a system-down incident to the superior department (R47, E18)."""
    with on_incident(
        incident, "report_upward", policies.can_report_upward,
        actor=actor, now=now, version=version, opinion=content,
    ) as work:  # fmt: skip
        report = UpwardReport.objects.create(
            incident=work.record,
            number=numbering.allocate(numbering.SUPERIOR_REPORT, now=now),
            content=content,
            sent_by=actor,
            sent_at=now,
        )
        work.data = {"report": report.number}
        _tell(work.record, list(User.objects.holding(Role.SUPERIOR)), now)
    return work.record


def acknowledge_upward(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    opinion: str = "",
    version: int | None = None,
) -> Incident:
    """The superior department has it; never the sender, nor who wrote or approved the report."""
    with on_incident(
        incident, "acknowledge_upward", policies.can_acknowledge_upward,
        actor=actor, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        report = UpwardReport.objects.get(incident=work.record)
        report.state = UpwardReport.State.ACKNOWLEDGED
        report.acknowledged_by, report.acknowledged_at = actor, now
        report.opinion = opinion
        report.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "opinion"])
        work.data = {"report": report.number}
    return work.record


def _tell(incident: Incident, people: list[User], now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "title": incident.title}
        return (
            _("%(number)s is reported to you") % facts,
            _("%(title)s: a system-down incident. Please acknowledge the report.") % facts,
        )

    alerts.tell(incident, people, key="upward", write=write, now=now, urgent=True)
