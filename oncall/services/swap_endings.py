"""Offers that end by themselves: they began, or the roster was changed under them (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import PAGING_ENGINE, SystemActor
from accounts.models import User
from audit import services as audit
from engine.due import backlog, claim_due
from oncall.models import Shift, Swap
from oncall.services.swap_letters import tell_ended
from workflow.decisions import same_person

ENGINE = "swaps"
# Offers are looked at this often: has the roster changed under them?
EVERY = timedelta(minutes=5)
BATCH = 50


@dataclass(frozen=True)
class Duty:
    """A part of one place of a shift, UTC."""

    roster: str
    lane: str
    starts_at: datetime
    ends_at: datetime

    def shift_of(self, person: User) -> Shift | None:
        """The shift in which ``person`` stands this duty, None when the roster says otherwise."""
        rows = Shift.objects.of(self.roster).filter(
            starts_at__lte=self.starts_at, ends_at__gte=self.ends_at
        )
        shift: Shift | None = rows.select_related("primary", "backup").first()
        if shift is None or not same_person(getattr(shift, self.lane), person):
            return None
        return shift


def ending_of(swap: Swap, now: datetime) -> Swap.Ending | None:
    """Why an offer cannot stand any more at ``now`` (UTC), None while it can."""
    if swap.begins <= now:
        return Swap.Ending.BEGUN
    given, back = duties(swap)
    if given.shift_of(swap.proposer) is None:
        return Swap.Ending.CHANGED
    if back is not None and back.shift_of(swap.colleague) is None:
        return Swap.Ending.CHANGED
    return None


def duties(swap: Swap) -> tuple[Duty, Duty | None]:
    """What is given, and what is taken in return."""
    given = Duty(swap.roster, swap.lane, swap.starts_at, swap.ends_at)
    if swap.back_starts_at is None or swap.back_ends_at is None:
        return given, None
    return given, Duty(swap.back_roster, swap.back_lane, swap.back_starts_at, swap.back_ends_at)


def end_broken_offers(now: datetime) -> int:
    """End the offers that the roster does not bear any more; called where it is changed (R14)."""
    rows = Swap.objects.offered().select_related("proposer", "colleague")
    broken = [(swap, ending_of(swap, now)) for swap in rows.select_for_update(of=("self",))]
    return sum(1 for swap, ending in broken if ending and _lapse(swap, ending, now))


def swaps_due(now: datetime) -> int:
    """Engine "swaps": end what has begun or was changed under it. ``now`` UTC."""
    with audit.unit_of_work():
        rows = Swap.objects.select_related("proposer", "colleague")
        due = claim_due(rows, now=now, due_field="look_at", limit=BATCH)
        for swap in due:
            ending = ending_of(swap, now)
            if ending is not None:
                _lapse(swap, ending, now)
            else:
                swap.look_at = min(now + EVERY, swap.begins)
                swap.save(update_fields=["look_at"])
    return len(due)


def looks_waiting(now: datetime) -> int:
    """Offers to be looked at (I17)."""
    return backlog(Swap.objects.all(), now=now, due_field="look_at")


def _lapse(swap: Swap, ending: Swap.Ending, now: datetime) -> bool:
    swap.lapse(now, ending.value)
    save_state(swap)
    note_swap(swap, "oncall.swap_lapsed", PAGING_ENGINE, now)
    tell_ended(swap, [swap.proposer, swap.colleague], now)
    return True


def save_state(swap: Swap) -> None:
    """Keep what a transition has set."""
    swap.save(update_fields=["state", "ended_at", "look_at", "ending"])


def note_swap(swap: Swap, action: str, actor: User | SystemActor, now: datetime) -> None:
    """One event of the trail."""
    audit.record(
        actor=actor, action=action, target=swap, label=str(swap)[:120], happened_at=now,
        to_state=swap.state,
        data={
            "proposer": swap.proposer.audit_name, "colleague": swap.colleague.audit_name,
            "roster": swap.roster, "place": swap.lane, "from": swap.starts_at, "to": swap.ends_at,
            "back_from": swap.back_starts_at, "back_to": swap.back_ends_at, "ending": swap.ending,
        },
    )  # fmt: skip
