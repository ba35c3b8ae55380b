"""Defects that end early: withdrawn by the reporter, or merged into another (D29, D30, R41)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from tickets import policies
from tickets.models import Defect
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import InvalidInput
from workflow.steps import step


def withdraw(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The reporter takes it back before anybody works on it (D29). The number is kept."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.withdraw",
        policy=policies.can_withdraw, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        owner = work.record.owner
        work.record.withdraw()
        tell(
            [owner], work.record, event="withdrawn", now=now,
            subject=_("%(number)s has been withdrawn"),
            body=_("The reporter has withdrawn “%(title)s”."),
        )  # fmt: skip
    return work.record


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
        target = (
            Defect.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .filter(pk=parent.pk)
            .first()
        )
        if target is None:
            raise InvalidInput({"parent": _("There is no such defect.")})
        decision = policies.can_be_parent(target, record)
        if not decision:
            raise InvalidInput({"parent": decision.message})
        record.merge()
        record.merged_into = target
        work.data.update(parent=target.number, reason=opinion)
        audit.record(
            actor=actor, action="defect.take_in", target=target, label=target.label,
            happened_at=now, from_state=target.state, to_state=target.state,
            data={"child": record.number},
        )  # fmt: skip
        _announce(record, now)
    return work.record


def _announce(child: Defect, now: datetime) -> None:
    tell(
        [child.reporter], child, event="merged", now=now,
        subject=_("%(number)s is handled together with another"),
        body=_("“%(title)s” has the same cause as another defect. You get a reply of your own."),
    )  # fmt: skip
