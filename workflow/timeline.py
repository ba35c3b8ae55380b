"""The history of a record as people read it, out of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from accounts.models import User
from accounts.shown import shown_name
from audit.models import Event
from workflow.decisions import Text
from workflow.tones import tone_of


@dataclass(frozen=True)
class Entry:
    """One moment for ``{% timeline %}``."""

    at: datetime
    title: Text
    person: str
    text: str = ""
    internal: bool = False
    tone: str = ""


def entries(record: models.Model, *, user: User, labels: Mapping[str, Text]) -> list[Entry]:
    """What was done to ``record``, newest first; refused tries are left to the audit trail.

    ``labels`` names the actions; an action without a name is not shown. People outside the desk
    see the public moments only.
    """
    return [
        Entry(
            at=event.happened_at,
            title=labels[event.action],
            person=shown_name(event.actor_key, event.actor_name, event.on_behalf_of),
            text=event.opinion,
            internal=not event.public,
            tone=tone_of(event.to_state) if event.to_state else "",
        )
        for event in told_to(user, record).filter(action__in=list(labels))
    ]


def told_to(user: User, record: models.Model) -> models.QuerySet[Event]:
    """What was done to ``record``, newest first; outside the desk the public events only."""
    events = Event.objects.about(record).filter(outcome=Event.Outcome.DONE)
    if not user.is_desk:
        events = events.filter(public=True)
    return events.order_by("-seq")
