"""A drill: an incident that is none, with short hours (R51, domain 5.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident
from incidents.services.reporting import report_incident
from operations.models import ManagedObject
from workflow.errors import InvalidInput

SPEEDS = (1, 3, 5, 10, 60)
DEFAULT_SPEED = 5


def start_drill(
    *,
    actor: User,
    now: datetime,
    managed_object: ManagedObject,
    scenario: str,
    hour_seconds: int = DEFAULT_SPEED,
    token: UUID | None = None,
) -> Incident:
    """Report a drill incident in which a contract hour lasts ``hour_seconds`` seconds.

    It pages on-call in drill mode and counts in no statistics. Raises ``NotAllowed``,
    ``InvalidInput``.
    """
    if hour_seconds not in SPEEDS:
        raise InvalidInput({"hour_seconds": _("Please choose a speed from the list.")})
    return report_incident(
        actor=actor,
        now=now,
        title=" ".join(scenario.split())[:60],
        phenomenon=scenario,
        managed_object=managed_object,
        unit=actor.organisation,
        reporter=actor,
        reporter_name=actor.name,
        reporter_phone=actor.phone,
        claimed_down=True,
        is_drill=True,
        hour_seconds=hour_seconds,
        token=token,
    )
