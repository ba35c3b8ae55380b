"""What lies in a person's hands, as each room tells it (I16).

A room registers a ``Source`` when it starts; an account is turned off only when no source finds
anything any more, and a record is handed over by the room that owns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from accounts.models import User

Text = str | Promise


@dataclass(frozen=True)
class OpenWork:
    """One thing in a person's hands.

    ``roles``: holders of any of them may take it over; ``queue``: it may be left to the role, with
    nobody named. ``source`` and ``ref`` name it again when the form comes back.
    """

    source: str
    ref: str
    kind: Text
    number: str
    title: str
    part: Text
    roles: tuple[str, ...]
    url: str = ""
    queue: bool = False

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.source}-{self.ref}"


class Source(Protocol):
    """One kind of work: how it is found, and how it is handed over."""

    name: str

    def find(self, person: User, now: datetime) -> list[OpenWork]:
        """What is in the person's hands at ``now`` (UTC)."""

    def hand_over(
        self,
        work: OpenWork,
        *,
        giver: User,
        to: User | None,
        actor: User,
        now: datetime,
        reason: str,
    ) -> None:
        """Put it into other hands (None: the role's), with its event, in the caller's transaction.

        Raises a refusal when it cannot go to that person.
        """


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; called from ``AppConfig.ready``."""
    _sources[source.name] = source


def source_of(work: OpenWork) -> Source:
    """The room's source that found ``work``."""
    return _sources[work.source]


def open_work(person: User, now: datetime) -> list[OpenWork]:
    """Everything in the person's hands at ``now`` (UTC), room by room."""
    return [work for source in _sources.values() for work in source.find(person, now)]
