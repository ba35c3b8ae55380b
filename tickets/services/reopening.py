"""The problem is back within seven days of the reply: a new cycle (D25)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from tickets import current, policies
from tickets.models import Defect, Reply
from tickets.models.defect_states import DefectState
from tickets.services import follow_ups
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.routes import ROUTE_ROLE
from tickets.services.signoff import void_signatures
from workflow.steps import step


def reopen(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Back to the side that solved it, with a new plan and a new signature to come (D25).

    What was replied to as no defect, or whose assignee is gone, goes to triage instead. The reply
    is superseded, not deleted; merged defects follow. Raises ``NotAllowed``, ``WrongState`` (also
    after seven calendar days), ``InvalidInput``.
    """
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.reopen",
        policy=partial(policies.can_reopen, now=now), now=now, version=version, opinion=opinion,
        public=True,
    ) as work:  # fmt: skip
        record = work.record
        if not _can_go_on(record):
            record.assignee = None
        record.reopen()
        _hand_over(record)
        void_signatures(record, reason="reopened", now=now)
        follow_ups.settle(record, now=now)
        work.data["cycle"] = record.cycle
        _supersede(record, now)
        for child in record.merged_children.select_for_update(of=("self",)).order_by("pk"):
            _take_along(child, actor, now)
        _announce(record, actor, now)
    return work.record


def _can_go_on(defect: Defect) -> bool:
    role = ROUTE_ROLE.get(DefectState(defect.route)) if defect.route else None
    person = defect.assignee
    return person is not None and role is not None and person.is_active and person.has_role(role)


def _hand_over(defect: Defect) -> None:
    if defect.state == DefectState.TRIAGING:
        defect.held_by(Role.SUPPORT, defect.owner)
    else:
        defect.held_by(ROUTE_ROLE[DefectState(defect.state)], defect.assignee)


def _supersede(defect: Defect, now: datetime) -> None:
    Reply.objects.filter(defect=defect, superseded_at=None).update(superseded_at=now)


def _take_along(child: Defect, actor: User, now: datetime) -> None:
    """A merged defect stays merged; its reply no longer stands, and another one will come."""
    _supersede(child, now)
    child.replied_at = child.rating = None
    child.row_version += 1
    child.save(update_fields=["replied_at", "rating", "row_version"])
    audit.record(
        actor=actor, action="defect.follow_reopen", target=child, label=child.label,
        happened_at=now, from_state=child.state, to_state=child.state, public=True,
    )  # fmt: skip
    tell(
        [child.reporter], child, event="follow_reopen", now=now,
        subject=_("Work on %(number)s goes on"),
        body=_("The problem behind “%(title)s” came back. You will get another reply."),
    )  # fmt: skip


def _announce(defect: Defect, actor: User, now: datetime) -> None:
    report = current.report_upward(defect)
    people = [defect.holder, defect.owner, defect.reporter]
    if report and report.acknowledged_by:
        people.append(report.acknowledged_by)
    tell(
        [each for each in people if each != actor], defect, event="reopened", now=now,
        subject=_("%(number)s has been reopened"),
        body=_("“%(title)s” has come back after the reply. A new cycle begins."),
    )  # fmt: skip
