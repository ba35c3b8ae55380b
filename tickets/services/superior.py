"""The report to the superior department, parallel to the work (R47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current, policies
from tickets.models import Defect, SuperiorReport
from tickets.services.attachments import keep
from tickets.services.deferring import acknowledge
from tickets.services.follow_ups import hasten
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.reports import silent_at
from workflow.decisions import Decision
from workflow.errors import InvalidInput, WrongState
from workflow.files.antivirus import check_clean
from workflow.steps import step


def send_superior_report(
    defect: Defect, *, actor: User, now: datetime, content: str, version: int | None = None
) -> Defect:
    """Send the report that became due when the defect was confirmed."""
    require([("content", content)])
    # Before it is sent the superior department does not see the defect at all.
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.report_upward",
        policy=policies.can_send_report, now=now, version=version, opinion=content,
    ) as work:  # fmt: skip
        report = current.report_upward(work.record)
        if report is None:
            raise WrongState(_("No report upward is due."))
        report.state = SuperiorReport.State.SENT
        report.content, report.sent_by, report.sent_at = content.strip(), actor, now
        report.silent_at = silent_at(now)
        report.next_check_at = report.silent_at or now
        report.save()
        work.data["report"] = report.number
        if report.asks_for_decision:
            work.record.held_by(Role.SUPERIOR)
        _tell_superior(work.record, report, now)
    return work.record


def acknowledge_superior_report(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """The superior department confirms that it has the report, with an opinion if it likes."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.acknowledge_report",
        policy=policies.can_acknowledge_report, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        acknowledge(work.record, actor, now, opinion)
        report = current.report_upward(work.record)
        if report is None:
            raise WrongState(_("No report upward is due."))
        work.data["report"] = report.number
        hasten(work.record, now=now)
        _tell_acknowledged(work.record, report, now)
    return work.record


def record_acknowledgement(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    name: str,
    acknowledged_on: date,
    files: Sequence[UploadedFile[Any]],
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """After five silent working days: who acknowledged it outside the desk, when, and proof (R47).

    The report stays marked. ``acknowledged_on`` is a local date, not before the report was sent.
    """
    if not name.strip():
        raise InvalidInput({"name": _("Who acknowledged it?")})
    if not files:
        raise InvalidInput({"files": _("The evidence, please: a file.")})

    def policy(person: User, record: Defect) -> Decision:
        return policies.can_record_acknowledgement(person, record, now)

    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor,
        action="defect.record_acknowledgement", policy=policy, now=now, version=version,
        opinion=opinion,
    ) as work:  # fmt: skip
        report = current.unacknowledged_report(work.record)
        if report is None or report.sent_at is None:
            raise WrongState(_("There is no report waiting for acknowledgement."))
        _check_date(acknowledged_on, report.sent_at, now)
        report.evidence = keep(work.record, files, actor=actor, now=now, internal=True)[0]
        report.state, report.acknowledged_at = SuperiorReport.State.ACKNOWLEDGED, now
        report.off_system_name, report.off_system_on = name.strip(), acknowledged_on
        report.recorded_by, report.opinion = actor, opinion.strip()
        report.next_check_at = None
        report.save()
        work.data.update(report=report.number, outside_the_desk=name.strip())
        _tell_acknowledged(work.record, report, now)
    return work.record


def _check_date(day: date, sent_at: datetime, now: datetime) -> None:
    if day > localdate(now):
        raise InvalidInput({"acknowledged_on": _("This day is in the future.")})
    if day < localdate(sent_at):
        raise InvalidInput({"acknowledged_on": _("The report was sent later than that.")})


def _tell_superior(defect: Defect, report: SuperiorReport, now: datetime) -> None:
    tell(
        User.objects.holding(Role.SUPERIOR), defect, event="reported", now=now,
        subject=_("%(number)s is reported to you"),
        body=_("“%(title)s” cannot be solved here. Please decide.")
        if report.asks_for_decision
        else _("“%(title)s” has been confirmed. Please acknowledge the report."),
    )  # fmt: skip


def _tell_acknowledged(defect: Defect, report: SuperiorReport, now: datetime) -> None:
    tell(
        [report.sent_by, defect.owner], defect, event="acknowledged", now=now,
        subject=_("The report on %(number)s is acknowledged"),
        body=_("The superior department has acknowledged the report on “%(title)s”."),
    )  # fmt: skip
