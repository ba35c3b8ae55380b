"""Passing work to somebody for a while, and taking it back (I15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from audit import services as audit
from notifications.services import Letter, notify
from teamwork.policies import delegation as policies
from workflow.durations import stamp
from workflow.errors import InvalidInput, NotAllowed, WrongState
from workflow.texts import says_something


def delegate(
    *,
    actor: User,
    now: datetime,
    giver: User,
    receiver: User,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> Delegation:
    """Let ``receiver`` act in ``giver``'s place (I15); both are told, nobody silently.

    ``role`` is one role or "" for all business roles; times UTC. Raises ``NotAllowed``, and
    ``InvalidInput`` for oneself, an administrator's role, a role not held, a loop, a bad window.
    """
    decision = policies.can_delegate(actor, giver)
    if not decision:
        raise NotAllowed(decision)
    if not says_something(reason):
        raise InvalidInput({"reason": _("Please say it in words, at least 5 characters.")})
    with audit.unit_of_work():
        # Both accounts under lock, in one order: two delegations at once cannot make a loop.
        people = User.objects.select_for_update().filter(pk__in=[giver.pk, receiver.pk])
        locked = {person.pk: person for person in people.order_by("pk")}
        giver, receiver = locked[giver.pk], locked[receiver.pk]
        wish = policies.Wish(giver, receiver, role, starts_at, ends_at)
        if wrong := policies.wrong_with(wish, now) or policies.overlapping(wish, now):
            raise InvalidInput(wrong)
        row: Delegation = Delegation.objects.create(
            giver=giver, receiver=receiver, role=role, starts_at=starts_at, ends_at=ends_at,
            reason=reason.strip(), made_by=actor, made_at=now,
        )  # fmt: skip
        _note(row, actor, "accounts.delegated", reason, now)
        _tell(row, "made", now)
    return row


def end(
    delegation: Delegation, *, actor: User, now: datetime, reason: str, leaving: bool = False
) -> Delegation:
    """Take it back before its time (I15). ``now`` UTC. Raises ``NotAllowed``, ``WrongState``.

    ``leaving``: the account of one of the two is being turned off, whoever does that (I16).
    """
    with audit.unit_of_work():
        row = _locked(delegation)
        decision = policies.can_end(actor, row, now)
        if decision.kind == "state":
            raise WrongState(decision.message, "over")
        if not decision and not leaving:
            raise NotAllowed(decision)
        if not says_something(reason):
            raise InvalidInput({"reason": _("Please say it in words, at least 5 characters.")})
        row.ended_at, row.ended_by, row.end_reason = now, actor, reason.strip()
        row.save(update_fields=["ended_at", "ended_by", "end_reason"])
        _note(row, actor, "accounts.delegation_ended", reason, now)
        _tell(row, "ended", now)
    return row


def _locked(delegation: Delegation) -> Delegation:
    rows = Delegation.objects.select_for_update(of=("self",))
    row: Delegation = rows.select_related("giver", "receiver").get(pk=delegation.pk)
    return row


def _note(row: Delegation, actor: User, action: str, reason: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=row,
        label=f"{row.giver.audit_name} → {row.receiver.audit_name}"[:120],
        happened_at=now,
        opinion=reason.strip(),
        data={
            "giver": row.giver.audit_name,
            "receiver": row.receiver.audit_name,
            "role": row.role or "all",
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
        },
    )


def _tell(row: Delegation, event: str, now: datetime) -> None:
    write: dict[str, Callable[[User], Letter]] = {"made": _made(row), "ended": _ended(row)}
    notify(
        recipients=[row.receiver, row.giver],
        key=f"delegation:{row.pk}:{event}",
        write=write[event],
        url=reverse("teamwork:delegations"),
        now=now,
    )


def _made(row: Delegation) -> Callable[[User], Letter]:
    def write(person: User) -> Letter:
        if person.pk == row.receiver_id:
            subject = _("You act for %(giver)s from %(start)s to %(end)s")
        else:
            subject = _("%(receiver)s acts for you from %(start)s to %(end)s")
        body = _("Roles: %(role)s. Reason: %(reason)s")
        values = {
            "giver": row.giver.name,
            "receiver": row.receiver.name,
            "start": stamp(row.starts_at),
            "end": stamp(row.ends_at),
        }
        return Letter(subject % values, body % {"role": row.role_label, "reason": row.reason})

    return write


def _ended(row: Delegation) -> Callable[[User], Letter]:
    def write(person: User) -> Letter:
        values = {"giver": row.giver.name, "receiver": row.receiver.name}
        subject = _("%(receiver)s no longer acts for %(giver)s") % values
        return Letter(subject, row.end_reason)

    return write
