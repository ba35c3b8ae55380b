"""Whether somebody is on leave in a time, and whose leave touches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from oncall.models import Leave, Shift
from workflow.decisions import same_person
from workflow.durations import stamp


def absent(person: User, starts_at: datetime, ends_at: datetime) -> Leave | None:
    """The first leave of this human between two instants (UTC), None without one (R14)."""
    rows = Leave.objects.standing().of(person).touching(starts_at, ends_at)
    return rows.order_by("starts_at").first()


def leave_between(starts_at: datetime, ends_at: datetime) -> list[Leave]:
    """Everybody's leave between two instants (UTC), with the people: one query."""
    rows = Leave.objects.standing().touching(starts_at, ends_at)
    return list(rows.select_related("person"))


def refusal(person: User, leave: Leave) -> str:
    """Why ``person`` cannot be on call: leave is refused, never asked about (R14).

    A question is answered with yes at half past five in the afternoon. Whoever plans somebody on
    leave withdraws the leave first, which is on record and told to the person.
    """
    return _("%(person)s is on leave from %(start)s to %(end)s.") % {
        "person": person.name, "start": stamp(leave.starts_at), "end": stamp(leave.ends_at),
    }  # fmt: skip


def shifts_during(leaves: Sequence[Leave]) -> dict[int, list[Shift]]:
    """Shifts that people stand while they are away, by the leave's key: one query for all."""
    if not leaves:
        return {}
    start, end = min(each.starts_at for each in leaves), max(each.ends_at for each in leaves)
    rows = Shift.objects.touching(start, end).select_related("primary", "backup")
    shifts = list(rows.order_by("starts_at"))
    return {
        leave.pk: [
            shift
            for shift in shifts
            if shift.starts_at < leave.ends_at
            and shift.ends_at > leave.starts_at
            and any(same_person(leave.person, each) for each in shift.people)
        ]
        for leave in leaves
    }
