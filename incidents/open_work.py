"""Incidents in somebody's hands (I16)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.open_work import OpenWork
from accounts.roles import Role
from incidents import policies
from incidents.models import Incident
from notifications.services import Letter, notify
from workflow.handing_over import handing_over


class IncidentWork:
    """Open incidents that the person holds."""

    name = "incident"

    def find(self, person: User, now: datetime) -> list[OpenWork]:
        """Each of them."""
        rows = Incident.objects.all().open().filter(holder=person).order_by("created_at", "pk")
        return [
            OpenWork(
                source=self.name,
                ref=str(row.pk),
                kind=_("Incident"),
                number=row.number,
                title=row.title,
                part=_("Held by"),
                roles=_roles(row),
                url=reverse("incidents:room", args=[row.number]),
                queue=True,
            )
            for row in rows
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
        """Another responder, or the role."""
        row = Incident.objects.get(pk=work.ref)
        with handing_over(
            row, action="incident.hand_over", part="holder", giver=giver, to=to, actor=actor,
            now=now, reason=reason,
        ) as step:  # fmt: skip
            record = step.record

            def write(person: User) -> Letter:
                subject = _("%(number)s has been handed over to you")
                return Letter(subject % {"number": record.number}, record.title)

            notify(
                recipients=[to] if to else [],
                key=f"incident:{record.pk}:handed_over:{record.row_version}",
                write=write,
                url=work.url,
                now=now,
                urgent=True,
                is_drill=record.is_drill,
            )


def _roles(incident: Incident) -> tuple[str, ...]:
    if incident.holder_role in Role.values:
        return (incident.holder_role,)
    return tuple(role.value for role in policies.RESPONDERS)


def naming(thing: Model) -> list[str]:
    """Numbers of open incidents that name a unit or a system (R01)."""
    field = {"organisation": "unit", "managedobject": "managed_object"}.get(
        thing._meta.model_name or ""
    )
    if field is None:
        return []
    rows = Incident.objects.all().open().filter(**{field: thing})
    return list(rows.values_list("number", flat=True)[:5])
