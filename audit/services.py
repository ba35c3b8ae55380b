"""Writing the trail: a unit of work is one transaction whose events are appended at its end.

Appending takes the lock on the chain's head, so it comes last: every other row is already locked
by then, which keeps the lock short and the locking order the same for everyone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from audit import context
from audit.errors import NoUnitOfWork
from audit.models import GENESIS, ChainHead, Event


class Actor(Protocol):
    """Whoever acts: a person or a part of the system."""

    @property
    def audit_kind(self) -> str: ...
    @property
    def audit_key(self) -> str: ...
    @property
    def audit_name(self) -> str: ...


_pending: ContextVar[list[Event] | None] = ContextVar("audit_pending", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction; the events recorded inside are appended to the chain just before commit.

    Nested units join the outer one, as savepoints: what an inner unit recorded is dropped with it
    when it fails.
    """
    events = _pending.get()
    if events is not None:
        mark = len(events)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del events[mark:]
            raise
        return
    events = []
    token = _pending.set(events)
    try:
        with transaction.atomic():
            yield
            _append(events)
    finally:
        _pending.reset(token)


def record(
    *,
    actor: Actor,
    action: str,
    target: models.Model,
    label: str,
    happened_at: datetime | None = None,
    from_state: str = "",
    to_state: str = "",
    role: str = "",
    on_behalf_of: str = "",
    opinion: str = "",
    data: dict[str, Any] | None = None,
    public: bool = False,
    outcome: str = Event.Outcome.DONE,
) -> None:
    """Note one event for the present unit of work (I03); raises ``NoUnitOfWork`` outside one.

    ``happened_at`` (UTC) is when it was done, now by default. ``data`` must be JSON without
    floats, and free of secrets.
    """
    events = _pending.get()
    if events is None:
        raise NoUnitOfWork(action)
    entered_at = timezone.now()
    events.append(
        Event(
            entered_at=entered_at,
            happened_at=happened_at or entered_at,
            actor_kind=actor.audit_kind,
            actor_key=actor.audit_key,
            actor_name=actor.audit_name,
            role=role,
            on_behalf_of=on_behalf_of,
            ip=context.current.get().ip,
            action=action,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            target_label=label,
            from_state=from_state,
            to_state=to_state,
            opinion=opinion,
            data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
            public=public,
            outcome=outcome,
        )
    )


def _append(events: list[Event]) -> None:
    if not events:
        return
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=1, defaults={"seq": 0, "hash": GENESIS})
        head = ChainHead.objects.select_for_update().get(pk=1)
    for event in events:
        event.seq = head.seq + 1
        event.prev_hash = head.hash
        event.hash = event.compute_hash()
        head.seq, head.hash = event.seq, event.hash
    Event.objects.bulk_create(events)
    head.save(update_fields=["seq", "hash"])
