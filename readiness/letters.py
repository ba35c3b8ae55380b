"""Telling people what happened to a plan, a drill or a risk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications.services import Letter, notify
from readiness.models import Drill, EmergencyPlan, Risk
from workflow.decisions import Text


def tell(
    people: Iterable[User],
    record: EmergencyPlan | Drill | Risk,
    now: datetime,
    event: str,
    subject: Text,
) -> None:
    """One message per person, in the transaction of the step; ``now`` UTC.

    ``subject`` is a lazy translation and may hold ``%(number)s``. ``event`` together with the row
    version makes the message unique.
    """

    def write(_person: User) -> Letter:
        title = record.name if isinstance(record, EmergencyPlan) else record.title
        return Letter(str(subject) % {"number": record.number}, title)

    kind = "emergency_plan" if isinstance(record, EmergencyPlan) else record._meta.model_name
    notify(
        recipients=people,
        key=f"{kind}:{record.pk}:{event}:{record.row_version}",
        write=write,
        url=record.get_absolute_url(),
        now=now,
    )
