"""What the superior department decides, and going on with what was deferred (D27, D28)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import TICKET_ENGINE
from accounts.models import User
from accounts.roles import Role
from tickets import current, policies
from tickets.models import Defect, SuperiorDecision, SuperiorReport
from tickets.models.defect_states import DefectState
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.routes import hold_by_assignee, return_to_assignee
from workflow.decisions import ALLOW, Decision, deny_state
from workflow.errors import InvalidInput, WrongState
from workflow.steps import step

Choice = SuperiorDecision.Decision


def decide(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    decision: str,
    opinion: str,
    vendor: str = "",
    review_at: datetime | None = None,
    version: int | None = None,
) -> Defect:
    """Go on, hand over to the vendor, defer until ``review_at`` (UTC), or explain (D27).

    The decision also acknowledges the report (R47).
    """
    require([("opinion", opinion)])
    _check(decision, vendor, review_at, now)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.decide",
        policy=policies.can_decide, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        report = current.report_upward(record)
        if report is None:
            raise WrongState(_("No report upward is due."))
        SuperiorDecision.objects.create(
            defect=record, report=report, cycle=record.cycle, decision=decision,
            opinion=opinion.strip(), vendor=vendor.strip() if decision == Choice.VENDOR else "",
            review_at=review_at if decision == Choice.DEFER else None,
            decided_by=actor, decided_at=now,
        )  # fmt: skip
        acknowledge(record, actor, now, opinion)
        _carry_out(record, decision, review_at)
        work.data.update(decision=decision, report=report.number)
        _tell_decided(record, now)
    return work.record


def resume(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """Service support goes on with a deferred defect before its review date (D28)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.resume",
        policy=policies.can_resume, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        _resume(work.record, now)
    return work.record


def resume_by_date(defect: Defect, *, now: datetime) -> Defect:
    """The review date has come: the engine goes on with it (D28). ``now`` UTC."""

    def due(actor: object, record: Defect) -> Decision:
        come = record.state == DefectState.DEFERRED and record.review_at is not None
        return ALLOW if come and record.review_at <= now else deny_state()  # type: ignore[operator]

    with step(
        Defect.objects.all(), defect, actor=TICKET_ENGINE, action="defect.resume", policy=due,
        now=now, public=True,
    ) as work:  # fmt: skip
        _resume(work.record, now)
    return work.record


def acknowledge(defect: Defect, actor: User, now: datetime, opinion: str) -> None:
    """Every report that was sent is acknowledged (R47)."""
    for report in current.reports_upward(defect).filter(state=SuperiorReport.State.SENT):
        report.state = SuperiorReport.State.ACKNOWLEDGED
        report.acknowledged_by, report.acknowledged_at = actor, now
        report.opinion, report.next_check_at = opinion.strip(), None
        report.save()


def _check(decision: str, vendor: str, review_at: datetime | None, now: datetime) -> None:
    if decision not in Choice.values:
        raise InvalidInput({"decision": _("Say what you decide.")})
    if decision == Choice.VENDOR and not vendor.strip():
        raise InvalidInput({"vendor": _("Name the vendor.")})
    if decision == Choice.DEFER:
        if review_at is None:
            raise InvalidInput({"review_at": _("Until when? A review date is needed.")})
        if review_at <= now:
            raise InvalidInput({"review_at": _("This time is in the past.")})


def _carry_out(defect: Defect, decision: str, review_at: datetime | None) -> None:
    if decision == Choice.DEFER:
        defect.defer()
        defect.review_at = review_at
        defect.held_by(Role.SUPPORT, defect.owner)
    elif decision == Choice.EXPLAIN:
        # It stays where it is; service support replies (D22).
        defect.result = Defect.Result.EXPLAINED
        defect.held_by(Role.SUPPORT, defect.owner)
    else:
        return_to_assignee(defect)


def _resume(defect: Defect, now: datetime) -> None:
    defect.resume()
    hold_by_assignee(defect)
    tell(
        [defect.assignee, defect.owner, defect.reporter], defect, event="resumed", now=now,
        subject=_("%(number)s is resumed"),
        body=_("“%(title)s” had been deferred and is being worked on again."),
    )  # fmt: skip


def _tell_decided(defect: Defect, now: datetime) -> None:
    tell(
        [defect.owner, defect.assignee], defect, event="decided", now=now,
        subject=_("The superior department has decided on %(number)s"),
        body=_("Please read the decision on “%(title)s” and go on accordingly."),
    )  # fmt: skip
