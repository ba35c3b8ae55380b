"""Planning who answers the two telephones."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actors import SystemActor
from accounts.models import User
from audit import services as audit
from oncall.models import Roster, Shift
from oncall.policies import can_plan_shifts
from oncall.services.locking import locked_row
from oncall.services.shift_checks import problems
from oncall.services.swap_endings import end_broken_offers
from workflow.errors import InvalidInput, WrongState, insist


def add_shift(
    *,
    actor: User | SystemActor,
    starts_at: datetime,
    ends_at: datetime,
    primary: User,
    backup: User | None,
    roster: str = Roster.ON_CALL,
    planned_version: int | None = None,
) -> Shift:
    """Put people on one roster from one instant to another, UTC (R11, R14).

    ``planned_version`` when it is published from rotations. Raises ``NotAllowed`` unless a
    supervisor asks, and ``InvalidInput`` for an end before the start, one human in both places or
    in two shifts, somebody who cannot be called or is on leave, an overlap, a mobile without a
    backup, or a hotline shift outside working time (also when the year's calendar is missing).
    """
    if isinstance(actor, User):
        check_planner(actor)
    with audit.unit_of_work():
        one_planner_at_a_time()
        wrong = problems(roster, starts_at, ends_at, primary, backup)
        if wrong:
            raise InvalidInput(wrong)
        shift: Shift = Shift.objects.create(
            roster=roster, starts_at=starts_at, ends_at=ends_at, primary=primary, backup=backup,
            planned_version=planned_version,
        )  # fmt: skip
        note(shift, "oncall.shift_added", actor)
    return shift


def remove_shift(shift: Shift, *, actor: User, now: datetime) -> None:
    """Take back a shift that has not begun (``now`` UTC).

    Raises ``NotAllowed`` and, once it has begun, ``WrongState``: who was on call stays on record.
    """
    check_planner(actor)
    with audit.unit_of_work():
        locked = locked_row(shift, actor)
        if locked.starts_at <= now:
            raise WrongState(_("This shift has already begun."))
        note(locked, "oncall.shift_removed", actor)
        locked.delete()
        end_broken_offers(now)


def check_planner(actor: User) -> None:
    """Raise ``NotAllowed`` unless ``actor`` plans the rosters."""
    insist(can_plan_shifts(actor))


def one_planner_at_a_time() -> None:
    """Two overlapping shifts entered at once would not see each other (SQLite is alone anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE oncall_shift IN SHARE ROW EXCLUSIVE MODE")


def note(
    shift: Shift, action: str, actor: audit.Actor, *, opinion: str = "", **more: object
) -> None:
    """The audit event of a change to a shift: times, people, roster, and what else is told."""
    audit.record(
        actor=actor,
        action=action,
        target=shift,
        label=str(shift)[:120],
        opinion=opinion,
        data={
            "roster": shift.roster,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "primary": shift.primary.audit_name,
            "backup": shift.backup.audit_name if shift.backup else None,
            **more,
        },
    )
