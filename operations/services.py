"""Entering, changing and retiring what is operated (R01)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from operations import policies
from operations.models import ManagedObject
from workflow.decisions import Decision
from workflow.errors import InvalidInput, insist
from workflow.texts import says_something

FIELDS = (
    "code", "name", "name_en", "kind", "criticality", "vendor", "version", "location",
    "owner_unit", "in_service_from",
)  # fmt: skip


def save_object(*, actor: User, thing: ManagedObject | None, **facts: Any) -> ManagedObject:
    """Enter one, or change one (``thing``). The code stays what it was: records are read by it.

    Raises ``NotAllowed``, ``WrongState`` once it is retired, ``InvalidInput`` for a code in use.
    """
    if thing is None:
        insist(policies.can_keep(actor))
        if ManagedObject.objects.filter(code=facts["code"]).exists():
            raise InvalidInput({"code": _("That code has been given out already.")})
        with audit.unit_of_work():
            made: ManagedObject = ManagedObject.objects.create(**facts)
            _note(made, actor, "operations.object_entered", after=_facts(made))
        return made
    facts.pop("code", None)
    with _locked(thing, actor, policies.can_keep) as row:
        before = _facts(row)
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
        _note(row, actor, "operations.object_changed", before=before, after=_facts(row))
    return row


def propose_retirement(
    thing: ManagedObject, *, actor: User, now: datetime, reason: str
) -> ManagedObject:
    """Propose to retire it; a supervisor decides (R01). ``now`` UTC.

    Raises ``NotAllowed``, ``WrongState`` (also while an open record names it), ``InvalidInput``.
    """
    if not says_something(reason):
        raise InvalidInput({"reason": _("Please say it in words, at least 5 characters.")})
    with _locked(thing, actor, policies.can_propose) as row:
        row.retire_proposed_by, row.retire_reason = actor, reason.strip()
        row.save(update_fields=["retire_proposed_by", "retire_reason"])
        _note(row, actor, "operations.retirement_proposed", now, reason=reason.strip())
    return row


def decide_retirement(
    thing: ManagedObject, *, actor: User, now: datetime, approve: bool
) -> ManagedObject:
    """Approve the proposal, or turn it down; never the proposer (R01). ``now`` UTC."""
    policy = policies.can_approve if approve else policies.can_decide
    with _locked(thing, actor, policy) as row:
        if approve:
            row.retired_on = timezone.localdate(now)
        else:
            row.retire_proposed_by, row.retire_reason = None, ""
        row.save(update_fields=["retired_on", "retire_proposed_by", "retire_reason"])
        done = "operations.retired" if approve else "operations.retirement_refused"
        _note(row, actor, done, now, reason=row.retire_reason)
    return row


@contextmanager
def _locked(
    thing: ManagedObject, actor: User, policy: Callable[[User, ManagedObject], Decision]
) -> Iterator[ManagedObject]:
    with audit.unit_of_work():
        rows = ManagedObject.objects.select_for_update(of=("self",))
        row = rows.select_related("retire_proposed_by", "owner_unit").get(pk=thing.pk)
        insist(policy(actor, row))
        yield row


def _facts(row: ManagedObject) -> dict[str, str]:
    return {name: str(getattr(row, name) or "") for name in FIELDS}


def _note(
    row: ManagedObject, actor: User, action: str, now: datetime | None = None, **data: Any
) -> None:
    audit.record(
        actor=actor, action=action, target=row, label=row.code, happened_at=now,
        opinion=str(data.pop("reason", "")), data=data,
    )  # fmt: skip
