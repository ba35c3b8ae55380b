"""Shifts that somebody still has to stand (I16)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.open_work import OpenWork
from accounts.roles import DESK_ROLES
from audit import services as audit
from notifications.services import Letter, notify
from oncall.absence import absent, refusal
from oncall.fitness import unfit
from oncall.models import Shift
from oncall.services.swap_endings import end_broken_offers
from workflow.decisions import same_person
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
        """Somebody who can be called, and is not in the other place already."""
        pk, part = work.ref.split("-")
        shift = Shift.objects.select_for_update(of=("self",)).get(pk=pk)
        other = shift.backup if part == "primary" else shift.primary
        if to is None or not to.phone:
            raise InvalidInput({work.key: _("Somebody who can be called must stand this shift.")})
        if problem := unfit(to):
            raise InvalidInput({work.key: problem.label})
        if leave := absent(to, max(shift.starts_at, now), shift.ends_at):
            raise InvalidInput({work.key: refusal(to, leave)})
        if same_person(to, other):
            raise InvalidInput({work.key: _("Primary and backup must be two people.")})
        setattr(shift, part, to)
        shift.save(update_fields=[part])
        audit.record(
            actor=actor, action="oncall.shift_handed_over", target=shift, label=str(shift)[:120],
            happened_at=now, opinion=reason,
            data={"handed_from": giver.audit_name, "handed_to": to.audit_name, "part": part},
        )  # fmt: skip
        end_broken_offers(now)
        self._tell(shift, to, part, now)

    def _tell(self, shift: Shift, to: User, part: str, now: datetime) -> None:
        def write(person: User) -> Letter:
            subject = _("You are on call from %(start)s to %(end)s")
            values = {"start": stamp(shift.starts_at), "end": stamp(shift.ends_at)}
            return Letter(subject % values, str(_WORDS[part]))

        key = f"shift:{shift.pk}:{part}:{to.pk}"
        notify(recipients=[to], key=key, write=write, url="/roster/", now=now)
