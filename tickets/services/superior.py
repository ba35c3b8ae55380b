"""The report to the superior department, parallel to the work (R47)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.models import Defect, SuperiorReport
from tickets.services.follow_ups import hasten
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.steps import step


def send_superior_report(
    defect: Defect, *, actor: User, now: datetime, content: str, version: int | None = None
) -> Defect:
    """Send the report that became due when the defect was confirmed."""
    require([("content", content)])
    # Before it is sent the superior department does not see the defect at all.
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.report_upward",
        policy=policies.can_send_report, now=now, version=version, opinion=content,
    ) as work:  # fmt: skip
        report = SuperiorReport.objects.get(defect=work.record)
        report.state = SuperiorReport.State.SENT
        report.content, report.sent_by, report.sent_at = content.strip(), actor, now
        report.save(update_fields=["state", "content", "sent_by", "sent_at"])
        work.data["report"] = report.number
        tell(
            User.objects.holding(Role.SUPERIOR), work.record, event="reported", now=now,
            subject=_("%(number)s is reported to you"),
            body=_("“%(title)s” has been confirmed. Please acknowledge the report."),
        )  # fmt: skip
    return work.record


def acknowledge_superior_report(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """The superior department confirms that it has the report, with an opinion if it likes."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.acknowledge_report",
        policy=policies.can_acknowledge_report, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        report = SuperiorReport.objects.select_related("sent_by").get(defect=work.record)
        report.state = SuperiorReport.State.ACKNOWLEDGED
        report.acknowledged_by, report.acknowledged_at = actor, now
        report.opinion = opinion.strip()
        report.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "opinion"])
        work.data["report"] = report.number
        hasten(work.record, now=now)
        tell(
            [report.sent_by, work.record.owner], work.record, event="acknowledged", now=now,
            subject=_("The report on %(number)s is acknowledged"),
            body=_("The superior department has acknowledged the report on “%(title)s”."),
        )  # fmt: skip
    return work.record
