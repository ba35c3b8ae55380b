"""Times people type: never in the future, never before what they follow (I07)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from incidents.models import Incident
from sla.schedule import to_second
from workflow.errors import InvalidInput
from workflow.texts import says_something

BACKDATING = timedelta(minutes=30)


def check_report_times(*, t0: datetime, occurred_at: datetime | None, now: datetime) -> None:
    """occurred_at ≤ T0 ≤ now; raises ``InvalidInput``."""
    if t0 > now:
        raise InvalidInput({"first_contact_at": _("This time lies in the future.")})
    if occurred_at and occurred_at > t0:
        raise InvalidInput(
            {"occurred_at": _("It cannot have happened after it was first reported.")}
        )


def event_time(
    incident: Incident, given: datetime | None, *, field: str, now: datetime
) -> datetime:
    """The instant something was done, to the second: ``given`` or now; T0 ≤ it ≤ now."""
    at = to_second(given or now)
    if at > now:
        raise InvalidInput({field: _("This time lies in the future.")})
    if at < incident.first_contact_at:
        raise InvalidInput({field: _("This time lies before the first report (T0).")})
    return at


def check_backdating(at: datetime, reason: str, *, now: datetime) -> None:
    """More than 30 minutes back needs a reason (I07)."""
    if now - at > BACKDATING and not says_something(reason):
        raise InvalidInput(
            {"backdate_reason": _("More than 30 minutes ago: please say why it is entered late.")}
        )


def earliest_deed(incident: Incident) -> datetime | None:
    """The first instant at which something was done about the fault; T0 never lies after it."""
    rows = [
        incident.acknowledged_at,
        incident.declared_at,
        incident.mitigated_at,
        incident.resolved_at,
        *incident.recovery_entries.values_list("happened_at", flat=True),
        *incident.data_protections.values_list("protected_at", flat=True),
    ]
    return min((at for at in rows if at is not None), default=None)
