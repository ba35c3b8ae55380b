"""E6 and E7: raised to system down later, or found never to have been that."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import alerts, policies
from incidents.models import Incident, T0Change
from incidents.services.assessing import begin_clocks, tell_declared
from incidents.services.steps import on_incident
from incidents.services.times import event_time
from oncall.services import pages
from sla import services as clocks
from sla.models import Clock
from workflow.errors import InvalidInput

LOWER = ("S2", "S3", "S4")


def raise_to_s1(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    system_down: bool,
    down_reported_at: datetime,
    business_impact: str,
    version: int | None = None,
) -> Incident:
    """It has become “系统瘫痪,业务系统不能运转” (E6): T0 is when that began to be reported.

    ``down_reported_at`` (UTC): not before the incident's own first report, not in the future. The
    hours it was less than that do not count. Raises ``InvalidInput`` and what every step raises.
    """
    with on_incident(
        incident, "raise_to_s1", policies.can_raise_to_s1,
        actor=actor, now=now, version=version, opinion=business_impact,
    ) as work:  # fmt: skip
        record = work.record
        if not system_down:
            raise InvalidInput({"system_down": _("Please confirm that the system is down.")})
        at = event_time(record, down_reported_at, field="down_reported_at", now=now)
        before = record.first_contact_at
        work.data = {"severity": "S1", "was": record.severity, "t0": at, "t0_before": before}
        work.data |= {"declared_before": record.declared_at}
        record.raise_to_s1()
        record.severity, record.first_contact_at = Incident.Severity.S1, at
        record.declared_at, record.declared_by = now, actor
        record.business_impact = business_impact
        T0Change.objects.create(
            incident=record, cause=T0Change.Cause.RAISED, before=before, after=at,
            reason=business_impact, asked_by=actor, asked_at=now,
        )  # fmt: skip
        begin_clocks(record, actor=actor, now=now)
        tell_declared(record, now)
    return record


def downgrade(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    severity: str,
    reason: str,
    never_met: bool,
    version: int | None = None,
) -> Incident:
    """It never was system down (E7, R20), says a supervisor who did not declare it.

    Running clocks are void; breaches on record stay. Handling goes on as S2–S4.
    """
    with on_incident(
        incident, "downgrade", policies.can_downgrade,
        actor=actor, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        record = work.record
        if not never_met:
            raise InvalidInput(
                {"never_met": _("What was system down once cannot be downgraded: resolve it.")}
            )
        if severity not in LOWER:
            raise InvalidInput({"severity": _("Please choose S2, S3 or S4.")})
        record.downgrade()
        record.severity = severity
        record.downgraded_at, record.downgraded_by = now, actor
        work.data = {"was": "S1", "severity": severity}
        if record.commitment is not None:
            clocks.void_clocks(record.commitment, now=now, actor=actor)
            breached = Clock.objects.filter(commitment=record.commitment, breached_at__isnull=False)
            work.data["breaches"] = sorted(breached.values_list("kind", flat=True))
        pages.close_pages(subject=record.number, now=now)
        _tell_downgraded(record, reason, now)
    return record


def _tell_downgraded(incident: Incident, reason: str, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {
            "number": incident.number,
            "severity": incident.get_severity_display(),
            "why": reason,
        }
        return (
            _("%(number)s: no longer system down") % facts,
            _("A supervisor has set it to %(severity)s: %(why)s") % facts,
        )

    people = [*alerts.recipients(incident, level=3, now=now)]
    alerts.tell(incident, people, key="downgraded", write=write, now=now)
