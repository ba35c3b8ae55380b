"""On whose authority an act is done: one's own, or that of somebody one stands in for (I15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.acting import as_of, stand_ins
from accounts.models import User
from workflow.decisions import Decision
from workflow.decisions import decide as ask

Policy = Callable[[Any, Any], Decision]


def decide(
    policy: Policy, person: User, record: Any, now: datetime | None = None
) -> tuple[User, Decision]:
    """Who acts, and what ``policy`` says to that: the person, or the person in another's place.

    One's own authority comes first. Where it does not reach, the people whom the person stands in
    for are tried; none of their roles is mixed with another's. Without ``now`` (UTC) the
    delegations are those of the page; under the lock they are read afresh as of ``now``.
    """
    if now is not None:
        as_of(person, now)
    own = ask(policy, person, record)
    if own.kind not in ("role", "person"):
        return person, own
    best: tuple[User, Decision] = (person, own)
    for double in stand_ins(person):
        decision = ask(policy, double, record)
        if decision:
            return double, decision
        if best[1].kind == "role" and decision.kind != "role":
            best = (double, _said_of_both(double, decision))
    return best


def _said_of_both(double: User, decision: Decision) -> Decision:
    if not decision.code.startswith("four_eyes") or double.on_behalf_of is None:
        return decision
    sentence = _("Acting for %(giver)s, you two count as one person. %(reason)s")
    values = {"giver": double.on_behalf_of.name, "reason": str(decision.message)}
    return replace(decision, message=sentence % values)
