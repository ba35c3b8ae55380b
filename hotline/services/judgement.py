"""Taking a machine-room report and saying what it was (R16)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from hotline import policies
from hotline.models import MachineRoomReport
from hotline.services.machine_room import open_incident, page_acknowledged
from oncall.models import Page
from oncall.services.pages import acknowledge, close_pages
from tickets.models import Defect
from tickets.policies import can_file
from tickets.services.consultations import SAY_MORE, first_line
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from workflow.decisions import Decision
from workflow.errors import InvalidInput, NotAllowed, NotFound, WrongState
from workflow.texts import says_something

Outcome = MachineRoomReport.Outcome


def take_report(report: MachineRoomReport, *, actor: User, now: datetime) -> MachineRoomReport:
    """Acknowledge the report's page in the browser (R16). Raises ``NotAllowed``, ``WrongState``."""
    with audit.unit_of_work():
        locked = _locked(report, actor)
        _require(policies.can_acknowledge(actor, locked))
        if locked.page is not None and locked.page.state == Page.State.OPEN:
            acknowledge(page=locked.page, person=actor, via="browser", now=now)
        elif locked.page is not None:
            page_acknowledged(locked.page, actor, now)
        locked.refresh_from_db()
    return locked


def judge_report(
    report: MachineRoomReport,
    *,
    actor: User,
    now: datetime,
    outcome: str,
    note: str,
    bank_user: User | None = None,
) -> MachineRoomReport:
    """Say what the report was, and open the defect or the incident it calls for (R16).

    ``note`` must say something. Judging takes the report too, and its page stops calling. The
    reporter of a defect is ``bank_user``, by default the monitor. Raises ``NotAllowed``,
    ``WrongState``, ``InvalidInput``.
    """
    if outcome not in Outcome.values or outcome == Outcome.PENDING or not says_something(note):
        raise InvalidInput({"note" if outcome in Outcome.values else "outcome": SAY_MORE})
    with audit.unit_of_work():
        locked = _locked(report, actor)
        _require(policies.can_judge(actor, locked))
        if locked.acknowledged_at is None:
            locked = take_report(locked, actor=actor, now=now)
        if outcome == Outcome.TO_INCIDENT:
            locked.incident = open_incident(locked, actor=actor, now=now, claimed_down=False)
        elif outcome == Outcome.TO_DEFECT:
            locked.defect = _open_defect(locked, bank_user, actor=actor, now=now)
        locked.outcome, locked.outcome_note = outcome, note.strip()
        locked.outcome_by, locked.outcome_at = actor, now
        locked.save(
            update_fields=[
                "outcome", "outcome_note", "outcome_by", "outcome_at", "incident", "defect",
            ]
        )  # fmt: skip
        close_pages(subject=locked.number, now=now)
        audit.record(
            actor=actor, action="machine_room.judge", target=locked, label=locked.number,
            happened_at=now, opinion=locked.outcome_note, data={"outcome": outcome}, public=True,
        )  # fmt: skip
    return locked


def _open_defect(
    report: MachineRoomReport, bank_user: User | None, *, actor: User, now: datetime
) -> Defect:
    reporter = bank_user or report.reporter
    if not can_file(actor, reporter):
        raise InvalidInput(
            {"bank_user": _("A defect is reported by a user of the bank: please choose one.")}
        )
    form = DefectInput(
        title=first_line(report.phenomenon), phenomenon=report.phenomenon,
        managed_object=report.managed_object, contact_phone=report.phone,
        module=report.location[:80], found_at=report.alarm_at,
    )  # fmt: skip
    return submit_new(actor=actor, now=now, reporter=reporter, form=form, is_demo=report.is_demo)


def _locked(report: MachineRoomReport, actor: User) -> MachineRoomReport:
    reports = MachineRoomReport.objects.visible_to(actor).select_for_update(of=("self",))
    found: MachineRoomReport | None = reports.filter(pk=report.pk).first()
    if found is None:
        raise NotFound
    return found


def _require(decision: Decision) -> None:
    if decision.allowed:
        return
    if decision.kind == "state":
        raise WrongState(decision.message, decision.code)
    raise NotAllowed(decision)
