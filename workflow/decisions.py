"""The answer to "may this person do this to this record?"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.acting import acted_for_each_other, people_behind, tied_to
from accounts.models import User
from accounts.role_use import noting_roles

Text = str | Promise


@dataclass(frozen=True)
class Decision:
    """Allowed or not, with a stable code and a sentence for the person.

    ``kind`` says what a refusal means: ``state`` (409: not now), ``role`` (403: not this person's
    business at all; pages do not even show the button), ``person`` (403: this person may not,
    another may; pages show the button greyed with the reason). ``role`` is the role that allowed
    it, for the audit trail.
    """

    allowed: bool
    code: str = "ok"
    message: Text = ""
    kind: str = "ok"
    role: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOW = Decision(True)


def allow_as(role: str) -> Decision:
    """Allowed by something that is no granted role, such as being on call."""
    return Decision(True, role=role)


def decide(policy: Callable[[Any, Any], Decision], actor: Any, record: Any) -> Decision:
    """Ask ``policy``; an allowed decision names the role that allowed it.

    Unless the policy says so itself, that is the last role it asked for and found: policies ask
    from the general to the particular.
    """
    with noting_roles() as noted:
        decision = policy(actor, record)
    own = [role for person, role in noted if person == getattr(actor, "pk", None)]
    if not own and len(held := getattr(actor, "roles", ())) == 1:
        own = list(held)  # asked as the reporter or as a member: there is only one role to use
    if decision.allowed and not decision.role and own:
        return replace(decision, role=own[-1])
    return decision


def deny_person(code: str, message: Text) -> Decision:
    """Somebody else may, this person may not (403): four-eyes, not the holder."""
    return Decision(False, code, message, "person")


def deny_role(message: Text | None = None) -> Decision:
    """The person's roles do not include this act (403)."""
    return Decision(False, "role", message or _("Your roles do not include this act."), "role")


def deny_state(message: Text | None = None, code: str = "state") -> Decision:
    """The record's state does not allow the act now (409)."""
    return Decision(False, code, message or _("The record is no longer in that state."), "state")


def deny_pending(code: str, message: Text) -> Decision:
    """Right person, right state, but something must be done first (409); shown greyed."""
    return Decision(False, code, message, "pending")


def same_person(one: User | None, other: User | None) -> bool:
    """True when two accounts belong to one human: same account or same staff number.

    Who acts in another's place counts as both people (I15).
    """
    if one is None or other is None:
        return False
    return any(_one_human(a, b) for a in people_behind(one) for b in people_behind(other))


def _one_human(one: User, other: User) -> bool:
    return one.pk == other.pk or (bool(one.staff_no) and one.staff_no == other.staff_no)


def among(user: User, people: list[User | None]) -> bool:
    """True when ``user`` is the same human as any of ``people``."""
    return any(same_person(user, person) for person in people)


def same_hands(user: User, people: Iterable[User | None], record: models.Model) -> bool:
    """Four-eyes: True when ``user`` had the part that ``people`` had in ``record``.

    One pair of hands are: one human, also with two accounts; the person who acts and the one acted
    for; two people of whom one acted on this very record for the other; and two people between
    whom a delegation is in force, either way (D14, I15).
    """
    parts = [person for person in people if person is not None]
    if among(user, [*parts]):
        return True
    if not parts:
        return False
    for giver, receiver in acted_for_each_other(record):
        if among(giver, [*parts]) and same_person(user, receiver):
            return True
        if among(receiver, [*parts]) and same_person(user, giver):
            return True
    return any(among(other, [*parts]) for other in tied_to(user))


def role_and_state(user: User, state: str, roles: Iterable[str], states: Iterable[str]) -> Decision:
    """The two first questions of every policy: one of ``roles``, then one of ``states``."""
    if not user.has_role(*roles):
        return deny_role()
    return ALLOW if state in states else deny_state()
