"""Open work of somebody who leaves, or is away for long, goes into other hands (I16)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from accounts.open_work import OpenWork, open_work, source_of
from accounts.services import switch
from audit import services as audit
from teamwork.services.delegation import end
from workflow.decisions import Text, same_person
from workflow.errors import InvalidInput, NotAllowed
from workflow.handing_over import can_hand_over
from workflow.texts import says_something

QUEUE = "queue"


def hand_over(
    person: User,
    *,
    actor: User,
    now: datetime,
    choices: Mapping[str, User | str],
    reason: str,
    turn_off: bool = False,
) -> int:
    """Hand the person's open work over, each thing to the one chosen; all of it or nothing (I16).

    ``choices``: key of the work → a person who holds one of its roles, or ``QUEUE``. With
    ``turn_off`` nothing may be left over, the person's delegations end, and the account is turned
    off in the same transaction. Returns how many things went. ``now`` UTC. Raises ``NotAllowed``,
    ``InvalidInput``.
    """
    decision = can_hand_over(actor)
    if not decision:
        raise NotAllowed(decision)
    if not says_something(reason):
        raise InvalidInput({"reason": _("Please say it in words, at least 5 characters.")})
    with audit.unit_of_work():
        # Without the key: who plans this person at the same moment is not kept waiting.
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        found = open_work(person, now)
        _check(found, choices, person, everything=turn_off)
        moved = [work for work in found if work.key in choices]
        for work in moved:
            to = choices[work.key]
            source_of(work).hand_over(
                work, giver=person, to=to if isinstance(to, User) else None, actor=actor, now=now,
                reason=reason.strip(),
            )  # fmt: skip
        audit.record(
            actor=actor, action="accounts.work_handed_over", target=person,
            label=person.audit_name, happened_at=now, opinion=reason.strip(),
            data={"things": len(moved)},
        )  # fmt: skip
        if turn_off:
            _turn_off(person, actor=actor, now=now, reason=reason)
    return len(moved)


def _turn_off(person: User, *, actor: User, now: datetime, reason: str) -> None:
    """The last thing: what the person passed on or received ends, then the account is off."""
    for delegation in Delegation.objects.standing_of(person, now):
        end(delegation, actor=actor, now=now, reason=reason, leaving=True)
    switch(actor=actor, user=person, active=False, now=now)


def _check(
    found: list[OpenWork], choices: Mapping[str, User | str], person: User, *, everything: bool
) -> None:
    wrong: dict[str, Text] = {}
    for work in found:
        choice = choices.get(work.key)
        if choice is None:
            if everything:
                wrong[work.key] = _("Say who takes this over.")
        elif isinstance(choice, str):
            if not work.queue:
                wrong[work.key] = _("This needs a named person.")
        elif not choice.is_active or not choice.has_role(*work.roles):
            wrong[work.key] = _("This person does not have the role needed.")
        elif same_person(choice, person):
            wrong[work.key] = _("It would stay in the same hands.")
    if not everything and not any(work.key in choices for work in found):
        wrong.setdefault("reason", _("Choose at least one thing to hand over."))
    if wrong:
        raise InvalidInput(wrong)
