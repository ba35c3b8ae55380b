"""Merging defects of one cause, and splitting them off again (D30, D31, R41)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from tickets import policies
from tickets.models import Defect
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import InvalidInput, WrongState
from workflow.steps import step


def merge(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    parent: Defect,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """Make ``defect`` a child of ``parent``: it follows it and gets a reply of its own (D30)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.merge",
        policy=policies.can_merge, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        target = lock_other(actor, parent, "parent")
        decision = policies.can_be_parent(target, record)
        if not decision:
            raise InvalidInput({"parent": decision.message})
        record.merge()
        record.merged_into = target
        work.data.update(parent=target.number, reason=opinion)
        note_on_other(
            target, actor=actor, now=now, action="defect.take_in", data={"child": record.number}
        )
        tell(
            [record.reporter], record, event="merged", now=now,
            subject=_("%(number)s is handled together with another"),
            body=_("“%(title)s” has the same cause as another defect. You get your own reply."),
        )  # fmt: skip
    return work.record


def unmerge(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Split it off again: it is analysed by itself, in the actor's hands (D31)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.unmerge",
        policy=policies.can_unmerge, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        parent = Defect.objects.filter(merged_children=record).get()
        record.unmerge()
        record.accepted_at, record.owner = record.accepted_at or now, record.owner or actor
        record.assignee = None
        record.held_by(Role.SUPPORT, record.owner)
        work.data["parent"] = parent.number
        note_on_other(
            parent, actor=actor, now=now, action="defect.split_off", data={"child": record.number}
        )
        tell(
            [record.reporter, record.owner], record, event="unmerged", now=now,
            subject=_("%(number)s is handled by itself again"),
            body=_("“%(title)s” turned out to have a cause of its own and is analysed anew."),
        )  # fmt: skip
    return work.record


def lock_other(actor: User, other: Defect, field: str) -> Defect:
    """The second record of an act, under lock. Never waits: two such acts could block each other.

    Raises ``InvalidInput`` on ``field`` when the actor may not see it, ``WrongState`` when
    somebody is changing it at this moment.
    """
    rows = Defect.objects.visible_to(actor).filter(pk=other.pk)
    locked: Defect | None = rows.select_for_update(of=("self",), skip_locked=True).first()
    if locked is not None:
        return locked
    if rows.exists():
        raise WrongState(_("Somebody is just changing that defect. Please try again."), "busy")
    raise InvalidInput({field: _("There is no such defect.")})


def note_on_other(
    other: Defect, *, actor: User, now: datetime, action: str, data: dict[str, str | None]
) -> None:
    """The trail of the second record says it too."""
    audit.record(
        actor=actor, action=action, target=other, label=other.label, happened_at=now,
        from_state=other.state, to_state=other.state, data=data,
    )  # fmt: skip
