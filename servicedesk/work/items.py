"""One line of the home page, and where such lines come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from accounts.acting import stand_ins
from accounts.models import User
from oncall.rota import on_call
from workflow.decisions import Text, among
from workflow.models import FlowRecord

LIMIT = 50  # lines of one source on the page; the count is of all


@dataclass(frozen=True)
class Item:
    """A record as a line: what it is, in which state, in whose hands, until when.

    ``since`` (UTC) is when it came into this state; ``next`` says what it waits for.
    """

    kind: Text
    icon: str
    number: str
    title: str
    url: str
    state: str
    state_label: Text
    since: datetime
    holder: User | None = None
    holder_role: str = ""
    clock: dict[str, Any] | None = None
    next: Text = ""
    urgent: bool = False
    drill: bool = False
    on_behalf_of: str = ""


class Asker:
    """The person who looks, and the facts every source needs (``now`` is UTC)."""

    def __init__(self, person: User, now: datetime) -> None:
        self.person, self.now = person, now
        duty = on_call(now) if person.is_desk else None
        self.is_on_call = duty is not None and among(person, [duty.primary, duty.backup])
        self.counted: dict[Source, int] = {}

    @property
    def holder_roles(self) -> set[str]:
        """Roles whose unassigned records wait for this person."""
        roles = set(self.person.roles)
        if self.is_on_call or "supervisor" in roles:
            roles.add("oncall")
        return roles

    def holds(self) -> models.Q:
        """Records in this person's hands, or in a role's with nobody named; also for others."""
        return self.holds_oneself() | self.holds_for_others()

    def holds_oneself(self) -> models.Q:
        """Records in this person's own hands, or in a role's with nobody named."""
        return models.Q(holder=self.person) | models.Q(
            holder__isnull=True, holder_role__in=self.holder_roles
        )

    def holds_for_others(self) -> models.Q:
        """Records in the hands of those whom this person stands in for (代办, I15)."""
        waits = models.Q(pk__in=[])
        for double in stand_ins(self.person):
            mine = models.Q(holder=double.on_behalf_of) | models.Q(holder__isnull=True)
            waits |= models.Q(mine, holder_role__in=double.roles)
        return waits

    def acts_for(self, row: FlowRecord) -> str:
        """Name of the person for whom ``row`` waits here; "" when it waits for this one."""
        own = row.holder_role in self.holder_roles if row.holder_id is None else False
        if row.holder_id == self.person.pk or own:
            return ""
        for double in stand_ins(self.person):
            giver = double.on_behalf_of
            if giver and row.holder_role in double.roles and row.holder_id in (None, giver.pk):
                return giver.name
        return ""


@dataclass(frozen=True)
class Source:
    """One kind of line: which rows, newest need first, and how a row becomes a line.

    ``prepare`` fetches for all rows at once what their lines show besides.
    """

    rows: Callable[[Asker], models.QuerySet[Any]]
    line: Callable[[Any, Asker], Item]
    prepare: Callable[[list[Any], Asker], None] | None = None

    def count(self, asker: Asker) -> int:
        """How many; noted, so that nobody asks again for the lines of none."""
        asker.counted[self] = found = self.rows(asker).count()
        return found

    def items(self, asker: Asker) -> list[Item]:
        """The first of them."""
        if asker.counted.get(self) == 0:
            return []
        rows = list(self.rows(asker)[:LIMIT])
        if self.prepare:
            self.prepare(rows, asker)
        return [self.line(row, asker) for row in rows]


def count(sources: Iterable[Source], asker: Asker) -> int:
    """Lines of all ``sources`` together."""
    return sum(source.count(asker) for source in sources)


def todo_order(items: Iterable[Item]) -> list[Item]:
    """Urgent first, then by the next deadline, then what has waited longest."""
    return sorted(
        items,
        key=lambda item: (
            not item.urgent,
            _due(item) is None,
            _due(item) or item.since,
            item.since,
        ),
    )


def _due(item: Item) -> datetime | None:
    """The next deadline; None too while a clock is paused or its calendar is missing."""
    found: datetime | None = item.clock["due_at"] if item.clock else None
    return found


def newest_order(items: Iterable[Item]) -> list[Item]:
    """Newest first."""
    return sorted(items, key=lambda item: item.since, reverse=True)
