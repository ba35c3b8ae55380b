"""Acting in another's place (代签/代办, I15): who may, and who then counts as whom.

A person in another's place is a copy of the account with ``on_behalf_of`` set and with the roles
that were passed on; policies read it like any person. It is made here and nowhere else.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils import timezone

from accounts.models import DelegatedAct, Delegation, DelegationQuerySet, User

_STAND_INS, _TIED, _AS_OF, _PAIRS = "_stand_ins", "_tied", "_as_of", "_acted_for_each_other"


def as_of(person: User, now: datetime) -> None:
    """Read the person's delegations afresh, as they are at ``now`` (UTC), for an act."""
    for name in (_STAND_INS, _TIED):
        person.__dict__.pop(name, None)
    person.__dict__[_AS_OF] = now


def stand_ins(person: User) -> list[User]:
    """``person`` in the place of each other for whom the person may act; none for a copy.

    As of this minute, or of ``as_of``. Never chained: only roles that the giver himself holds.
    """
    if person.on_behalf_of is not None:
        return []
    if _STAND_INS not in person.__dict__:
        rows = _effective(person).filter(receiver=person).select_related("giver__organisation")
        person.__dict__[_STAND_INS] = [
            _in_place_of(person, delegation, roles)
            for delegation in rows.order_by("starts_at", "pk")
            if (roles := delegation.roles())
        ]
    found: list[User] = person.__dict__[_STAND_INS]
    return found


def _effective(person: User) -> DelegationQuerySet:
    return Delegation.objects.effective(person.__dict__.get(_AS_OF) or timezone.now())


def _in_place_of(person: User, delegation: Delegation, roles: frozenset[str]) -> User:
    double = copy.copy(person)
    double.__dict__.pop(_TIED, None)
    double.__dict__.update(roles=roles, on_behalf_of=delegation.giver, delegation=delegation)
    return double


def delegation_of(double: User) -> Delegation:
    """The delegation by which this copy of a person acts."""
    found: Delegation = double.__dict__["delegation"]
    return found


def passed_roles(person: User) -> frozenset[str]:
    """Roles in which the person may act for others at this minute."""
    return frozenset(role for each in stand_ins(person) for role in each.roles)


def people_behind(person: User) -> list[User]:
    """The person, and whom the person acts for."""
    return [person] if person.on_behalf_of is None else [person, person.on_behalf_of]


def tied_to(person: User) -> list[User]:
    """People with whom a delegation is in force, either way; also those of whom one acts for."""
    if _TIED not in person.__dict__:
        rows = _effective(person).of(people_behind(person)).select_related("giver", "receiver")
        person.__dict__[_TIED] = [each for row in rows for each in (row.giver, row.receiver)]
    found: list[User] = person.__dict__[_TIED]
    return found


def acted_for_each_other(record: models.Model) -> list[tuple[User, User]]:
    """Pairs of people of whom one acted on ``record`` in the other's place."""
    if _PAIRS not in record.__dict__:
        acts = DelegatedAct.objects.filter(
            target_type=record._meta.label_lower, target_id=str(record.pk)
        ).select_related("delegation__giver", "delegation__receiver")
        record.__dict__[_PAIRS] = [(act.delegation.giver, act.delegation.receiver) for act in acts]
    found: list[tuple[User, User]] = record.__dict__[_PAIRS]
    return found


def note_act(double: User, *, record: models.Model, label: str, action: str, now: datetime) -> None:
    """Write down that the act was done in another's place. ``now`` UTC."""
    record.__dict__.pop(_PAIRS, None)
    DelegatedAct.objects.create(
        delegation=delegation_of(double),
        action=action,
        target_type=record._meta.label_lower,
        target_id=str(record.pk),
        target_label=label,
        done_at=now,
    )


def may_enter(person: User, roles: Iterable[str]) -> bool:
    """True when the person holds one of ``roles``, or may act in one for somebody."""
    wanted = set(roles)
    return not wanted.isdisjoint(person.roles) or not wanted.isdisjoint(passed_roles(person))
