"""A consultation turns out to be an outage (C5)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from accounts.models import User
from tickets import policies_afterwards as policies
from tickets.escalation import Emergency, open_incident
from tickets.models import Consultation
from tickets.services.inputs import require
from workflow.steps import step


def escalate_consultation(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    impact: str,
    claimed_down: bool = False,
    version: int | None = None,
) -> Consultation:
    """Open an incident whose time limits count from the beginning of the call (C5, section 2.4).

    The consultation keeps its state: an open one is still to be answered. The incident's number
    stands in ``incident_number``. Raises ``NotAllowed``, ``WrongState``, ``InvalidInput``.
    """
    require([("impact", impact)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.escalate", policy=partial(policies.can_escalate, now=now), now=now,
        version=version, opinion=impact.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        emergency = Emergency(impact.strip(), claimed_down)
        record.incident_number = open_incident(record, emergency, actor=actor, now=now)
        work.data = {"incident": record.incident_number, "claimed_down": claimed_down}
    return record
