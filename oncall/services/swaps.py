"""Swaps: offered by one, consented to by the other, done in one transaction (R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from oncall.models import Swap
from oncall.policies_swap import can_answer_swap, can_offer_swap, can_withdraw_swap
from oncall.services.locking import locked_row
from oncall.services.replacing import stand_in
from oncall.services.shifts import one_planner_at_a_time
from oncall.services.swap_endings import (
    EVERY,
    Duty,
    duties,
    ending_of,
    note_swap,
    save_state,
)
from oncall.services.swap_letters import tell_agreed, tell_ended, tell_offered
from workflow.decisions import Decision, same_person
from workflow.errors import InvalidInput, WrongState, insist


class _Rehearsed(Exception):
    """The exchange was tried and is taken back."""


def offer_swap(
    *, duty: Duty, colleague: User, back: Duty | None, note: str, actor: User, now: datetime
) -> Swap:
    """Ask ``colleague`` to take a duty of the actor's, for nothing or for ``back`` (R14).

    The exchange is rehearsed, so that nobody is asked for what cannot be. Raises ``NotAllowed``
    unless the duty is one's own, and ``InvalidInput`` (fields ``duty``, ``colleague``, ``back``,
    ``starts_at``, ``ends_at``) for everything that speaks against it.
    """
    with audit.unit_of_work():
        one_planner_at_a_time()
        _check_offer(duty, colleague, back, actor)
        swap = Swap(
            proposer=actor, colleague=colleague, roster=duty.roster, lane=duty.lane,
            starts_at=duty.starts_at, ends_at=duty.ends_at, note=note, offered_at=now,
            back_roster=back.roster if back else "", back_lane=back.lane if back else "",
            back_starts_at=back.starts_at if back else None,
            back_ends_at=back.ends_at if back else None, look_at=now + EVERY,
        )  # fmt: skip
        _rehearse(swap, actor, now)
        swap.save()
        note_swap(swap, "oncall.swap_offered", actor, now)
        tell_offered(swap, now)
    return swap


def _check_offer(duty: Duty, colleague: User, back: Duty | None, actor: User) -> None:
    if duty.ends_at <= duty.starts_at:
        raise InvalidInput({"ends_at": _("The end must come after the start.")})
    if back is not None and back.ends_at <= back.starts_at:
        raise InvalidInput({"back_ends_at": _("The end must come after the start.")})
    shift = duty.shift_of(actor)
    if shift is None:
        raise InvalidInput({"duty": _("You do not stand this duty in all of this time.")})
    insist(can_offer_swap(actor, shift, duty.lane))
    if same_person(actor, colleague):
        raise InvalidInput({"colleague": _("A swap needs two people.")})
    if back is not None and back.shift_of(colleague) is None:
        raise InvalidInput(
            {"back": _("Your colleague does not stand this duty in all of this time.")}
        )
    if Swap.objects.offered().filter(
        roster=duty.roster, lane=duty.lane, starts_at__lt=duty.ends_at, ends_at__gt=duty.starts_at
    ).exists():  # fmt: skip
        raise InvalidInput({"duty": _("This time is offered already; withdraw that offer first.")})


def agree_to_swap(swap: Swap, *, actor: User, now: datetime) -> Swap:
    """The colleague consents, and both replacements are done, or neither (R14). ``now`` UTC.

    Raises ``NotFound``, ``NotAllowed`` for everybody else, and ``WrongState`` with the reason when
    it has ended, begun, or cannot be any more: two windows agree once.
    """
    with audit.unit_of_work():
        one_planner_at_a_time()
        locked = locked_row(swap, actor, "proposer", "colleague")
        insist(can_answer_swap(actor, locked))
        if broken := ending_of(locked, now):
            raise WrongState(broken.label)
        # Before the roster changes: changing it ends the offers that stand on it.
        locked.agree(now)
        save_state(locked)
        try:
            _exchange(locked, actor, now)
        except InvalidInput as refusal:
            raise WrongState(refusal.message) from refusal
        note_swap(locked, "oncall.swap_agreed", actor, now)
        tell_agreed(locked, now)
    return locked


def decline_swap(swap: Swap, *, actor: User, now: datetime) -> Swap:
    """The colleague does not want to. Raises ``NotFound``, ``NotAllowed``, ``WrongState``."""
    return _end(
        swap, Swap.decline, "oncall.swap_declined", may=can_answer_swap, actor=actor, now=now
    )


def withdraw_swap(swap: Swap, *, actor: User, now: datetime) -> Swap:
    """The proposer takes it back. Raises ``NotFound``, ``NotAllowed``, ``WrongState``."""
    return _end(
        swap, Swap.withdraw, "oncall.swap_withdrawn", may=can_withdraw_swap, actor=actor, now=now
    )


def _end(
    swap: Swap,
    transition: Callable[[Swap, datetime], None],
    action: str,
    *,
    may: Callable[[User, Swap], Decision],
    actor: User,
    now: datetime,
) -> Swap:
    """End an offer without an exchange; the other one is told."""
    with audit.unit_of_work():
        locked = locked_row(swap, actor, "proposer", "colleague")
        insist(may(actor, locked))
        transition(locked, now)
        save_state(locked)
        note_swap(locked, action, actor, now)
        others = [each for each in (locked.proposer, locked.colleague) if each.pk != actor.pk]
        tell_ended(locked, others, now)
    return locked


def _rehearse(swap: Swap, actor: User, now: datetime) -> None:
    """Do the exchange and take it back; what speaks against it stands beside the form's fields."""
    try:
        with audit.unit_of_work():
            _exchange(swap, actor, now)
            raise _Rehearsed
    except _Rehearsed:
        return


def _exchange(swap: Swap, actor: User, now: datetime) -> None:
    given, back = duties(swap)
    _replace(given, swap.proposer, swap.colleague, "colleague", swap, actor, now)
    if back is not None:
        _replace(back, swap.colleague, swap.proposer, "back", swap, actor, now)


def _replace(
    duty: Duty, leaver: User, taker: User, field: str, swap: Swap, actor: User, now: datetime
) -> None:
    shift = duty.shift_of(leaver)
    if shift is None:
        raise InvalidInput({field: Swap.Ending.CHANGED.label})
    words = _("Swap agreed between %(one)s and %(other)s")
    reason = words % {"one": swap.proposer.name, "other": swap.colleague.name}
    try:
        stand_in(
            shift=shift, lane=duty.lane, person=taker, starts_at=duty.starts_at,
            ends_at=duty.ends_at, actor=actor, reason=reason, now=now,
            action="oncall.shift_swapped",
        )  # fmt: skip
    except InvalidInput as refusal:
        name, text = next(iter(refusal.fields.items()))
        place = name if name in ("starts_at", "ends_at") and field == "colleague" else field
        raise InvalidInput({place: f"{taker.name}: {text}" if name == "person" else text}) from None
