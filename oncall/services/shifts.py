"""Planning who is on call."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actors import SystemActor
from accounts.models import User
from audit import services as audit
from oncall.absence import absent, refusal
from oncall.fitness import unfit
from oncall.models import Shift
from oncall.policies import can_plan_shifts
from workflow.decisions import Text, same_person
from workflow.errors import InvalidInput, NotAllowed, WrongState


def add_shift(
    *,
    actor: User | SystemActor,
    starts_at: datetime,
    ends_at: datetime,
    primary: User,
    backup: User,
) -> Shift:
    """Put two people on call from one instant to another, UTC (R14).

    Raises ``NotAllowed`` unless a supervisor asks, and ``InvalidInput`` for an end before the
    start, one human in both places, somebody who cannot be called or is on leave, or an overlap.
    """
    if isinstance(actor, User):
        _check_planner(actor)
    with audit.unit_of_work():
        _one_planner_at_a_time()
        wrong = _problems(starts_at, ends_at, primary, backup)
        if wrong:
            raise InvalidInput(wrong)
        shift = Shift.objects.create(
            starts_at=starts_at, ends_at=ends_at, primary=primary, backup=backup
        )
        _note(shift, "oncall.shift_added", actor)
    return shift


def remove_shift(shift: Shift, *, actor: User, now: datetime) -> None:
    """Take back a shift that has not begun (``now`` UTC).

    Raises ``NotAllowed`` and, once it has begun, ``WrongState``: who was on call stays on record.
    """
    _check_planner(actor)
    with audit.unit_of_work():
        locked = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
        if locked.starts_at <= now:
            raise WrongState(_("This shift has already begun."))
        _note(locked, "oncall.shift_removed", actor)
        locked.delete()


def _check_planner(actor: User) -> None:
    decision = can_plan_shifts(actor)
    if not decision:
        raise NotAllowed(decision)


def _problems(
    starts_at: datetime, ends_at: datetime, primary: User, backup: User
) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if ends_at <= starts_at:
        wrong["ends_at"] = _("The end must come after the start.")
    if same_person(primary, backup):
        wrong["backup"] = _("Primary and backup must be two people.")
    for field, person in (("primary", primary), ("backup", backup)):
        if field not in wrong and (problem := unfit(person)):
            wrong[field] = problem.label
    for field, person in (("primary", primary), ("backup", backup)):
        if field not in wrong and (leave := absent(person, starts_at, ends_at)):
            wrong[field] = refusal(person, leave)
    if not wrong and (other := Shift.objects.touching(starts_at, ends_at).first()):
        wrong["starts_at"] = _("Overlaps with the shift of %(person)s.") % {
            "person": other.primary.name
        }
    return wrong


def _one_planner_at_a_time() -> None:
    """Two overlapping shifts entered at once would not see each other (SQLite is alone anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE oncall_shift IN SHARE ROW EXCLUSIVE MODE")


def _note(shift: Shift, action: str, actor: audit.Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=shift,
        label=str(shift)[:120],
        data={
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "primary": shift.primary.audit_name,
            "backup": shift.backup.audit_name,
        },
    )
