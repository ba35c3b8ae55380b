"""Claiming rows that are due: the one mechanism behind clocks, pages and messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connections, models, transaction

from engine import lag

ModelT = TypeVar("ModelT", bound=models.Model)


def claim_due(
    queryset: models.QuerySet[ModelT],
    *,
    now: datetime,
    due_field: str,
    limit: int,
    lease: timedelta | None = None,
    measure: bool = True,
) -> list[ModelT]:
    """Return up to ``limit`` rows with ``due_field`` ≤ ``now`` that nobody else holds.

    Must be called inside a transaction. Oldest first.

    Without ``lease`` the rows stay locked until the transaction ends: for work that is done in
    that same transaction. With ``lease`` each row's ``due_field`` is moved to ``now + lease``, so
    that the caller may commit and then talk to the outside world: if it dies, the row falls due
    again when the lease ends, and a late finisher is recognised because the column no longer holds
    the value it was given.

    How late the rows were is noted as the engine's lag, unless ``measure`` is False: a due time
    may lie in the past because somebody entered it so, which is not the engine's fault.

    PostgreSQL: ``FOR UPDATE SKIP LOCKED``. SQLite drops that clause without a word, but there a
    transaction begins IMMEDIATE and is alone; the lease is a compare-and-set update on both.
    """
    connection = connections[queryset.db]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("claim_due needs a transaction")
    due = queryset.filter(**{f"{due_field}__lte": now}).order_by(due_field, "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    rows = list(due[:limit])
    if measure:
        for row in rows:
            lag.note(getattr(row, due_field), now)
    if lease is None:
        return rows
    leased_until = now + lease
    claimed = []
    for row in rows:
        held = {due_field: getattr(row, due_field)}
        changed = queryset.model._default_manager.filter(pk=row.pk, **held).update(
            **{due_field: leased_until}
        )
        if changed:
            setattr(row, due_field, leased_until)
            claimed.append(row)
    return claimed


def backlog(
    queryset: models.QuerySet[ModelT], *, now: datetime, due_field: str, most: int = 1000
) -> int:
    """How many rows are due at ``now`` and not yet taken; counts no further than ``most`` + 1."""
    return queryset.filter(**{f"{due_field}__lte": now}).order_by()[: most + 1].count()
