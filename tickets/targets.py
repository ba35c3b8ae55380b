"""Internal targets of a defect: which step it is in, and whom a reminder goes to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from audit.services import Actor
from notifications.services import Letter, notify
from sla import targets
from sla.handlers import Reminder
from sla.models import TargetClock, TargetStep
from sla.panels import target_view
from tickets.models import Defect, SuperiorReport
from tickets.models.defect_states import DefectState
from workflow.durations import stamp
from workflow.steps import Step

KIND = "defect"
S = DefectState
STEP_OF: dict[str, str] = {
    S.SUBMITTED: TargetStep.ACCEPT,
    S.TRIAGING: TargetStep.TRIAGE,
    S.TECH_PROCESSING: TargetStep.PROCESSING,
    S.BIZ_PROCESSING: TargetStep.PROCESSING,
    S.PENDING_SIGNOFF: TargetStep.SIGN_OFF,
    S.APPROVED: TargetStep.IMPLEMENTATION,
    S.IMPLEMENTING: TargetStep.IMPLEMENTATION,
    S.VERIFYING: TargetStep.VERIFICATION,
    S.RESOLVED: TargetStep.REPLY,
    S.AWAITING_SUPERIOR: TargetStep.SUPERIOR_DECISION,
}
DROPPED = (S.MERGED, S.WITHDRAWN, S.VOIDED)
OVER = (*DROPPED, S.CLOSED, S.CONVERTED)


def after_step(step: Step[Defect]) -> None:
    """At the end of every step of a defect."""
    follow(step.record, step.now, actor=step.actor, reason=step.opinion)


def follow(defect: Defect, now: datetime, *, actor: Actor, reason: str = "") -> None:
    """Bring the defect's internal clocks in line with its state.

    ``actor`` and the opinion of his step stand in the clocks' events.
    """
    if defect.number is None:
        return
    subject = targets.Subject(
        number=defect.number, kind=KIND, url=defect.get_absolute_url(), title=defect.title,
        level=defect.urgency, is_demo=defect.is_demo,
    )  # fmt: skip
    targets.follow(
        subject,
        steps=_steps(defect),
        now=now,
        hold=defect.state == S.RETURNED,
        drop=defect.state in DROPPED,
        actor=actor,
        reason=reason,
    )


def _steps(defect: Defect) -> set[str]:
    """What is under way: the step of its state, and the report upward beside it (R47)."""
    steps = set()
    if step := STEP_OF.get(defect.state):
        # What was returned during analysis comes back to its analysis (D4, D2).
        again = defect.state == S.SUBMITTED and defect.accepted_at is not None
        steps.add(TargetStep.TRIAGE if again else step)
    owed = SuperiorReport.objects.filter(defect=defect, state=SuperiorReport.State.DUE)
    if defect.state not in OVER and owed.exists():
        steps.add(TargetStep.SUPERIOR_REPORT)
    return steps


def remind(reminder: Reminder) -> None:
    """Handler of internal clocks: tell whoever holds the step, in his language."""
    clock = reminder.clock
    defect = Defect.objects.select_related("holder", "owner").get(number=clock.subject)

    def write(_person: User) -> Letter:
        facts = {
            "number": defect.number,
            "title": defect.title,
            "step": clock.get_step_display(),
            "due": stamp(clock.due_at) if clock.due_at else "",
        }
        if reminder.code == "breach":
            return Letter(
                _("%(number)s: the internal target of “%(step)s” has passed") % facts,
                _("“%(title)s” should have left this step by %(due)s.") % facts,
            )
        return Letter(
            _("%(number)s: the internal target of “%(step)s” comes near") % facts,
            _("“%(title)s” should leave this step by %(due)s.") % facts,
        )

    notify(
        recipients=_holders(defect, clock),
        key=f"target:{clock.pk}:{reminder.code}",
        write=write,
        url=defect.get_absolute_url(),
        now=reminder.now,
    )


def _holders(defect: Defect, clock: TargetClock) -> list[User]:
    """The person who holds it; else everybody in the role that does."""
    if clock.step == TargetStep.SUPERIOR_REPORT:
        return [defect.owner] if defect.owner else list(User.objects.holding(Role.SUPPORT))
    if defect.holder:
        return [defect.holder]
    return list(User.objects.holding(defect.holder_role)) if defect.holder_role else []


def visible_clocks(user: User) -> QuerySet[TargetClock]:
    """Internal clocks of the defects ``user`` may see; outside the desk none: they are internal."""
    if not user.is_desk:
        return TargetClock.objects.none()
    numbers = Defect.objects.visible_to(user).order_by().values("number")
    return TargetClock.objects.filter(kind=KIND, subject__in=numbers)


def may_see_clocks(user: User, number: str) -> bool:
    """Scope of the ledger: the desk, for defects within its own scope."""
    return user.is_desk and Defect.objects.visible_to(user).filter(number=number).exists()


def live_clocks(numbers: Iterable[str | None]) -> dict[str, list[TargetClock]]:
    """Running and paused clocks of these defects, the first due first; one query."""
    rows = TargetClock.objects.filter(
        subject__in=[number for number in numbers if number], state__in=targets.LIVE
    ).order_by("due_at", "pk")
    found: dict[str, list[TargetClock]] = {}
    for clock in rows:
        found.setdefault(clock.subject, []).append(clock)
    return found


def put_chips(rows: Iterable[Any], user: User, now: datetime) -> None:
    """Give each row of a list ``target``: what its deadline chip shows. One query; desk only."""
    rows = list(rows)
    found = live_clocks(row.number for row in rows) if user.is_desk else {}
    for row in rows:
        clocks = found.get(row.number or "")
        row.target = target_view(clocks[0], now) if clocks else None


def chips(defect: Defect, user: User, now: datetime) -> list[dict[str, Any] | None]:
    """The live clocks of one defect for its holder line; the internal ones are the desk's."""
    if not user.is_desk or defect.number is None:
        return []
    clocks = live_clocks([defect.number]).get(defect.number, [])
    return [target_view(clock, now) for clock in clocks]
