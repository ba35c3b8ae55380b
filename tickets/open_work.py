"""Defects and consultations in somebody's hands (I16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.open_work import OpenWork
from accounts.roles import Role
from tickets import current
from tickets.models import Consultation, Defect
from tickets.services.letters import tell
from workflow.decisions import same_hands
from workflow.errors import InvalidInput
from workflow.handing_over import handing_over, parts_held

PARTS = ("assignee", "implementer", "owner")
_WORDS = {
    "assignee": _("Assignee"),
    "implementer": _("Implementer"),
    "owner": _("Accepted by"),
    "holder": _("Held by"),
}


class DefectWork:
    """Open defects that the person holds, processes, implements, or has accepted.

    What a bank user has reported stays with the reporter: the name is part of the record.
    """

    name = "defect"

    def find(self, person: User, now: datetime) -> list[OpenWork]:
        """One entry for each part the person has in a defect."""
        mine = Q(assignee=person) | Q(implementer=person) | Q(owner=person)
        held = Q(holder=person) & ~Q(holder_role=Role.REPORTER)
        rows = Defect.objects.open().filter(mine | held).order_by("created_at", "pk")
        return [
            OpenWork(
                source=self.name,
                ref=f"{row.pk}-{part}",
                kind=_("Defect"),
                number=row.label,
                title=row.title,
                part=_WORDS[part],
                roles=_roles(row, part),
                url=row.get_absolute_url(),
                queue=part in ("owner", "holder"),
            )
            for row in rows
            for part in parts_held(row, person, PARTS)
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
        """Another assignee, implementer or owner; who signed a plan does not implement it."""
        pk, part = work.ref.split("-")
        defect = Defect.objects.get(pk=pk)
        with handing_over(
            defect, action="defect.hand_over", part=part, giver=giver, to=to, actor=actor, now=now,
            reason=reason,
        ) as step:  # fmt: skip
            record = step.record
            if part == "implementer" and to and same_hands(to, current.signers(record), record):
                raise InvalidInput(
                    {work.key: _("Someone else must implement: you signed the plan.")}
                )
            tell(
                [to], record, event=f"handed_over_{part}", now=now,
                subject=_("%(number)s has been handed over to you"),
                body=_("“%(title)s” was in a colleague's hands and is in yours now."),
            )  # fmt: skip


def _roles(defect: Defect, part: str) -> tuple[str, ...]:
    if part == "owner":
        return (Role.SUPPORT.value,)
    if part == "implementer":
        return (Role.IMPLEMENTER.value,)
    if part == "assignee":
        business = defect.issue_type == Defect.IssueType.BUSINESS
        return (Role.BIZ.value if business else Role.TECH.value,)
    return (defect.holder_role,)


class ConsultationWork:
    """Consultations still open that the person holds; any agent on duty may end them."""

    name = "consultation"

    def find(self, person: User, now: datetime) -> list[OpenWork]:
        """Each of them."""
        rows = Consultation.objects.filter(holder=person, state=Consultation.State.OPEN)
        return [
            OpenWork(
                source=self.name,
                ref=str(row.pk),
                kind=_("Consultation"),
                number=row.number,
                title=row.title,
                part=_WORDS["holder"],
                roles=(Role.AGENT.value, Role.SUPPORT.value),
                queue=True,
            )
            for row in rows.order_by("created_at", "pk")
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
        """Another agent, or whoever is on duty."""
        row: Any = Consultation.objects.get(pk=work.ref)
        with handing_over(
            row, action="consultation.hand_over", part="holder", giver=giver, to=to, actor=actor,
            now=now, reason=reason,
        ):  # fmt: skip
            pass


def naming(thing: Model) -> list[str]:
    """Numbers of open defects and consultations that name a unit or a system (R01)."""
    field = {"organisation": "unit", "managedobject": "managed_object"}.get(
        thing._meta.model_name or ""
    )
    if field is None:
        return []
    defects = Defect.objects.open().filter(**{field: thing}, number__isnull=False)
    open_ones = Consultation.objects.filter(**{field: thing}, state=Consultation.State.OPEN)
    found = [*defects.values_list("number", flat=True)[:5]]
    return [*map(str, found), *open_ones.values_list("number", flat=True)[:5]]
