"""Whom an incident wakes, and what it says to them (R14, R16; domain section 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from notifications.services import Letter, notify
from notifications.services import together as letters_together
from oncall.rota import on_call
from oncall.services.pages import start_page
from oncall.services.pages import together as pages_together


def room_url(incident: Incident) -> str:
    """Address of the incident's room."""
    return reverse("incidents:room", args=[incident.number])


# Reason of the call that repeats an alert nobody has seen.
REPEATED = "alert"


def page_key(incident: Incident, reason: str) -> str:
    """Key of the call about an incident for a reason; there is one of each."""
    return f"incident:{incident.number}:{reason}"


def page_on_call(
    incident: Incident, *, reason: str, to_do: Callable[[], str], now: datetime
) -> None:
    """Ring the on-call ladder about ``incident``; ``to_do`` is asked once for each language."""

    def write() -> str:
        return _("Incident %(number)s. System: %(system)s. %(title)s. %(to_do)s") % {
            "number": incident.number,
            "system": incident.managed_object.label,
            "title": incident.title,
            "to_do": to_do(),
        }

    mark = "演练 / Drill · " if incident.is_drill else ""
    start_page(
        key=page_key(incident, reason),
        subject=incident.number,
        title=f"{mark}{incident.number} {incident.title}",
        write=write,
        url=room_url(incident),
        now=now,
        is_drill=incident.is_drill,
        is_demo=incident.is_demo,
    )


@contextmanager
def together() -> Iterator[None]:
    """Write the letters and the pages of many incidents with a few statements."""
    with letters_together.block(), pages_together.block():
        yield


def tell(
    incident: Incident,
    people: Iterable[User],
    *,
    key: str,
    write: Callable[[], tuple[str, str]],
    now: datetime,
    urgent: bool = False,
) -> None:
    """One message to each person; ``write`` gives subject and text in the recipient's language."""
    written: dict[str | None, Letter] = {}

    def in_language() -> Letter:
        """Everybody with the same language reads the same letter."""
        language = get_language()
        if language not in written:
            written[language] = Letter(*write())
        return written[language]

    notify(
        recipients=people,
        key=f"incident:{incident.number}:{key}",
        write=lambda _person: in_language(),
        url=room_url(incident),
        now=now,
        urgent=urgent,
        is_drill=incident.is_drill,
    )


def handlers_of(incident: Incident, now: datetime) -> list[User]:
    """Who is at work on it; the on-call pair while nobody is."""
    named = [
        incident.holder,
        incident.acknowledged_by,
        incident.declared_by,
        incident.resolved_by,
    ]
    people = [person for person in named if person is not None]
    if people:
        return people
    duty = on_call(now)
    return [duty.primary, duty.backup] if duty else []


def recipients(incident: Incident, *, level: int, now: datetime) -> list[User]:
    """Who hears of a milestone: 1 the handlers, 2 and supervisors, 3 and managers, 4 and the
    superior department, which is never told of drills."""
    people = handlers_of(incident, now)
    roles = [Role.SUPERVISOR, Role.MANAGER, Role.SUPERIOR][: max(0, level - 1)]
    if incident.is_drill and Role.SUPERIOR in roles:
        roles.remove(Role.SUPERIOR)
    if roles:
        holding = tuple(roles)
        people += letters_together.known(holding, lambda: list(User.objects.holding(*holding)))
    return people
