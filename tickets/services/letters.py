"""Telling people what happened to a defect (R34, R46, R49)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications.services import Letter, notify
from tickets.models import Defect
from workflow.decisions import Text


def tell(
    people: Iterable[User | None],
    defect: Defect,
    *,
    event: str,
    subject: Text,
    body: Text,
    now: datetime,
    urgent: bool = False,
    as_role: str = "",
    url: str = "",
) -> None:
    """One message per person, in the transaction of the step.

    ``subject`` and ``body`` are lazy translations and may hold ``%(number)s`` and ``%(title)s``.
    ``event`` together with the row version makes the message unique. ``url`` is the defect's page
    by default. ``now`` UTC. ``as_role``: the role in which they are written to, so that whoever
    acts for them in it is told too (I15).
    """
    values = {"number": defect.label, "title": defect.title}
    recipients = [person for person in people if person is not None]

    def write(person: User) -> Letter:
        return Letter(str(subject) % values, str(body) % values)

    notify(
        recipients=recipients,
        key=f"defect:{defect.pk}:{event}:{defect.row_version}",
        write=write,
        url=url or defect.get_absolute_url(),
        now=now,
        urgent=urgent,
        as_role=as_role,
    )
