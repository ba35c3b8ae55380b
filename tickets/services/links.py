"""Ties between defects: duplicate, related, recurrence, group (R41)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.models import Defect, DefectLink
from tickets.services.grouping import lock_other, note_on_other
from workflow.errors import InvalidInput
from workflow.steps import step


def link(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    kind: str,
    target: Defect,
    version: int | None = None,
) -> Defect:
    """Tie ``defect`` to ``target``; a group has one head and one level (R41)."""
    if kind not in DefectLink.Kind.values:
        raise InvalidInput({"kind": _("Say how the two belong together.")})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.link",
        policy=policies.can_link, now=now, version=version,
    ) as work:  # fmt: skip
        other = lock_other(actor, target, "target")
        decision = policies.can_be_linked(work.record, other, kind)
        if not decision:
            raise InvalidInput({"target": decision.message})
        DefectLink.objects.create(
            defect=work.record, kind=kind, target=other, made_by=actor, made_at=now
        )
        work.data.update(kind=kind, target=other.number)
        note_on_other(
            other, actor=actor, now=now, action="defect.linked",
            data={"kind": kind, "target": work.record.number},
        )  # fmt: skip
    return work.record


def unlink(
    defect: Defect, *, actor: User, now: datetime, tie: DefectLink, version: int | None = None
) -> Defect:
    """Take a tie away, from either side; both trails keep that it was there (R41)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.unlink",
        policy=policies.can_unlink, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        found = DefectLink.objects.filter(pk=tie.pk).select_related("defect", "target").first()
        if found is None or record.pk not in (found.defect_id, found.target_id):
            raise InvalidInput({"tie": _("There is no such link.")})
        other = found.target if found.defect_id == record.pk else found.defect
        work.data.update(kind=found.kind, target=other.number)
        note_on_other(
            other, actor=actor, now=now, action="defect.unlinked",
            data={"kind": found.kind, "target": record.number},
        )  # fmt: skip
        found.delete()
    return work.record


def tie_recurrence(defect: Defect, *, earlier: Defect, actor: User, now: datetime) -> None:
    """A new defect is the recurrence of one that can no longer be reopened (D25).

    Inside the transaction that files ``defect``.
    """
    DefectLink.objects.create(
        defect=defect, kind=DefectLink.Kind.RECURRENCE, target=earlier, made_by=actor, made_at=now
    )
    note_on_other(
        earlier, actor=actor, now=now, action="defect.linked",
        data={"kind": DefectLink.Kind.RECURRENCE.value, "target": defect.label},
    )  # fmt: skip
