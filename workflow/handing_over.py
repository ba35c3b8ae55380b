"""Handing a record over to somebody else, whatever its kind (I16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from workflow.decisions import ALLOW, Decision, deny_role, deny_state
from workflow.models import FlowRecord
from workflow.steps import Step, step


def can_hand_over(user: User, record: Any = None) -> Decision:
    """Supervisors, for illness and leave; the system administrator, for whoever leaves (I16)."""
    if not user.has_role(Role.SUPERVISOR, Role.SYSADMIN):
        return deny_role(_("Open work is handed over by a supervisor."))
    return ALLOW


@contextmanager
def handing_over(
    record: FlowRecord,
    *,
    action: str,
    part: str,
    giver: User,
    to: User | None,
    actor: User,
    now: datetime,
    reason: str,
) -> Iterator[Step[Any]]:
    """A step that puts ``part`` (a field) of ``record`` from ``giver`` into other hands.

    The system administrator hands over without reading: the record comes from all rows. ``now``
    UTC. Raises ``WrongState`` when the giver no longer has that part.
    """

    def policy(user: User, locked: Any) -> Decision:
        decision = can_hand_over(user)
        if decision and getattr(locked, f"{part}_id") != giver.pk:
            return deny_state(_("It is no longer in that person's hands."))
        return decision

    rows = type(record)._default_manager.all()
    with step(
        rows, record, actor=actor, action=action, policy=policy, now=now, opinion=reason
    ) as work:
        locked = work.record
        setattr(locked, part, to)
        if locked.holder_id == giver.pk:
            locked.holder = to
        work.data.update(
            handed_from=giver.audit_name, handed_to=to.audit_name if to else "", part=part
        )
        yield work


def parts_held(record: FlowRecord, giver: User, parts: Iterable[str]) -> list[str]:
    """Which of ``parts`` (fields) the giver has; ``holder`` only when nothing else says it."""
    held = [part for part in parts if getattr(record, f"{part}_id") == giver.pk]
    if not held and record.holder_id == giver.pk:
        return ["holder"]
    return held
