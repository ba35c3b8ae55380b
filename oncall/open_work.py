"""Shifts that somebody still has to stand (I16)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.open_work import OpenWork
from accounts.roles import DESK_ROLES
from notifications.services import Letter, notify
from oncall.models import Shift
from oncall.services.replacing import put_in_locked
from oncall.services.shifts import one_planner_at_a_time
from workflow.durations import stamp
from workflow.errors import InvalidInput

_WORDS = {"primary": _("primary"), "backup": _("backup")}


class ShiftWork:
    """Shifts that have not ended, in which the person is primary or backup."""

    name = "shift"

    def find(self, person: User, now: datetime) -> list[OpenWork]:
        """Each place; nobody in it would be a gap, so it goes to a named person."""
        rows = Shift.objects.filter(Q(primary=person) | Q(backup=person), ends_at__gt=now)
        return [
            OpenWork(
                source=self.name,
                ref=f"{row.pk}-{part}",
                kind=_("Shift"),
                number=stamp(row.starts_at),
                title=f"– {stamp(row.ends_at)}",
                part=_WORDS[part],
                roles=tuple(sorted(DESK_ROLES)),
            )
            for row in rows.order_by("starts_at")
            for part in ("primary", "backup")
            if getattr(row, f"{part}_id") == person.pk
        ]

    def hand_over(
        self,
        work: OpenWork,
        *,
        giver: User,
        to: User | None,
        actor: User,
        now: datetime,
        reason: str,
    ) -> None:
        """What is still to come of the place; who was on call until ``now`` stays on record."""
        pk, part = work.ref.split("-")
        one_planner_at_a_time()
        shift = Shift.objects.select_for_update(of=("self",)).get(pk=pk)
        if to is None or not to.phone:
            raise InvalidInput({work.key: _("Somebody who can be called must stand this shift.")})
        try:
            theirs = put_in_locked(
                shift, people={part: to}, starts_at=max(shift.starts_at, now),
                ends_at=shift.ends_at, actor=actor, reason=reason, now=now,
                action="oncall.shift_handed_over",
            )  # fmt: skip
        except InvalidInput as refusal:
            raise InvalidInput({work.key: refusal.message}) from refusal
        self._tell(theirs, to, part, now)

    def _tell(self, shift: Shift, to: User, part: str, now: datetime) -> None:
        def write(person: User) -> Letter:
            subject = _("You are on call from %(start)s to %(end)s")
            values = {"start": stamp(shift.starts_at), "end": stamp(shift.ends_at)}
            return Letter(subject % values, str(_WORDS[part]))

        key = f"shift:{shift.pk}:{part}:{to.pk}"
        notify(recipients=[to], key=key, write=write, url="/roster/", now=now)
