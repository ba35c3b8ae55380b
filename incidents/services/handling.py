"""E8–E10: what is done while the fault lasts."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import policies
from incidents.models import DataProtection, Incident, RecoveryEntry
from incidents.services.steps import on_incident
from incidents.services.times import event_time
from workflow.decisions import same_hands
from workflow.errors import InvalidInput


def add_entry(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    text: str,
    result: str = "",
    happened_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """Write a row of the recovery document (E8, R18); its time lies within the incident."""
    with on_incident(
        incident, "note", policies.can_note,
        actor=actor, now=now, version=version, opinion=text, public=False,
    ) as work:  # fmt: skip
        RecoveryEntry.objects.create(
            incident=work.record,
            happened_at=event_time(work.record, happened_at, field="happened_at", now=now),
            operator=actor,
            action=text,
            result=result,
            entered_at=now,
        )
    return work.record


def protect_data(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    scope: str,
    method: str,
    location: str,
    verified_by: User,
    protected_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """Record what was backed up, to where, and who verified it: another person (E8, R17)."""
    with on_incident(
        incident, "protect_data", policies.can_protect_data,
        actor=actor, now=now, version=version, opinion=scope, public=False,
    ) as work:  # fmt: skip
        if same_hands(actor, [verified_by], work.record):
            raise InvalidInput({"verified_by": _("Somebody else must verify the backup.")})
        DataProtection.objects.create(
            incident=work.record,
            scope=scope,
            method=method,
            location=location,
            protected_at=event_time(work.record, protected_at, field="protected_at", now=now),
            operator=actor,
            verified_by=verified_by,
            recorded_at=now,
        )
    return work.record


def waive_protection(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    exempt_reason: str,
    operator: User,
    version: int | None = None,
) -> Incident:
    """A supervisor signs why ``operator`` may fix without protecting data first (E8, R17)."""
    with on_incident(
        incident, "waive_protection", policies.can_waive_protection,
        actor=actor, now=now, version=version, opinion=exempt_reason, public=False,
    ) as work:  # fmt: skip
        if same_hands(actor, [operator], work.record):
            raise InvalidInput({"operator": _("Nobody signs the exception for themselves.")})
        DataProtection.objects.create(
            incident=work.record,
            exempt_reason=exempt_reason,
            operator=operator,
            verified_by=actor,
            recorded_at=now,
        )
    return work.record


def mitigate(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    method: str,
    limits: str,
    confirmed_by: User,
    mitigated_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """Business runs again by a workaround (E9, R23); the FIX clock goes on.

    ``confirmed_by``: the business person who says so, not the actor. T0 ≤ mitigated_at ≤ now.
    """
    with on_incident(
        incident, "mitigate", policies.can_mitigate,
        actor=actor, now=now, version=version, opinion=method,
    ) as work:  # fmt: skip
        if same_hands(actor, [confirmed_by], work.record) or not confirmed_by.has_role(Role.BIZ):
            raise InvalidInput(
                {"confirmed_by": _("A business person other than yourself must confirm it.")}
            )
        at = event_time(work.record, mitigated_at, field="mitigated_at", now=now)
        work.record.mitigate()
        work.record.mitigated_at = at
        work.record.mitigation_method, work.record.mitigation_limits = method, limits
        work.record.mitigation_confirmed_by = confirmed_by
        work.data = {"mitigated_at": at, "confirmed_by": confirmed_by.audit_name}
    return work.record


def lose_mitigation(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    what_failed: str,
    lost_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """The workaround no longer holds (E10); its record stays in the trail."""
    with on_incident(
        incident, "lose_mitigation", policies.can_lose_mitigation,
        actor=actor, now=now, version=version, opinion=what_failed,
    ) as work:  # fmt: skip
        at = event_time(work.record, lost_at, field="lost_at", now=now)
        began = work.record.mitigated_at
        if began and at < began:
            raise InvalidInput({"lost_at": _("This time lies before the workaround began.")})
        work.record.lose_mitigation()
        work.data = {"mitigated_at": began, "lost_at": at}
        work.record.mitigated_at = None
        work.record.mitigation_confirmed_by = None
    return work.record
