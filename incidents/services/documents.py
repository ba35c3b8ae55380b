"""E11 and E16: documents are written, released by somebody else, and delivered to the bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import fault_types, policies
from incidents.models import ContingencyPlan, FaultReport, Incident
from incidents.models.documents import IncidentDocument
from incidents.services.steps import on_incident
from sla import services as clocks
from workflow.decisions import Decision
from workflow.errors import InvalidInput, WrongState

Policy = Callable[[User, Incident], Decision]


def write_plan(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None, **parts: Any
) -> Incident:
    """A new version of the contingency plan (E11, R22, R23); ``parts`` are its sections."""
    return _write(
        ContingencyPlan, incident, actor=actor, now=now, version=version, parts=parts,
        code="write_plan", policy=policies.can_write_plan,
    )  # fmt: skip


def release_plan(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """A supervisor who did not write it releases the latest plan (E11)."""
    return _release(
        policies.last_plan, incident, actor=actor, now=now, version=version, remark=remark,
        code="release_plan", policy=policies.can_release_plan,
    )  # fmt: skip


def deliver_plan(
    incident: Incident, *, actor: User, now: datetime, delivered_to: str, version: int | None = None
) -> Incident:
    """The plan reaches the bank (E11): PLAN stops at ``now``, which nobody types (R22)."""
    with on_incident(
        incident, "deliver_plan", policies.can_deliver_plan,
        actor=actor, now=now, version=version,
    ) as work:  # fmt: skip
        plan = _deliver(policies.last_plan(work.record), delivered_to, now)
        work.data = {"version": plan.version, "delivered_to": delivered_to}
        if work.record.commitment is not None:
            clocks.deliver_plan(work.record.commitment, delivered_at=now, now=now, actor=actor)
    return work.record


def write_report(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None, **parts: Any
) -> Incident:
    """A new version of the fault report (E16, R25); ``parts`` are its sections."""
    if parts.get("fault_type") not in fault_types.CODES:
        raise InvalidInput({"fault_type": _("Please choose a fault type from the list.")})
    return _write(
        FaultReport, incident, actor=actor, now=now, version=version, parts=parts,
        code="write_report", policy=policies.can_write_report,
    )  # fmt: skip


def release_report(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """A supervisor who did not write it approves the latest report (E16)."""
    return _release(
        policies.last_report, incident, actor=actor, now=now, version=version, remark=remark,
        code="release_report", policy=policies.can_release_report,
    )  # fmt: skip


def deliver_report(
    incident: Incident, *, actor: User, now: datetime, delivered_to: str, version: int | None = None
) -> Incident:
    """The report reaches the bank (E16, R24): REPORT stops at ``now``, which nobody types."""
    with on_incident(
        incident, "deliver_report", policies.can_deliver_report,
        actor=actor, now=now, version=version,
    ) as work:  # fmt: skip
        report = _deliver(policies.last_report(work.record), delivered_to, now)
        work.data = {"version": report.version, "delivered_to": delivered_to}
        if work.record.commitment is not None:
            clocks.deliver_report(work.record.commitment, delivered_at=now, now=now, actor=actor)
        if work.record.state == Incident.State.CONFIRMED:
            work.record.held_by(Role.SUPERVISOR)
    return work.record


def _write(
    model: type[ContingencyPlan] | type[FaultReport],
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    parts: dict[str, Any],
    code: str,
    policy: Policy,
) -> Incident:
    with on_incident(
        incident, code, policy,
        actor=actor, now=now, version=version, public=False,
    ) as work:  # fmt: skip
        last = model.objects.filter(incident=work.record).order_by("version").last()
        number = last.version + 1 if last else 1
        model.objects.create(
            incident=work.record, version=number, author=actor, written_at=now, **parts
        )
        work.data = {"version": number}
    return work.record


def _release(
    latest: Callable[[Incident], IncidentDocument | None],
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    remark: str,
    code: str,
    policy: Policy,
) -> Incident:
    with on_incident(
        incident, code, policy,
        actor=actor, now=now, version=version, opinion=remark, public=False,
    ) as work:  # fmt: skip
        document = _there(latest(work.record))
        document.released_by, document.released_at = actor, now
        document.save(update_fields=["released_by", "released_at"])
        work.data = {"version": document.version}
    return work.record


def _there(document: IncidentDocument | None) -> IncidentDocument:
    """The policy has seen it; this says so to whoever calls without one."""
    if document is None:
        raise WrongState(_("Nothing has been written yet."))
    return document


def _deliver(latest: IncidentDocument | None, to: str, now: datetime) -> IncidentDocument:
    document = _there(latest)
    document.delivered_to, document.delivered_at = to, now
    document.save(update_fields=["delivered_to", "delivered_at"])
    return document
