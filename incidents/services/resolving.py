"""E13–E15: resolved, confirmed by somebody else, or not recovered after all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import alerts, fault_types, policies
from incidents.models import Incident
from incidents.services.steps import on_incident
from incidents.services.times import check_backdating, event_time
from oncall.services import pages
from sla import services as clocks
from sla.schedule import to_second
from workflow.errors import InvalidInput


def resolve(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    method: str,
    fault_type: str,
    recovery_result: str,
    fault_point_at: datetime,
    restored_to_at: datetime,
    data_gap_minutes: int,
    data_gap: str = "",
    resolved_at: datetime | None = None,
    fix_started_at: datetime | None = None,
    backdate_reason: str = "",
    version: int | None = None,
) -> Incident:
    """The fault is resolved (E13, R17, R19, R21): FIX stops, REPORT starts at ``resolved_at``.

    ``resolved_at`` (UTC, now by default) is when it was done: T0 ≤ it ≤ now, with a reason when
    more than 30 minutes back. Raises ``InvalidInput`` and what every step raises.
    """
    with on_incident(
        incident, "resolve", policies.can_resolve,
        actor=actor, now=now, version=version, opinion=method,
    ) as work:  # fmt: skip
        record = work.record
        at = event_time(record, resolved_at, field="resolved_at", now=now)
        check_backdating(at, backdate_reason, now=now)
        _check_fault_type(fault_type)
        _check_recovery(recovery_result, fault_point_at, restored_to_at, data_gap_minutes)
        record.fix_started_at = _checked_fix_start(record, fix_started_at, at)
        record.resolve()
        record.resolved_at, record.resolved_by = at, actor
        record.resolution_method, record.fault_type = method, fault_type
        record.recovery_result = recovery_result
        record.fault_point_at = to_second(fault_point_at)
        record.restored_to_at = to_second(restored_to_at)
        record.data_gap_minutes, record.data_gap = data_gap_minutes, data_gap
        record.held_by(Role.BIZ)
        work.data = {"resolved_at": at, "backdate_reason": backdate_reason}
        _stop_clocks(record, at, now, actor)
        _ask_for_confirmation(record, now)
    return work.record


def confirm(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    recovery_result: str,
    remark: str = "",
    version: int | None = None,
) -> Incident:
    """Business staff or the bank confirm the recovery (E14, R19); never the resolver."""
    with on_incident(
        incident, "confirm", policies.can_confirm,
        actor=actor, now=now, version=version, opinion=remark,
    ) as work:  # fmt: skip
        record = work.record
        if recovery_result == Incident.RecoveryResult.FULL and record.data_gap_minutes:
            raise InvalidInput({"recovery_result": _gap_message()})
        record.confirm()
        record.confirmed_at, record.confirmed_by = now, actor
        record.recovery_result = recovery_result
        report = policies.last_report(record)
        if policies.report_is_owed(record) and (report is None or report.delivered_at is None):
            record.held_by(Role.TECH, record.resolved_by)
        else:
            record.held_by(Role.SUPERVISOR)
    return work.record


def reject_recovery(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    what_fails: str,
    version: int | None = None,
) -> Incident:
    """Not recovered (E15): the FIX clock goes on from its old T0; the resolution stays in the
    trail."""
    with on_incident(
        incident, "reject_recovery", policies.can_confirm,
        actor=actor, now=now, version=version, opinion=what_fails,
    ) as work:  # fmt: skip
        record = work.record
        work.data = {"resolved_at": record.resolved_at, "method": record.resolution_method}
        record.reject_recovery()
        record.held_by(Role.TECH, record.resolved_by)
        record.resolved_at = record.resolved_by = record.fix_started_at = None
        record.recovery_result = ""
        record.mitigated_at = record.mitigation_confirmed_by = None
        if record.commitment is not None and record.severity in ("S1", "S2"):
            clocks.reject_recovery(record.commitment, now=now, actor=actor)
        _tell_rejected(record, what_fails, now)
    return work.record


def _check_fault_type(code: str) -> None:
    if code not in fault_types.CODES:
        raise InvalidInput({"fault_type": _("Please choose a fault type from the list.")})


def _check_recovery(
    result: str, fault_point_at: datetime, restored_to_at: datetime, gap_minutes: int
) -> None:
    """R19: what was recovered must fit together."""
    if restored_to_at > fault_point_at:
        raise InvalidInput(
            {"restored_to_at": _("Data cannot be restored to a time after the fault point.")}
        )
    if result not in Incident.RecoveryResult.values:
        raise InvalidInput({"recovery_result": _("Please choose the recovery result.")})
    if result == Incident.RecoveryResult.FULL and gap_minutes > 0:
        raise InvalidInput({"recovery_result": _gap_message()})


def _gap_message() -> str:
    return _("With a data gap it is not a full recovery.")


def _checked_fix_start(
    incident: Incident, started_at: datetime | None, resolved_at: datetime
) -> datetime | None:
    """R17: data was protected before the fix started, or a supervisor signed the exception."""
    at = event_time(incident, started_at, field="fix_started_at", now=resolved_at)
    records = list(incident.data_protections.all())
    if not any(row.exempt_reason or (row.protected_at or at) <= at for row in records):
        raise InvalidInput(
            {"fix_started_at": _("Data must have been protected before the fix started.")}
        )
    return at if started_at else None


def _stop_clocks(incident: Incident, resolved_at: datetime, now: datetime, actor: User) -> None:
    if incident.commitment is not None and incident.severity == Incident.Severity.S1:
        at = {"resolved_at": resolved_at, "now": now}
        clocks.stop_fix(incident.commitment, **at, actor=actor)
        clocks.start_report(incident.commitment, **at, actor=actor)
    elif incident.severity == Incident.Severity.S2:
        # Mandatory for S1; for S2 where the agreement in force asks for it (R24).
        owed = clocks.open_report_duty(
            subject=incident.number, url=alerts.room_url(incident), title=incident.title,
            is_drill=incident.is_drill, is_demo=incident.is_demo,
            hour_seconds=incident.hour_seconds, resolved_at=resolved_at, now=now, actor=actor,
        )  # fmt: skip
        incident.commitment = owed or incident.commitment
    pages.close_pages(subject=incident.number, now=now)


def _ask_for_confirmation(incident: Incident, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "title": incident.title}
        return (
            _("%(number)s: please confirm the recovery") % facts,
            _("%(title)s is reported as resolved. Please check, then confirm or reject.") % facts,
        )

    people = list(User.objects.holding(Role.BIZ))
    if incident.reporter:
        people.append(incident.reporter)
    key = f"resolved:{incident.resolved_at:%Y%m%d%H%M%S}"
    alerts.tell(incident, people, key=key, write=write, now=now)


def _tell_rejected(incident: Incident, what_fails: str, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "why": what_fails}
        return (
            _("%(number)s: not recovered") % facts,
            _("The recovery was rejected: %(why)s. The time to fix goes on from T0.") % facts,
        )

    people = alerts.recipients(incident, level=2, now=now)
    key = f"rejected:{now:%Y%m%d%H%M%S}"
    alerts.tell(incident, people, key=key, write=write, now=now, urgent=True)
