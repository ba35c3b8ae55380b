"""The opening that every service of an incident shares."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from accounts.models import User
from incidents.models import Incident
from incidents.scope import visible_incidents
from workflow.authority import Policy
from workflow.steps import Step, step


def on_incident(
    incident: Incident,
    code: str,
    policy: Policy,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    opinion: str = "",
    public: bool = True,
    touches: bool = True,
) -> AbstractContextManager[Step[Incident]]:
    """A step on ``incident`` named ``incident.<code>``, among what ``actor`` may see.

    ``public``: the bank's people see it in the timeline. ``touches``: as of every step. Raises what
    every step raises.
    """
    return step(
        visible_incidents(actor),
        incident,
        actor=actor,
        action=f"incident.{code}",
        policy=policy,
        now=now,
        version=version,
        opinion=opinion,
        public=public,
        touches=touches,
    )
