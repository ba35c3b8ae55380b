"""Ladders as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall import ladder

TARGET_NAMES: dict[str, str | Promise] = {
    "primary": _("Primary on call"),
    "backup": _("Backup on call"),
    "supervisors": _("All supervisors"),
    "everybody": _("Primary, backup and supervisors"),
    "person": _("Named person"),
}
CHANNEL_LABELS: dict[str, str | Promise] = {
    "voice": _("Call"),
    "sms": _("Text message with a link"),
    "message": _("Message in the desk"),
    "email": _("E-mail"),
    "robot": _("Post in the chat group"),
}
# The same in the words of somebody who chooses for himself.
WISH_LABELS: dict[str, str | Promise] = {
    **{code: CHANNEL_LABELS[code] for code in ladder.WISHES},
    "robot": _("Mention in the chat group"),
}
WISH_CHOICES = list(WISH_LABELS.items())


@dataclass(frozen=True)
class Line:
    """One step with the time after the start at which it is taken."""

    number: int
    at: timedelta
    target: str | Promise
    person: User | None
    channels: list[str | Promise]
    wait: timedelta
    is_last: bool


def lines(given: ladder.Ladder) -> list[Line]:
    """The steps in order."""
    named = User.objects.in_bulk([step.person for step in given.steps if step.person])
    found, at = [], timedelta(0)
    for index, step in enumerate(given.steps):
        wait = timedelta(seconds=step.wait_seconds)
        found.append(
            Line(
                number=index + 1,
                at=at,
                target=TARGET_NAMES[step.target],
                person=named.get(step.person) if step.person else None,
                channels=[label for code, label in CHANNEL_LABELS.items() if code in step.channels],
                wait=wait,
                is_last=index == len(given.steps) - 1,
            )
        )
        at += wait
    return found
