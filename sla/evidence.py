"""The deadline ledger of one record: all its clocks, contract and internal, and their proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from accounts.models import User
from sla import scope
from sla.ledger import Account, account_of
from sla.models import Commitment, TargetClock
from sla.proof import Difference, differences
from sla.target_ledger import target_accounts
from sla.target_proof import numbers_of, target_differences
from workflow.errors import NotFound


@dataclass(frozen=True)
class Ledger:
    """What pages, exports and the API tell; ``about`` is the row an export's event names."""

    subject: str
    title: str
    url: str
    is_drill: bool
    internal: bool
    about: models.Model | None
    accounts: list[Account]
    differences: list[Difference]


def ledger_of(user: User, subject: str, now: datetime) -> Ledger:
    """The ledger of the record with this number; raises ``NotFound`` when it is out of scope.

    A record that has no clock, because nothing is agreed for it, has an empty ledger. Internal
    targets are the desk's own: nobody else is told of them.
    """
    commitment = Commitment.objects.select_related("agreement").filter(subject=subject).first()
    clock = TargetClock.objects.filter(subject=subject).first()
    kinds = {each.kind for each in (commitment, clock) if each} or scope.known_kinds()
    hidden = clock is not None and not user.is_desk
    if (hidden and not commitment) or not any(scope.may_see(user, k, subject) for k in kinds):
        raise NotFound
    clock = None if hidden else clock
    numbers = numbers_of(subject) if clock else []
    about = commitment or clock
    return Ledger(
        subject=subject,
        title=about.title if about else "",
        url=about.url if about else "",
        is_drill=bool(commitment and commitment.is_drill),
        internal=commitment is None,
        about=about,
        accounts=[
            *(account_of(commitment) if commitment else []),
            *(target_accounts(numbers, now) if numbers else []),
        ],
        differences=[
            *(differences([commitment], now) if commitment else []),
            *(target_differences(numbers, now)[1] if numbers else []),
        ],
    )
